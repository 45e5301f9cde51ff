"""Waiving an obligation: for a rule that holds for the child, that may be waived, and not by oneself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt
from services.casefile.application.recording import Judge, must_exist, step
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submissions
from services.casefile.application.writer import Writer
from services.casefile.domain.cadence.conditions import PLACES
from services.casefile.domain.cadence.policy import Rule
from services.casefile.domain.cadence.refusals import NeverWaivable
from services.casefile.domain.cadence.rulebook import Rulebook, Ruling
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.envelope import Envelope
from services.casefile.domain.facts import value
from services.casefile.domain.families.obligation import ObligationWaived
from services.casefile.domain.refusals import Implausible, NotOnFile
from services.casefile.rulebooks.reading import Rulebooks


class Relieving:
    """Records waivers."""

    def __init__(
        self,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        rulebooks: Rulebooks,
        catalogue: Catalogue,
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._rulebooks = rulebooks
        self._kind = catalogue.of(ObligationWaived)

    def waive(self, case_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: policy, rule, reason, approved_by, starts_on, expires_on, optional remark."""
        today = self._submissions.today()
        submitted = self._submissions.read(
            self._kind, {"occurred_on": today.isoformat(), **body}, context
        )
        waiver = submitted.rec
        assert isinstance(waiver, ObligationWaived)

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[case_id]
            must_exist(stream, submitted)
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            if waiver.starts_on < today:
                raise Implausible("starts_on", "a waiver is for days to come")
            if waiver.approved_by in asking(submitted.env):
                raise Implausible("approved_by", "somebody else has to approve of it")
            self._check_rule(stream, waiver)
            return Decision(steps=(step(case_id, submitted),))

        return self._writer.write([case_id], decide, context)

    def _check_rule(self, stream: Stream, waiver: ObligationWaived) -> None:
        rules = rules_for(self._rulebooks.fresh(), stream, waiver)
        if not rules:
            raise NotOnFile("rule", policy=waiver.policy, rule=waiver.rule)
        if any(rule.never_waivable for rule in rules):
            raise NeverWaivable(policy=waiver.policy, rule=waiver.rule)


def asking(env: Envelope) -> set[str]:
    """Those who ask for the waiver, and so cannot approve of it."""
    return {author.staff for author in (env.recorded_by, env.performed_by) if author is not None}


def rules_for(rulebook: Rulebook, stream: Stream, waiver: ObligationWaived) -> list[Rule]:
    """The rule as every version has it that is in force for this child during the waiver."""
    found = (
        ruling
        for ruling in rulebook.rulings
        if (ruling.policy.policy, ruling.rule.code) == (waiver.policy, waiver.rule)
        and ruling.rule.subject == "case"
    )
    return [
        r.rule for r in found if holds_during(r, waiver) and is_for(r, rulebook, stream, waiver)
    ]


def holds_during(ruling: Ruling, waiver: ObligationWaived) -> bool:
    if ruling.since > waiver.expires_on:
        return False
    if ruling.until is not None and ruling.until <= waiver.starts_on:
        return False
    return ruling.ended_on is None or ruling.ended_on >= waiver.starts_on


def is_for(ruling: Ruling, rulebook: Rulebook, stream: Stream, waiver: ObligationWaived) -> bool:
    """Whether the policy is one of a unit that the child belongs to."""
    if ruling.policy.unit is None:
        return True
    places = (value(stream.facts, f"child.{name}") for name in PLACES)
    chains = (rulebook.units.chain(place, waiver.starts_on) for place in places if place)
    return any(ruling.policy.unit in chain for chain in chains)
