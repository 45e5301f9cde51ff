"""What is owed, and what came of it: every window of every child and unit, judged from its stream.

A row depends on the stream and on the rulebook; a new rule makes all rows anew. Windows are laid
out up to a horizon that moves a month at a time, so that a rebuild lays out the same ones.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from services.casefile.domain.cadence.days import ONE, day_in_china, start_of
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.following.edition import Edition
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Rows
from services.casefile.following.register import Link
from services.casefile.readmodels.obligations_rows import Judged, rows_of
from services.casefile.readmodels.obligations_tables import COUNTS, OBLIGATIONS, SUBJECTS

AHEAD = timedelta(days=14)
OWING = ("case", "unit")
MOVES = ("unit_registration", "unit_move")
STALE = "SELECT subject_id FROM {place} WHERE rulebook < %s OR horizon < %s ORDER BY subject_id"
EVERYBODY = "SELECT subject_id FROM {place} ORDER BY subject_id"


class ObligationsModel(Model):
    """`rulebook` gives the rulebook as the log has it now; `forget_units` lets it read units again."""

    name = "obligations"
    version = 2
    tables = (OBLIGATIONS, COUNTS, SUBJECTS)

    def __init__(
        self, rulebook: Callable[[], Rulebook], forget_units: Callable[[], object] = lambda: None
    ) -> None:
        self._read_rulebook = rulebook
        self._forget_units = forget_units
        self._rulebook: Rulebook | None = None

    def restates(self, entry: Entry) -> bool:
        return entry.kind.stream in OWING

    def prepare(self, cases: Sequence[Folded]) -> None:  # noqa: ARG002
        self._rulebook = self._read_rulebook()

    def rows(self, case: Folded) -> Rows:
        assert self._rulebook is not None
        stream = case.entries[0].kind.stream
        if stream not in OWING:
            return {}
        last, rulebook = case.entries[-1], self._rulebook
        # Not that of the last one: a clock may have gone back since.
        now = moment(max(entry.recorded_at for entry in case.entries), rulebook)
        horizon = horizon_of(day_in_china(now))
        owing = cast(Literal["case", "unit"], stream)
        judgement = judge(Subject(case.id, owing, case.entries), rulebook, now, horizon)
        return {
            "obligations": rows_of(Judged(owing, last.version, now, judgement)),
            "obligation_subjects": [(case.id, horizon, rulebook.position, last.version)],
        }

    def stale(self, link: Link, edition: Edition, entries: Sequence[Entry]) -> Iterable[UUID]:
        """Everybody who has not seen the rules, or whose windows end too soon, or whose unit moved.

        A move leaves no mark on the rows, so that a crash in the middle begins it again.
        """
        place = edition.place(SUBJECTS.name)
        if any(moves_a_unit(entry) for entry in entries):
            self._forget_units()
            if is_for_units(self._read_rulebook()):
                return subjects(link, EVERYBODY.format(place=place))
        if not any(entry.stream_id == RULEBOOK for entry in entries):
            return []
        rulebook = self._read_rulebook()
        closed = rulebook.closed_until
        horizon = horizon_of(closed + ONE) if closed else date.min
        return subjects(link, STALE.format(place=place), rulebook.position, horizon)


def moment(last_recorded: datetime, rulebook: Rulebook) -> datetime:
    """Now, as far as the log knows: the same for whoever reads the same log."""
    closed = rulebook.closed_until
    return max(last_recorded, start_of(closed + ONE)) if closed else last_recorded


def horizon_of(day: date) -> date:
    """The end of the month in which that day in a fortnight lies."""
    ahead = day + AHEAD
    return ahead.replace(day=monthrange(ahead.year, ahead.month)[1])


def is_for_units(rulebook: Rulebook) -> bool:
    return any(ruling.policy.unit is not None for ruling in rulebook.rulings)


def moves_a_unit(entry: Entry) -> bool:
    rec = entry.rec
    of = rec.of if isinstance(rec, EntryCorrected | EntryAnnulled) else entry.kind.slug
    return of in MOVES


def subjects(link: Link, statement: str, *values: object) -> list[UUID]:
    return [subject_id for (subject_id,) in link.execute(statement.encode(), values)]
