"""An obligation as an inspector reads it: the window, what came of it, and the records that say so."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.obligation import Answerable, Obligation, Outcome, State, Why
from services.casefile.domain.cadence.policy import Obligor, SeedId
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.entry import Entry
from services.casefile.history.rows import lag_days

Key = tuple[str, int, str]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A record that an obligation rests on, on both clocks."""

    record_id: UUID
    kind: str
    version: int
    occurred_on: date
    recorded_at: datetime
    lag_days: int


class ObligationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one rule for one child.

    `in_window` and `entered_in_time` are two answers, null while nothing has been done.
    """

    policy: str
    policy_version: int
    rule: str
    title: str
    seeds: tuple[SeedId, ...]
    example: bool
    obligor: Obligor
    role: str | None
    window: str
    starts_on: date
    ends_on: date
    due_on: date
    overdue_from: datetime
    closes_at: datetime
    provisional: bool
    state: State
    outcome: Outcome
    why: Why | None
    least: int
    counted: int
    attempts: int
    in_window: bool | None
    entered_in_time: bool | None
    proofs: tuple[Said, ...]
    answerable: tuple[Answerable, ...]
    waiver: Said | None
    overdue: Said | None
    missed: Said | None
    made_good: Said | None


class Speaking:
    """Turns obligations into rows, with the words of the rulebook and the records of the file."""

    def __init__(self, rulings: Sequence[Ruling], entries: Sequence[Entry], now: datetime) -> None:
        self._rulings: Mapping[Key, Ruling] = {
            (r.policy.policy, r.policy.version, r.rule.code): r for r in rulings
        }
        self._entries = {entry.record_id: entry for entry in entries}
        self._now = now

    def row(self, of: Obligation) -> ObligationRow:
        ruling = self._rulings[of.policy, of.version, of.rule]
        window = of.window
        return ObligationRow(
            policy=of.policy,
            policy_version=of.version,
            rule=of.rule,
            title=ruling.rule.title,
            seeds=ruling.rule.seeds or ruling.policy.seeds,
            example=ruling.rule.example or ruling.policy.example,
            obligor=of.obligor,
            role=of.role,
            window=window.key,
            starts_on=window.starts_on,
            ends_on=window.ends_on,
            due_on=window.due_on,
            overdue_from=window.overdue_from,
            closes_at=window.closes_at,
            provisional=window.provisional,
            state=of.state(self._now),
            outcome=of.outcome,
            why=of.why,
            least=of.least,
            counted=of.counted,
            attempts=of.attempts,
            in_window=of.in_window,
            entered_in_time=of.entered_in_time,
            proofs=tuple(said for proof in of.proofs if (said := self._said(proof))),
            answerable=of.answerable,
            waiver=self._said(of.waiver),
            overdue=self._said(of.overdue),
            missed=self._said(of.missed),
            made_good=self._said(of.made_good),
        )

    def _said(self, record_id: UUID | None) -> Said | None:
        entry = None if record_id is None else self._entries.get(record_id)
        return None if entry is None else said(entry)


def said(entry: Entry) -> Said:
    return Said(
        record_id=entry.record_id,
        kind=entry.kind.slug,
        version=entry.version,
        occurred_on=entry.occurred_on,
        recorded_at=entry.recorded_at,
        lag_days=lag_days(entry),
    )
