"""The commands there are over HTTP; each hands its body on and answers with the receipt."""

from typing import Any
from uuid import UUID

from services.casefile.api.gate import Gate
from services.casefile.api.kinds import is_declared
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import Place, answer_receipt
from services.casefile.api.problems import Answer
from services.casefile.application.casefile import Casefile
from services.casefile.domain.catalogue import Catalogue, Kind
from services.casefile.domain.families.case import CaseMerged, CaseOpened, CaseUnmerged
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.domain.families.group import GroupSessionHeld
from services.casefile.domain.families.obligation import ObligationWaived
from services.casefile.domain.refusals import Implausible, UnknownKind
from services.casefile.domain.stream_ids import staff_stream, unit_stream

CASE, GROUP = Place("case"), Place("group")
MOVES = {
    "transfers": "transfer",
    "handovers": "handover",
    "closure": "closure",
    "reopening": "reopening",
}


class Commands:
    """Calls the application; the application decides."""

    def __init__(self, casefile: Casefile, catalogue: Catalogue, gate: Gate) -> None:
        self._casefile = casefile
        self._catalogue = catalogue
        self._gate = gate

    def record(self, call: Call) -> Answer:
        return self._record(call, call.params["kind"])

    def open_case(self, call: Call) -> Answer:
        """A record id sent along is the case's id too, so that opening again finds the first."""
        case_id = _uuid(call.data.get("record_id"))
        receipt = self._casefile.open_case(call.data, call.context(), case_id)
        return answer_receipt(receipt, CASE)

    def correct(self, call: Call) -> Answer:
        call.must_name_version()
        case_id = call.case_id
        return answer_receipt(
            self._casefile.correct(case_id, call.data, call.context(case_id)), CASE
        )

    def annul(self, call: Call) -> Answer:
        call.must_name_version()
        case_id = call.case_id
        return answer_receipt(self._casefile.annul(case_id, call.data, call.context(case_id)), CASE)

    def merge(self, call: Call) -> Answer:
        call.must_name_version()
        case_id = call.case_id
        return answer_receipt(self._casefile.merge(case_id, call.data, call.context(case_id)), CASE)

    def unmerge(self, call: Call) -> Answer:
        call.must_name_version()
        case_id = call.case_id
        receipt = self._casefile.unmerge(case_id, call.data, call.context(case_id))
        return answer_receipt(receipt, CASE)

    def waive(self, call: Call) -> Answer:
        case_id = call.case_id
        return answer_receipt(self._casefile.waive(case_id, call.data, call.context(case_id)), CASE)

    def move(self, call: Call) -> Answer:
        """The commands that have an address of their own, by the last part of it."""
        return self._record(call, MOVES[call.path.rpartition("/")[2]])

    def hold_group_session(self, call: Call) -> Answer:
        return answer_receipt(self._casefile.hold_group_session(call.data, call.context()), GROUP)

    def record_unit(self, call: Call) -> Answer:
        unit, kind = call.params["unit"], self._kind(call, "unit")
        self._admit_register(call, kind)
        body = _about(call, "code", unit) if "code" in kind.type.__struct_fields__ else call.data
        context = call.context(unit_stream(unit))
        return answer_receipt(
            self._casefile.record_unit(unit, kind.slug, body, context), Place("unit", unit)
        )

    def record_staff(self, call: Call) -> Answer:
        staff, kind = call.params["staff"], self._kind(call, "staff")
        self._admit_register(call, kind)
        body = _about(call, "staff", staff) if "staff" in kind.type.__struct_fields__ else call.data
        context = call.context(staff_stream(staff))
        return answer_receipt(
            self._casefile.record_staff(staff, kind.slug, body, context), Place("staff", staff)
        )

    def operations(self) -> list[Operation]:
        """The first is the one that is called most."""
        case, of = "/v1/cases/{case_id}", self._catalogue.of
        return [
            Operation(
                f"{case}/records/{{kind}}", "record", self.record, "Record", "records",
                kinds=self._kinds("case"),
            ),
            Operation(
                "/v1/cases", "open_case", self.open_case, "Open a case", "cases",
                kinds=(of(CaseOpened),),
            ),
            Operation(
                f"{case}/corrections", "amend", self.correct, "Correct a record", "amendments",
                kinds=(of(EntryCorrected),),
            ),
            Operation(
                f"{case}/annulments", "amend", self.annul, "Annul a record", "amendments",
                kinds=(of(EntryAnnulled),),
            ),
            Operation(
                f"{case}/merge", "merge_cases", self.merge, "Merge into another case", "cases",
                kinds=(of(CaseMerged),),
            ),
            Operation(
                f"{case}/unmerge", "merge_cases", self.unmerge, "Undo a merge", "cases",
                kinds=(of(CaseUnmerged),),
            ),
            Operation(
                f"{case}/waivers", "waive", self.waive, "Waive an obligation", "obligations",
                kinds=(of(ObligationWaived),),
            ),
            *(
                Operation(
                    f"{case}/{path}", "move_case", self.move, self._catalogue.slug(slug).label,
                    "cases", kinds=(self._catalogue.slug(slug),),
                )
                for path, slug in MOVES.items()
            ),
            Operation(
                "/v1/group-sessions", "hold_group_session", self.hold_group_session,
                "Record a group session", "records", kinds=(of(GroupSessionHeld),),
            ),
            Operation(
                "/v1/units/{unit}/records/{kind}", "record_unit", self.record_unit, "Record",
                "units", kinds=self._kinds("unit"),
            ),
            Operation(
                "/v1/staff/{staff}/records/{kind}", "record_staff", self.record_staff, "Record",
                "staff", kinds=self._kinds("staff"),
            ),
        ]  # fmt: skip

    def _record(self, call: Call, slug: str) -> Answer:
        declared = self._catalogue.slug(slug).declared
        if declared.recordable and declared.exclusive:
            call.must_name_version()
        case_id = call.case_id
        receipt = self._casefile.record(case_id, slug, call.data, call.context(case_id))
        return answer_receipt(receipt, CASE)

    def _kinds(self, stream: str) -> tuple[Kind, ...]:
        mine = (k for k in self._catalogue if k.stream == stream and not is_declared(k))
        return tuple(k for k in mine if k.declared.recordable or stream in ("unit", "staff"))

    def _kind(self, call: Call, stream: str) -> Kind:
        kind = self._catalogue.slug(call.params["kind"])
        if kind.stream != stream or is_declared(kind):
            raise UnknownKind(kind.slug)
        return kind

    def _admit_register(self, call: Call, kind: Kind) -> None:
        """Who is on the register, and as what, is the operators' to say."""
        if not kind.declared.recordable:
            self._gate.admit(call.exchange, "register")


def _about(call: Call, field: str, code: str) -> dict[str, Any]:
    """The body, which may leave out what the address says but not contradict it."""
    if call.data.get(field, code) != code:
        raise Implausible(field, "it is not the one in the address")
    return call.data | {field: code}


def _uuid(value: Any) -> UUID | None:
    """What is not a UUID is refused later, with all the rest of the body."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
