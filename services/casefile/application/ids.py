"""Ids: time-ordered and random for cases and records, name-based for units and staff."""

import time
from uuid import UUID, uuid5

from services.casefile.log.randomness import RandomBytes

UNITS = UUID("7d7c1f0e-6a51-5a8e-9d0a-0c2a4b6f1a01")
STAFF = UUID("7d7c1f0e-6a51-5a8e-9d0a-0c2a4b6f1a02")

_tails = RandomBytes(10)


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562): milliseconds first, so that new cases lie together."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(_tails.take(), "big")
    number = (milliseconds & (1 << 48) - 1) << 80
    number |= 0x7 << 76 | (tail >> 68) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=number)


def unit_stream(unit: str) -> UUID:
    return uuid5(UNITS, unit)


def staff_stream(staff: str) -> UUID:
    return uuid5(STAFF, staff)
