"""From a row of the board to the records it stands for: the same that judging the stream gives."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, get_args
from uuid import UUID

from services.casefile.domain.cadence import declared
from services.casefile.domain.cadence.obligation import Declaration, declaration_id
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.domain.families.obligation import (
    DutyMissed,
    ObligationMissed,
    ObligationOverdue,
)
from services.casefile.sweeping.pending import Due, Pending

PLAIN = frozenset(("overdue", "missed"))
# A default is left out of the stored bytes only if it is the very same object.
OBLIGORS: dict[str, Obligor] = {name: name for name in get_args(Obligor)}
# Thousands of windows close at the same moment.
last_day = lru_cache(declared.last_day)


def is_plain(due: Due) -> bool:
    """Whether the rows say all; otherwise something happened that has to be judged."""
    version = due.rows[0].stream_version
    return all(row.declares in PLAIN and row.stream_version == version for row in due.rows)


def declarations(due: Due, now: datetime) -> list[Declaration]:
    """What the rows say is to be declared by now, in the order in which a judge says it."""
    found = [each for row in due.rows for each in of_row(row) if each.at <= now]
    return sorted(found, key=lambda each: (each.at, each.record_id))


def of_row(row: Pending) -> Iterator[Declaration]:
    if row.declares == "overdue":
        yield overdue(row)
    yield missed(row)


def overdue(row: Pending) -> Declaration:
    day = last_day(row.overdue_from)
    return Declaration(row.overdue_from, id_of(row, "overdue"), day, ObligationOverdue(**said(row)))


def missed(row: Pending) -> Declaration:
    kind = ObligationMissed if row.subject == "case" else DutyMissed
    closed_on = last_day(row.closes_at)
    record = kind(**said(row), closed_on=closed_on, attempts=row.attempts)
    return Declaration(row.closes_at, id_of(row, "missed"), closed_on, record)


def id_of(row: Pending, what: str) -> UUID:
    return declaration_id(row.subject_id, what, row.policy, row.version, row.rule, row.window_key)


def said(row: Pending) -> dict[str, Any]:
    """Which window of which rule, and who was answerable for it last."""
    return {
        "policy": row.policy,
        "policy_version": row.version,
        "rule": row.rule,
        "window": row.window_key,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "due_on": row.due_on,
        "obligor": OBLIGORS[row.obligor],
        "role": row.role,
        "accountable": row.accountable,
        "unit": row.unit,
        "least": row.least,
        "counted": row.counted,
        "provisional": row.provisional,
    }
