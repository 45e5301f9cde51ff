"""Flags over HTTP: raised by a person on what the panel said, explained by the one it is about,
decided by a third. The figures come from the panel itself, never from whoever asks."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from services.casefile.api.answering import answered
from services.casefile.api.backfill import days_off
from services.casefile.api.boards import Now
from services.casefile.api.documents import documented
from services.casefile.api.exchange import exchange_of
from services.casefile.api.gate import Admission, Gate, signed_in
from services.casefile.api.listing import Listing, reading
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import Place, answer_receipt
from services.casefile.api.problems import Answer
from services.casefile.api.refusals import NotAllowed
from services.casefile.api.shapes import RecordRow, Shape
from services.casefile.application.casefile import Casefile
from services.casefile.application.clock import day_in_china
from services.casefile.application.context import Actor
from services.casefile.application.submissions import typed
from services.casefile.domain.backfill.panel import Signal
from services.casefile.domain.families.flag import FlagRule, FlagState
from services.casefile.domain.families.staff import StaffNote
from services.casefile.domain.refusals import Invalid, Refused
from services.casefile.domain.stream_ids import staff_stream
from services.casefile.history.flags import FlagHistory, FlagNotFound
from services.casefile.history.rulebook import RulebookReader
from services.casefile.readmodels.backfill import Backfill, BackfillAsked
from services.casefile.readmodels.flags import FlagFilter, FlagRow, Flags
from services.casefile.readmodels.pages import Cursor, Page, Pool

ALL_FLAGS = ("supervisor", "county", "inspector")


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


class FlagDetail(Shape, kw_only=True):
    """A flag with all that was said."""

    staff: str
    flag: UUID
    state: FlagState
    raised: RecordRow
    explanations: list[RecordRow]
    decision: RecordRow | None


class FlagDesk:
    """Commands and reads about flags."""

    def __init__(
        self,
        casefile: Casefile,
        history: FlagHistory,
        rulebook: RulebookReader,
        now: Now,
        pool: Pool,
    ) -> None:
        self._casefile = casefile
        self._history = history
        self._rulebook = rulebook
        self._now = now
        self._backfill = Backfill(pool)
        self._flags = Flags(pool)

    def raise_flag(self, call: Call) -> Answer:
        asked: FlagAsked = typed(call.data, FlagAsked)
        position, signals = self._signals(call.params["staff"], asked)
        body = self._dated(asked, "among", "rules") | {
            "signals": [frozen(signal) for signal in signals],
            "panel_position": position,
        }
        return self._record(call, "flag", body)

    def explain(self, call: Call) -> Answer:
        asked = typed(call.data, FlagAnswer)
        return self._record(call, "flag_explanation", self._dated(asked) | self._about(call))

    def decide(self, call: Call) -> Answer:
        asked = typed(call.data, FlagVerdict)
        return self._record(call, "flag_decision", self._dated(asked) | self._about(call))

    def detail(self, request: Request, staff: str, flag: UUID) -> Response:
        """Show a flag: the question and its figures, the answers, the decision."""
        seen_by(signed_in(exchange_of(request.scope)), staff)
        return answered(self._history.of(staff, flag))

    def listing(self) -> Listing:
        def ask(asked: FlagFilter, _: Any, place: Cursor | None, limit: int) -> Page[FlagRow]:
            return self._flags.page(asked, place, limit)

        return Listing(
            "/v1/flags", "read_flags", ("flags", "units"),
            "List flags about records that may have been back-filled", FlagFilter, ask, FlagRow,
            narrow=own,
        )  # fmt: skip

    def operations(self) -> list[Operation]:
        flag = "/v1/staff/{staff}/flags"
        return [
            Operation(
                flag, "raise_flag", self.raise_flag, "Raise a flag", "backfill", body=FlagAsked
            ),
            Operation(
                f"{flag}/{{flag}}/explanation", "explain_flag", self.explain, "Explain a flag",
                "backfill", body=FlagAnswer,
            ),
            Operation(
                f"{flag}/{{flag}}/decision", "decide_flag", self.decide, "Decide a flag",
                "backfill", body=FlagVerdict,
            ),
        ]  # fmt: skip

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["backfill"], redirect_slashes=False)
        path = "/v1/staff/{staff}/flags/{flag}"
        documented(
            router, path, self.detail, Admission(gate, "read_flags"), FlagDetail, errors=(404, 503)
        )
        return router

    def _signals(self, staff: str, asked: FlagAsked) -> tuple[int, Sequence[Signal]]:
        """What the panel says of the person, of the rules that are meant."""
        if asked.until < asked.since:
            raise Invalid("until")
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
        signals = () if found is None else found.signals
        meant = [s for s in signals if is_meant(s, asked)]
        if not meant:
            raise NothingToAsk
        return report.position, meant

    def _dated(self, asked: msgspec.Struct, *but: str) -> dict[str, Any]:
        today = day_in_china(self._now()).isoformat()
        shown: dict[str, Any] = msgspec.to_builtins(asked)
        kept = {k: v for k, v in shown.items() if v is not None and k not in but}
        return {"occurred_on": today} | kept

    def _about(self, call: Call) -> dict[str, Any]:
        try:
            return {"flag": str(UUID(call.params["flag"]))}
        except ValueError:
            raise FlagNotFound from None

    def _record(self, call: Call, slug: str, body: dict[str, Any]) -> Answer:
        staff = call.params["staff"]
        context = call.context(staff_stream(staff))
        receipt = self._casefile.record_staff(staff, slug, body, context)
        return answer_receipt(receipt, Place("staff", staff))


def is_meant(signal: Signal, asked: FlagAsked) -> bool:
    return signal.rule in asked.rules if asked.rules else signal.is_worth_asking


def frozen(signal: Signal) -> dict[str, Any]:
    names = ("rule", "whole", "base", "peers", "days")
    shown = {name: v for name in names if (v := getattr(signal, name)) is not None}
    return shown | {"odd": signal.part}


def own(asked: FlagFilter, actor: Actor) -> FlagFilter:
    """Those who audit see all flags; everybody else those about themselves."""
    if actor.role in ALL_FLAGS:
        return asked
    if asked.staff not in (None, actor.author.staff):
        raise NotAllowed
    return msgspec.structs.replace(asked, staff=actor.author.staff)


def seen_by(actor: Actor, staff: str) -> None:
    if actor.role not in ALL_FLAGS and actor.author.staff != staff:
        raise NotAllowed
