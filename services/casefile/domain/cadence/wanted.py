"""Whether a record is what a rule wants: the fields it `requires`, or a trigger's `when`."""

from collections.abc import Mapping
from typing import Any

from services.casefile.domain.cadence.shapes import Wanted
from services.casefile.domain.record import Record

PRESENT = "present"
SEVERITY = {
    "green": 0, "blue": 1, "yellow": 2, "red": 3,
    "universal": 0, "key": 1, "guardianship_intervention": 2, "case_service": 3,
}  # fmt: skip


def is_wanted(record: Record, wanted: Mapping[str, Wanted]) -> bool:
    return all(_fits(getattr(record, field, None), want) for field, want in wanted.items())


def _fits(value: Any, want: Wanted) -> bool:
    if want == PRESENT:
        return value not in (None, ())
    options = want if isinstance(want, tuple) else (want,)
    if isinstance(value, tuple):
        return any(item in options for item in value)
    return value in options


def is_raised(level: Any, before: Any) -> bool:
    """Whether a level is more severe than the one before; the first counts unless it is lowest."""
    return SEVERITY.get(level, 0) > SEVERITY.get(before, 0)
