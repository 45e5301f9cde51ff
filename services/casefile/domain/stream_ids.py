"""Ids of streams that are named rather than random: units, staff and the rulebook."""

from uuid import UUID, uuid5

UNITS = UUID("7d7c1f0e-6a51-5a8e-9d0a-0c2a4b6f1a01")
STAFF = UUID("7d7c1f0e-6a51-5a8e-9d0a-0c2a4b6f1a02")
RULEBOOK = UUID("7d7c1f0e-6a51-5a8e-9d0a-0c2a4b6f1a03")


def unit_stream(unit: str) -> UUID:
    return uuid5(UNITS, unit)


def staff_stream(staff: str) -> UUID:
    return uuid5(STAFF, staff)
