"""The children of a unit at a cut: each stream read up to it and folded, one after the other.

A child belongs where the facts stood at the cut, and the units stood above each other as they did
then. Nothing is kept from one child to the next, so a county needs as much memory as a class. For
one unit, only the files are read that ever said to belong to it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.known import Counts, everything
from services.casefile.domain.cadence.obligation import Obligation
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.effective import known_by
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, under
from services.casefile.domain.record import StreamType
from services.casefile.domain.refusals import CaseNotFound, UnitNotFound
from services.casefile.domain.staff_posts import post_on, unit_on
from services.casefile.domain.stream_ids import RULEBOOK, unit_stream
from services.casefile.following.folded import Folded
from services.casefile.following.lease import session
from services.casefile.following.register import Link
from services.casefile.history.candidates import Below, candidates, these
from services.casefile.history.obligations import clock_of, known_until
from services.casefile.history.pinning import Pinned, Pinning
from services.casefile.history.up_to import UpTo
from services.casefile.history.view import Moment, cut, facts_of
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.rulebooks.units import UnitTree
from services.casefile.rulebooks.what_if import SETTINGS, every, how_many, in_silence

Progress = Callable[[int, int], None]
"""Called with how many streams have been read, and of how many."""
CASES: frozenset[StreamType] = frozenset(("case",))
PLACES = ("class_unit", "school", "village")


class Seen:
    """One stream at the cut. `recorded` is what was known, `entries` what of it had happened."""

    def __init__(
        self, stream_id: UUID, stream: StreamType, at: "AtCut", known: Sequence[Entry]
    ) -> None:
        self.id = stream_id
        self.stream = stream
        self.recorded = known
        self._at = at

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """As they read at the cut; the annulled ones too."""
        return cut(self.recorded, self._at.moment)[1]

    @cached_property
    def current(self) -> Sequence[Entry]:
        """Those that counted at the cut."""
        return [entry for entry in self.entries if not entry.is_annulled]

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return facts_of(self.entries)

    def fact(self, path: str) -> object:
        found = self.facts.get(path)
        return None if found is None else found.value

    def under(self, prefix: str) -> dict[str, Fact]:
        return under(self.facts, prefix)

    @cached_property
    def is_open(self) -> bool:
        return self.fact("status") == "open"

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The units it belongs to directly, the nearest first."""
        return tuple(places_of(self, self._at.pinned.as_of))

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """Everything that was owed by the cut, as it was judged then."""
        return self._at.judged(self)

    def owed_if(self, counts: Counts) -> tuple[Obligation, ...]:
        """The same, if only some of the records could be proofs."""
        return self._at.judged(self, counts)

    def is_within(self, unit: str | None) -> bool:
        """Whether the unit, or one below it, is where it belonged on the day of the cut."""
        if unit is None:
            return True
        below = self._at.below(unit)
        return any(place in below for place in self.places)


class AtCut:
    """The log at one cut: its units, its rules, and every stream as it stood then."""

    def __init__(self, cohort: "Cohort", pinned: Pinned) -> None:
        self.pinned = pinned
        self.moment = Moment(pinned.as_of, pinned.known_at)
        self._cohort = cohort
        self._log = UpTo(cohort.recorder, pinned)
        self.units = UnitTree(self._log, cohort.mapper)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules as they were known at the cut."""
        rows = self._log.streams([RULEBOOK]).get(RULEBOOK, [])
        return Rulebook.of(self._cohort.mapper.entries(RULEBOOK, rows), self.units)

    def unit(self, code: str) -> Seen:
        """The unit's own stream; a unit nobody knew of by then is refused."""
        stream_id = unit_stream(code)
        seen = self.stream(stream_id, "unit")
        if seen is None or seen.fact("unit.code") is None:
            raise UnitNotFound("unit")
        return seen

    def unit_names(self, codes: Collection[str]) -> dict[str, str]:
        """What units were called on the day of the cut; one that was not there yet is left out."""
        found = self._log.streams(map(unit_stream, codes))
        names: dict[str, str] = {}
        for stream_id, rows in found.items():
            seen = Seen(stream_id, "unit", self, self._cohort.mapper.entries(stream_id, rows))
            if (then := unit_on(seen.facts, self.pinned.as_of)) is not None:
                names[then.code] = then.name
        return names

    def case(self, case_id: UUID) -> Seen:
        seen = self.stream(case_id, "case")
        if seen is None or seen.fact("status") is None:
            raise CaseNotFound
        return seen

    def cases(self, unit: str | None = None, report: Progress = in_silence) -> Iterator[Seen]:
        """The children on file at the cut, open or closed, that belonged to the unit then."""
        for seen in self.streams(CASES, report, unit):
            if seen.fact("status") is not None and seen.is_within(unit):
                yield seen

    def streams(
        self,
        types: Collection[StreamType],
        report: Progress = in_silence,
        unit: str | None = None,
    ) -> Iterator[Seen]:
        """Every stream of these types, in the order of their ids. Each is let go of afterwards.

        With a unit, files are left out that cannot belong to it; those that are not are for the
        caller to tell apart.
        """
        with closing(session(self._cohort.conninfo, "casefile-cohort", SETTINGS)) as link:
            total, folded = self._chosen(link, types, unit)
            for done, stream in enumerate(folded, start=1):
                if (whose := self._whose(stream)) in types and (seen := self._seen(stream, whose)):
                    yield seen
                stream.forget()
                report(done, total)

    def _chosen(
        self, link: Link, types: Collection[StreamType], unit: str | None
    ) -> tuple[int, Iterator[Folded]]:
        """How many streams have to be read, and these."""
        mapper, position = self._cohort.mapper, self.pinned.position
        if self._cohort.reads_all or ("case" in types and unit is None):
            return how_many(link, position), every(link, mapper, position)
        below = None if unit is None else self.below(unit)
        found = candidates(link, mapper, position, types, below)
        return len(found), these(link, mapper, position, found)

    def below(self, unit: str) -> Below:
        return Below(unit, self.units, self.pinned.as_of)

    def judged(self, seen: Seen, counts: Counts = everything) -> tuple[Obligation, ...]:
        if seen.stream not in ("case", "unit"):
            return ()
        known = known_until(seen.recorded, self.pinned.as_of)
        subject = Subject(seen.id, "case" if seen.stream == "case" else "unit", known)
        return judge(subject, self.rulebook, self.judged_at, self.pinned.as_of, counts).obligations

    @cached_property
    def judged_at(self) -> datetime:
        return clock_of(self.moment, self.pinned.known_at)

    def _whose(self, stream: Folded) -> StreamType:
        """By its first record; keys may come before that on any stream."""
        kinds = (self._cohort.mapper.catalogue.topic(row[1])[0] for row in stream.stored)
        return next((kind.stream for kind in kinds if kind.slug != "keys"), "case")

    def _seen(self, stream: Folded, whose: StreamType) -> Seen | None:
        known = known_by(stream.entries, self.pinned.known_at)
        return Seen(stream.id, whose, self, known) if known else None

    def stream(self, stream_id: UUID, whose: StreamType) -> Seen | None:
        """One stream at the cut; None if it had not begun."""
        rows = self._log.streams([stream_id]).get(stream_id)
        if not rows:
            return None
        return Seen(stream_id, whose, self, self._cohort.mapper.entries(stream_id, rows))


class Cohort:
    """Where questions about the children of a unit at a cut are asked."""

    def __init__(
        self,
        recorder: CasefileRecorder,
        conninfo: str,
        mapper: CasefileMapper,
        clock: Callable[[], datetime],
        *,
        reads_all: bool = False,
    ) -> None:
        # `reads_all`: every stream is read, for whoever checks that none is missed otherwise.
        self.reads_all = reads_all
        self.recorder = recorder
        self.conninfo = conninfo
        self.mapper = mapper
        self.pinning = Pinning(recorder, clock)
        self.pin = self.pinning.pin

    def at(self, pinned: Pinned) -> AtCut:
        return AtCut(self, pinned)


def places_of(seen: Seen, day: date) -> Iterator[str]:
    if seen.stream == "case":
        yield from (str(v) for p in PLACES if (v := seen.fact(f"child.{p}")) is not None)
    elif seen.stream == "unit" and (code := seen.fact("unit.code")) is not None:
        yield str(code)
    elif seen.stream == "staff" and (post := post_on(seen.facts, day)) is not None:
        yield post.unit
    elif seen.stream == "group" and isinstance(session_ := seen.fact("session"), dict):
        yield session_["unit"]
