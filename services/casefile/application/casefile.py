"""The application: every command there is. Each ends as events in the log; nothing calls back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.casefile.application.amending import Amending
from services.casefile.application.batching import Batching
from services.casefile.application.carrying import Carrying
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.application.declaring import Declaring
from services.casefile.application.examining import Examining
from services.casefile.application.finding import Findings
from services.casefile.application.grouping import Grouping
from services.casefile.application.inspecting import Inspecting
from services.casefile.application.merging import Merging
from services.casefile.application.opening import Opening
from services.casefile.application.recording import Judge
from services.casefile.application.relieving import Relieving
from services.casefile.application.ruling import Rulemaking
from services.casefile.application.submissions import Submissions
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue, Kind
from services.casefile.domain.refusals import UnknownKind
from services.casefile.domain.stream_ids import staff_stream, unit_stream


class Casefile:
    """Commands in, receipts out."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        opening: Opening,
        amending: Amending,
        merging: Merging,
        grouping: Grouping,
        batching: Batching,
        rulemaking: Rulemaking,
        declaring: Declaring,
        relieving: Relieving,
        carrying: Carrying,
        inspecting: Inspecting,
        examining: Examining,
        findings: Findings,
    ) -> None:
        self.catalogue = catalogue
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self.open_case = opening.open_case
        self.correct = amending.correct
        self.annul = amending.annul
        self.merge = merging.merge
        self.unmerge = merging.unmerge
        self.hold_group_session = grouping.hold
        self.record_batch = batching.record
        self.adopt_policy = rulemaking.adopt_policy
        self.withdraw_policy = rulemaking.withdraw_policy
        self.load_terms = rulemaking.load_terms
        self.load_notice = rulemaking.load_notice
        self.load_official_days = rulemaking.load_official_days
        self.close_day = rulemaking.close_day
        self.declare = declaring.declare
        self.put_on_file = declaring.put_on_file
        self.waive = relieving.waive
        self.put_export = carrying.put
        self.open_inspection = inspecting.open
        self.draw_sample = inspecting.draw
        self.close_inspection = inspecting.close
        self.examine = examining.examine
        self.call_back = examining.call_back
        self.raise_finding = findings.raise_finding
        self.explain = findings.explain
        self.rectify = findings.rectify
        self.decide_finding = findings.decide
        self.is_concerned = findings.is_concerned

    def record(
        self, case_id: UUID, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        """Record what happened to a child: any kind that stands on a case's stream."""
        return self._record(case_id, self._kind(slug, "case"), body, context)

    def record_unit(
        self, unit: str, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        return self._record(unit_stream(unit), self._kind(slug, "unit"), body, context)

    def record_staff(
        self, staff: str, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        return self._record(staff_stream(staff), self._kind(slug, "staff"), body, context)

    def _record(
        self, stream_id: UUID, kind: Kind, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        submitted = self._submissions.read(kind, body, context)
        decide = self._judge.decide_record(stream_id, submitted)
        return self._writer.write([stream_id], decide, context)

    def _kind(self, slug: str, stream: str) -> Kind:
        kind = self.catalogue.slug(slug)
        has_own_command = stream == "case" and not kind.declared.recordable
        if kind.stream != stream or has_own_command:
            raise UnknownKind(slug)
        return kind
