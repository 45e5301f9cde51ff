"""Terms and days off over HTTP: what is known of them, and new ones as they are announced."""

from datetime import date
from typing import Annotated

import msgspec
from fastapi import APIRouter, Response
from msgspec import Meta

from services.casefile.api.answering import answered
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import Place, answer_receipt
from services.casefile.api.problems import Answer
from services.casefile.application.casefile import Casefile
from services.casefile.application.submissions import typed
from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import CalendarCode
from services.casefile.domain.families.rulebook import SourceText
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.history.rulebook import RulebookReader
from services.casefile.history.rulebook_rows import Calendars


class TermsSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Terms of a calendar; one that is named again replaces the one that was there."""

    calendar: CalendarCode
    terms: Annotated[tuple[Term, ...], Meta(min_length=1, max_length=20)]
    source: SourceText


class NoticeSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days off and make-up working days of one year, as officially announced."""

    year: Annotated[int, Meta(ge=2000, le=2100)]
    off: Annotated[tuple[date, ...], Meta(min_length=1, max_length=120)]
    source: SourceText
    work: Annotated[tuple[date, ...], Meta(max_length=60)] = ()


class CalendarDesk:
    """Reads for everybody who is signed in; new terms from who makes the rules."""

    def __init__(self, casefile: Casefile, reader: RulebookReader) -> None:
        self._casefile = casefile
        self._reader = reader

    def calendars(self) -> Response:
        """List the terms of every calendar, and the days off of every year that is announced."""
        return answered(self._reader.calendars())

    def load_terms(self, call: Call) -> Answer:
        sent: TermsSent = typed(call.data, TermsSent)
        receipt = self._casefile.load_terms(
            sent.calendar, sent.terms, sent.source, call.context(RULEBOOK)
        )
        return answer_receipt(receipt, Place("calendar", sent.calendar))

    def load_notice(self, call: Call) -> Answer:
        sent: NoticeSent = typed(call.data, NoticeSent)
        receipt = self._casefile.load_notice(
            sent.year, sent.off, sent.work, sent.source, call.context(RULEBOOK)
        )
        return answer_receipt(receipt, Place("calendar", str(sent.year)))

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "/v1/calendars", "load_calendar", self.load_terms, "Load terms", "policies",
                body=TermsSent,
            ),
            Operation(
                "/v1/calendars/notices", "load_calendar", self.load_notice,
                "Load the days off of a year", "policies", body=NoticeSent,
            ),
        ]  # fmt: skip

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["policies"], redirect_slashes=False)
        admission = Admission(gate, "read_rulebook")
        documented(router, "/v1/calendars", self.calendars, admission, Calendars, errors=(503,))
        return router
