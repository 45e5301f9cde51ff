"""Whether a worker's notes are copies of each other, beside those of colleagues. For whoever may
read the files: the notes are opened for the comparison, and none is shown or kept."""

from collections import defaultdict
from datetime import date
from itertools import islice
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.casefile.api.answering import answered
from services.casefile.api.asked import Day
from services.casefile.api.backfill import FOLLOWED, SignalRow, signal_row
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.listing import AskedList, Text, reading, wait
from services.casefile.api.obligations import in_order
from services.casefile.domain.backfill.narrative import Note, Pair, alike, template
from services.casefile.domain.backfill.panel import LEAST_RECORDS, Reading, signal
from services.casefile.domain.backfill.peers import usual
from services.casefile.domain.evidence_grade import Grade
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.history.narratives import Narratives
from services.casefile.readmodels.backfill import Backfill, BackfillAsked
from services.casefile.readmodels.entries import Entries, EntriesFilter
from services.casefile.readmodels.pages import Pool

PATH = "/v1/backfill/narratives"
MOST_PEERS = 12
MOST_NOTES = 100
MOST_READ = 1_000
MOST_PAIRS = 20


class AskedNarratives(AskedList):
    """Records one worker entered from one day to another, both included."""

    staff: Text
    since: Day
    until: Day
    among: Text | None = None


class NarrativeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How many notes are nearly the same, of how many; null when there is too little to say.
    `pairs` names records to look at, and none of what they say."""

    staff: str
    since: date
    until: date
    peers: int
    signal: SignalRow | None
    pairs: list[Pair]


class NarrativeDesk:
    """One question about one worker."""

    def __init__(
        self, pool: Pool, whereabouts: Whereabouts, backfill: Backfill, narratives: Narratives
    ) -> None:
        self._entries = Entries(pool)
        self._whereabouts = whereabouts
        self._backfill = backfill
        self._narratives = narratives

    def compare(self, request: Request, asked: Annotated[AskedNarratives, Query()]) -> Response:
        """Say how many notes of a worker are nearly the same, beside colleagues."""
        in_order(asked.since, asked.until)
        with reading():
            wait(self._whereabouts, FOLLOWED, request, asked)
            return answered(self.answer(asked))

    def answer(self, asked: AskedNarratives) -> NarrativeAnswer:
        staff = (asked.staff, *self._peers(asked))
        return compared(asked, {each: self._notes(each, asked) for each in staff})

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["backfill"], redirect_slashes=False)
        admission = Admission(gate, "compare_notes")
        documented(router, PATH, self.compare, admission, NarrativeAnswer, errors=(400, 409, 503))
        return router

    def _peers(self, asked: AskedNarratives) -> list[str]:
        """Those with the same role who entered the most."""
        found = self._backfill.report(
            BackfillAsked(since=asked.since, until=asked.until, among=asked.among)
        ).panel.readings
        mine = next((each for each in found if each.subject == asked.staff), None)
        others = [each for each in found if is_peer(each, mine)]
        others.sort(key=lambda each: (-each.records, each.subject))
        return [each.subject for each in others[:MOST_PEERS]]

    def _notes(self, staff: str, asked: AskedNarratives) -> list[Note]:
        wanted: defaultdict[UUID, list[UUID]] = defaultdict(list)
        filters = EntriesFilter(
            staff=staff,
            recorded_since=asked.since,
            recorded_until=asked.until,
            least_grade=Grade.DESCRIBED,
        )
        rows = list(islice(self._entries.all(filters), MOST_READ))
        for row in rows[-MOST_NOTES:]:
            wanted[row.case_id].append(row.record_id)
        return list(self._narratives.notes(wanted))


def is_peer(each: Reading, mine: Reading | None) -> bool:
    is_other = mine is None or each.subject != mine.subject
    return is_other and each.chance is not None and (mine is None or each.group == mine.group)


def compared(asked: AskedNarratives, notes: dict[str, list[Note]]) -> NarrativeAnswer:
    words = template(notes)
    found = {staff: alike(mine, words) for staff, mine in notes.items()}
    count, pairs = found[asked.staff]
    counts = [each for each, _ in found.values() if each.whole >= LEAST_RECORDS]
    known = usual(counts)
    told = None
    if known is not None and count.whole >= LEAST_RECORDS:
        told = signal_row(signal("narrative", count, known, known.base, 0))
    return NarrativeAnswer(
        staff=asked.staff,
        since=asked.since,
        until=asked.until,
        peers=len(counts),
        signal=told,
        pairs=pairs[:MOST_PAIRS],
    )
