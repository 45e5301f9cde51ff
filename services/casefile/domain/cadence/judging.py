"""Judges every window of a subject: what came of it, and what the log has yet to say."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Literal, NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.cadence.evidence import Evidence
from services.casefile.domain.cadence.hearing import Hearing
from services.casefile.domain.cadence.known import Counts, Known, everything
from services.casefile.domain.cadence.obligation import Declaration, Judgement, Obligation
from services.casefile.domain.cadence.rounds import Rounds
from services.casefile.domain.cadence.rulebook import Rulebook, Ruling
from services.casefile.domain.cadence.standing import Standings
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.obligation import DutyFulfilled, ObligationFulfilled


class Subject(NamedTuple):
    """A child's case or a unit, with its whole stream as it was recorded."""

    id: UUID
    stream: Literal["case", "unit"]
    entries: Sequence[Entry]


def judge(
    subject: Subject,
    rulebook: Rulebook,
    now: datetime,
    horizon: date | None = None,
    counts: Counts = everything,
) -> Judgement:
    """All windows that begin by the horizon (today unless given), and the declarations due now.

    `counts`: which records may be proofs, for asking what would be left of it; nothing is declared
    from such a judgement.
    """
    hearing = Hearing(
        subject.id,
        subject.stream,
        Known(subject.entries, counts),
        Standings(subject.stream, rulebook.units),
        now,
    )
    obligations: list[Obligation] = []
    declarations: list[Declaration] = []
    rounds = Rounds(hearing, rulebook, horizon or day_in_china(now))
    for rulings in of_one_rule(rulebook, subject.stream):
        # A record counts once within a rule, through all versions of it.
        heard: list[Evidence] = []
        for ruling in rulings:
            for trial in rounds.trials(ruling, heard):
                obligation = trial.verdict()
                if obligation is not None:
                    obligations.append(obligation)
                    # A clock that stands behind the log leaves what it cannot know to a later one.
                    declarations += [each for each in trial.declarations if each.at <= now]
    declarations.sort(key=in_order)
    return Judgement(tuple(obligations), tuple(declarations))


def in_order(each: Declaration) -> tuple[datetime, bool, UUID]:
    """By their moments; that a miss was made good comes after the miss."""
    return (each.at, isinstance(each.record, ObligationFulfilled | DutyFulfilled), each.record_id)


def of_one_rule(rulebook: Rulebook, stream: str) -> Iterator[list[Ruling]]:
    """The versions of each rule, in order."""
    mine = [ruling for ruling in rulebook.rulings if ruling.rule.subject == stream]

    def name(ruling: Ruling) -> tuple[str, str]:
        return (ruling.policy.policy, ruling.rule.code)

    for _, rulings in groupby(sorted(mine, key=name), name):
        yield list(rulings)
