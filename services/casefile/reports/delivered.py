"""What those whose services were bought undertook to do, and what is on file of it (按协议验收)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.budget import ServiceAgreementSigned
from services.casefile.domain.record import StreamType
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.lags import is_own
from services.casefile.reports.report import Column, Row

UNITS: frozenset[StreamType] = frozenset(("unit",))
AGREEMENTS = (
    Column("agreement", "Agreement"),
    Column("provider", "Provider", "unit"),
    Column("payer", "Payer", "code"),
    Column("kind", "Kind", "code"),
    Column("starts_on", "From", "day"),
    Column("ends_on", "Until", "day"),
    Column("agreed", "Agreed", "count"),
    Column("done", "Done", "count"),
    Column("children", "Children", "count"),
)
NOTES = (
    "Counted as done are the records of that kind, in the time of the agreement, done by staff of the provider's unit for the children of this scope.",
    "A record does not say under which agreement it was made; of two agreements that run at once each counts it. Whether the work was any good is not counted.",
)
WORK_PER_SESSION = "group_session"
Place = tuple[str, str]
"""A provider and a kind of work."""


class Agreed(NamedTuple):
    """One agreement and its provider."""

    provider: str
    rec: ServiceAgreementSigned


class Agreements:
    """The agreements that run in the days asked about, and what their providers did."""

    notes = NOTES

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._agreed = list(agreed(ground))
        self._wanted = {
            (each.provider, line.work) for each in self._agreed for line in each.rec.deliverables
        }
        self._done: Counter[tuple[Place, date]] = Counter()
        self._children: defaultdict[tuple[Place, date], set[UUID]] = defaultdict(set)

    def take(self, seen: Seen) -> None:
        for entry in seen.current:
            place = (unit_of(entry), entry.kind.slug)
            if place in self._wanted and is_own(entry):
                self._done[place, entry.occurred_on] += 1
                if seen.stream == "case":
                    self._children[place, entry.occurred_on].add(seen.id)

    def rows(self) -> Iterator[Row]:
        for provider, rec in self._agreed:
            for line in rec.deliverables:
                done, children = self._within(rec, (provider, line.work))
                what = (rec.agreement, provider, rec.payer, line.work, rec.starts_on, rec.ends_on)
                yield (*what, line.count, done, children)

    def _within(self, rec: ServiceAgreementSigned, place: Place) -> tuple[int, int | None]:
        last = min(rec.ends_on, self._ground.until)
        days = [
            (where, day)
            for where, day in self._done
            if where == place and rec.starts_on <= day <= last
        ]
        children = set[UUID]().union(
            *(self._children[day] for day in days if day in self._children)
        )
        of_children = None if place[1] == WORK_PER_SESSION else len(children)
        return sum(self._done[day] for day in days), of_children


def agreed(ground: Ground) -> Iterator[Agreed]:
    """Of every unit: who provides a service may belong to no county."""
    found = []
    for seen in ground.at.streams(UNITS):
        latest: dict[str, ServiceAgreementSigned] = {}
        for entry in sorted(seen.current, key=lambda each: (each.occurred_on, each.version)):
            if isinstance(entry.rec, ServiceAgreementSigned):
                latest[entry.rec.agreement] = entry.rec
        found += [Agreed(str(seen.fact("unit.code")), rec) for rec in latest.values()]
    runs = (e for e in found if e.rec.starts_on <= ground.until and e.rec.ends_on >= ground.since)
    yield from sorted(runs, key=lambda each: (each.rec.agreement, each.provider))


def unit_of(entry: Entry) -> str:
    return (entry.env.performed_by or entry.env.recorded_by).unit
