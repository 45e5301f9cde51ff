"""Commands about flags, for whoever brings them: HTTP or a form. The figures in a flag are the
panel's own, never the caller's."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from services.casefile.api.backfill import days_off
from services.casefile.api.listing import reading
from services.casefile.application.casefile import Casefile
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.application.submissions import typed
from services.casefile.domain.backfill.panel import Signal
from services.casefile.domain.families.flag import FlagRule
from services.casefile.domain.families.staff import StaffNote
from services.casefile.domain.refusals import Refused, day_before
from services.casefile.history.rulebook import RulebookReader
from services.casefile.readmodels.backfill import Backfill, BackfillAsked


class NothingToAsk(Refused):
    """The panel says nothing of this person that you could ask about."""

    remedy = "Look at GET /v1/backfill for the same days, and name one of its rules."


class FlagAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked about: the records entered between two days. `rules`: those of the panel that
    are meant; without them, those that stand out."""

    since: date
    until: date
    answer_by: date
    announced_on: date | None = None
    among: str | None = None
    rules: Annotated[tuple[FlagRule, ...], msgspec.Meta(max_length=9)] = ()
    question: StaffNote | None = None
    inspection: UUID | None = None
    occurred_on: date | None = None
    record_id: UUID | None = None


class FlagAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the one it is about has to say."""

    explanation: StaffNote
    occurred_on: date | None = None
    record_id: UUID | None = None


class FlagVerdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was decided, and why."""

    outcome: Literal["upheld", "dismissed"]
    reason: StaffNote
    occurred_on: date | None = None
    record_id: UUID | None = None


class Flagging:
    """Raises, explains and decides; the family module says who may."""

    def __init__(
        self,
        casefile: Casefile,
        backfill: Backfill,
        rulebook: RulebookReader,
        today: Callable[[], date],
    ) -> None:
        self._casefile = casefile
        self._backfill = backfill
        self._rulebook = rulebook
        self._today = today

    def raise_flag(self, staff: str, data: Mapping[str, Any], context: Context) -> Receipt:
        asked: FlagAsked = typed(data, FlagAsked)
        day_before(asked.since, asked.until, "until")
        position, signals = self._signals(staff, asked)
        body = self._dated(asked, "among", "rules") | {
            "signals": [frozen(signal) for signal in signals],
            "panel_position": position,
        }
        return self._casefile.record_staff(staff, "flag", body, context)

    def explain(self, staff: str, flag: UUID, data: Mapping[str, Any], context: Context) -> Receipt:
        body = self._dated(typed(data, FlagAnswer)) | {"flag": str(flag)}
        return self._casefile.record_staff(staff, "flag_explanation", body, context)

    def decide(self, staff: str, flag: UUID, data: Mapping[str, Any], context: Context) -> Receipt:
        body = self._dated(typed(data, FlagVerdict)) | {"flag": str(flag)}
        return self._casefile.record_staff(staff, "flag_decision", body, context)

    def _signals(self, staff: str, asked: FlagAsked) -> tuple[int, Sequence[Signal]]:
        """What the panel says of the person, of the rules that are meant."""
        with reading():
            report = self._backfill.report(
                BackfillAsked(
                    since=asked.since,
                    until=asked.until,
                    announced_on=asked.announced_on,
                    among=asked.among,
                    days_off=days_off(self._rulebook),
                )
            )
        found = next((r for r in report.panel.readings if r.subject == staff), None)
        meant = [s for s in (found.signals if found else ()) if is_meant(s, asked)]
        if not meant:
            raise NothingToAsk
        return report.position, meant

    def _dated(self, asked: msgspec.Struct, *but: str) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(asked)
        kept = {k: v for k, v in shown.items() if v is not None and k not in but}
        return {"occurred_on": self._today().isoformat()} | kept


def is_meant(signal: Signal, asked: FlagAsked) -> bool:
    return signal.rule in asked.rules if asked.rules else signal.is_worth_asking


def frozen(signal: Signal) -> dict[str, Any]:
    names = ("rule", "whole", "base", "peers", "days")
    shown = {name: v for name in names if (v := getattr(signal, name)) is not None}
    return shown | {"odd": signal.part}
