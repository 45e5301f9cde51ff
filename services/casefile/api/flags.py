"""Flags over HTTP: raised by a person on what the panel said, explained by the one it is about,
decided by a third."""

from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from services.casefile.api.answering import answered
from services.casefile.api.documents import documented
from services.casefile.api.exchange import exchange_of
from services.casefile.api.flagging import FlagAnswer, FlagAsked, Flagging, FlagVerdict
from services.casefile.api.gate import Admission, Gate, signed_in
from services.casefile.api.listing import Listing
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import Place, answer_receipt
from services.casefile.api.problems import Answer
from services.casefile.api.refusals import NotAllowed
from services.casefile.api.shapes import RecordRow, Shape
from services.casefile.application.context import Actor, Context
from services.casefile.application.decision import Receipt
from services.casefile.domain.families.flag import FlagState
from services.casefile.domain.stream_ids import staff_stream
from services.casefile.history.flags import FlagHistory, FlagNotFound
from services.casefile.readmodels.flags import FlagFilter, FlagRow, Flags
from services.casefile.readmodels.pages import Cursor, Page, Pool

ALL_FLAGS = ("supervisor", "county", "inspector")
PATH = "/v1/staff/{staff}/flags"


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

    def __init__(self, flagging: Flagging, history: FlagHistory, pool: Pool) -> None:
        self._flagging = flagging
        self._history = history
        self._flags = Flags(pool)

    def raise_flag(self, call: Call) -> Answer:
        staff = call.params["staff"]
        return told(staff, self._flagging.raise_flag(staff, call.data, context_of(call)))

    def explain(self, call: Call) -> Answer:
        staff = call.params["staff"]
        receipt = self._flagging.explain(staff, flag_of(call), call.data, context_of(call))
        return told(staff, receipt)

    def decide(self, call: Call) -> Answer:
        staff = call.params["staff"]
        receipt = self._flagging.decide(staff, flag_of(call), call.data, context_of(call))
        return told(staff, receipt)

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
        return [
            Operation(
                PATH, "raise_flag", self.raise_flag, "Raise a flag", "backfill", body=FlagAsked
            ),
            Operation(
                f"{PATH}/{{flag}}/explanation", "explain_flag", self.explain, "Explain a flag",
                "backfill", body=FlagAnswer,
            ),
            Operation(
                f"{PATH}/{{flag}}/decision", "decide_flag", self.decide, "Decide a flag",
                "backfill", body=FlagVerdict,
            ),
        ]  # fmt: skip

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["backfill"], redirect_slashes=False)
        path, admission = f"{PATH}/{{flag}}", Admission(gate, "read_flags")
        documented(router, path, self.detail, admission, FlagDetail, errors=(404, 503))
        return router


def flag_of(call: Call) -> UUID:
    try:
        return UUID(call.params["flag"])
    except ValueError:
        raise FlagNotFound from None


def context_of(call: Call) -> Context:
    return call.context(staff_stream(call.params["staff"]))


def told(staff: str, receipt: Receipt) -> Answer:
    return answer_receipt(receipt, Place("staff", staff))


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
