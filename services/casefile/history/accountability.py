"""Who owed a child one contact on every day, as spans: through hand-overs and where nobody did."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from services.casefile.domain.cadence.days import ONE
from services.casefile.domain.cadence.obligation import Answerable, Obligation


class OwedBy(msgspec.Struct, frozen=True, kw_only=True):
    """From one day to another, both included. `owed` is false where no window ran.

    Owed and nobody named: the post was empty, and the unit answers.
    """

    since: date
    until: date
    owed: bool
    staff: str | None = None
    role: str | None = None
    unit: str | None = None
    windows: tuple[str, ...] = ()


class Part(NamedTuple):
    """Who answered within one window."""

    window: str
    by: Answerable


def owed_by(obligations: Sequence[Obligation], since: date, until: date) -> Iterator[OwedBy]:
    """Every day belongs to exactly one span."""
    parts = [Part(o.window.key, span) for o in obligations for span in o.answerable]
    parts = [p for p in parts if p.by.since <= until and p.by.until >= since]
    days = sorted({since, *(starts for p in parts for starts in limits(p.by, since, until))})
    ends = [day - ONE for day in days[1:]] + [until]
    yield from joined([span(parts, first, last) for first, last in zip(days, ends, strict=True)])


def limits(by: Answerable, since: date, until: date) -> Iterator[date]:
    """The days within on which something changes."""
    yield max(since, by.since)
    if by.until < until:
        yield by.until + ONE


def span(parts: Sequence[Part], first: date, last: date) -> OwedBy:
    """Nothing changes from the first to the last; of windows side by side the latest names who."""
    mine = [p for p in parts if p.by.since <= first and p.by.until >= last]
    if not mine:
        return OwedBy(since=first, until=last, owed=False)
    by = max(mine, key=lambda p: p.by.since).by
    return OwedBy(
        since=first,
        until=last,
        owed=True,
        staff=by.staff,
        role=by.role,
        unit=by.unit,
        windows=tuple(sorted({p.window for p in mine})),
    )


def joined(spans: Sequence[OwedBy]) -> Iterator[OwedBy]:
    """Spans that follow each other and name the same become one."""
    held: OwedBy | None = None
    for each in spans:
        if held is not None and names(held) == names(each):
            windows = tuple(dict.fromkeys((*held.windows, *each.windows)))
            held = msgspec.structs.replace(held, until=each.until, windows=windows)
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held


def names(span: OwedBy) -> tuple[bool, str | None, str | None, str | None]:
    return span.owed, span.staff, span.role, span.unit
