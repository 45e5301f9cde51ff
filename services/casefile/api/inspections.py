"""Inspections over HTTP: the commands of those who inspect, and of those who answer."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from services.casefile.api.access import Action
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import Place, answer_receipt
from services.casefile.api.problems import Answer
from services.casefile.application.casefile import Casefile
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt, VersionMoved
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.families.examination import CallbackMade, RecordExamined
from services.casefile.domain.families.finding import (
    ExplanationGiven,
    FindingDecided,
    FindingRaised,
    RectificationRecorded,
)
from services.casefile.domain.families.inspection import (
    InspectionClosed,
    InspectionOpened,
    SampleDrawn,
)
from services.casefile.domain.inspection_refusals import InspectionNotFound
from services.casefile.domain.record import Record

INSPECTION = Place("inspection")
ONE = "/v1/inspections/{inspection_id}"
Command = Callable[[UUID, Mapping[str, Any], Context], Receipt]


class InspectionDesk:
    """Calls the application; the application decides."""

    def __init__(self, casefile: Casefile, catalogue: Catalogue) -> None:
        self._casefile = casefile
        self._catalogue = catalogue

    def open(self, call: Call) -> Answer:
        """A record id sent along is the inspection's id too, so that opening again finds the first."""
        return answer_receipt(self._casefile.open_inspection(call.data, call.context()), INSPECTION)

    def operations(self) -> list[Operation]:
        of, does = self._casefile, self._does
        return [
            Operation(
                "/v1/inspections", "inspect", self.open, "Open an inspection", "inspections",
                kinds=(self._catalogue.of(InspectionOpened),),
            ),
            does("samples", of.draw_sample, SampleDrawn, "Draw a sample"),
            does("examinations", of.examine, RecordExamined, "Say what an examination found"),
            does("callbacks", of.call_back, CallbackMade, "Say what a guardian said"),
            does("findings", of.raise_finding, FindingRaised, "Raise a finding"),
            does("explanations", of.explain, ExplanationGiven, "Explain", "answer_finding"),
            does(
                "rectifications", of.rectify, RectificationRecorded,
                "Say what was put right", "answer_finding",
            ),
            does("decisions", of.decide_finding, FindingDecided, "Decide on a finding"),
            does("closure", of.close_inspection, InspectionClosed, "Close an inspection"),
        ]  # fmt: skip

    def _does(
        self,
        path: str,
        command: Command,
        record: type[Record],
        summary: str,
        action: Action = "inspect",
    ) -> Operation:
        kind = self._catalogue.of(record)
        answer = partial(carried_out, command, kind.declared.exclusive)
        return Operation(f"{ONE}/{path}", action, answer, summary, "inspections", kinds=(kind,))


def carried_out(command: Command, needs_version: bool, call: Call) -> Answer:
    if needs_version:
        call.must_name_version()
    inspection_id = inspection_in(call)
    try:
        receipt = command(inspection_id, call.data, call.context(inspection_id))
    except VersionMoved as moved:
        # What does not exist has no version to have moved on from.
        raise moved if moved.current else InspectionNotFound from None
    return answer_receipt(receipt, INSPECTION)


def inspection_in(call: Call) -> UUID:
    try:
        return UUID(call.params["inspection_id"])
    except ValueError:
        raise InspectionNotFound from None
