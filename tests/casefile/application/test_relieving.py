"""Waivers: for a rule that holds for the child, that may be waived, approved of by somebody else."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.casefile.composition import Parts
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.refusals import NeverWaivable
from services.casefile.domain.refusals import (
    CaseNotFound,
    EndBeforeStart,
    Implausible,
    NotOnFile,
    UnknownKind,
)
from tests.casefile.rulebooks.policies import county, policy, rule
from tests.casefile.world import context, open_child

WAIVER = {
    "policy": "school-default",
    "rule": "talk.class_teacher",
    "reason": "in_hospital",
    "approved_by": "leading-group",
    "starts_on": "2026-12-01",
    "expires_on": "2026-12-31",
    "remark": "孩子在县医院治腿伤",
}


def waive(casefile: Parts, case_id: UUID, **changes: Any):
    return casefile.casefile.waive(case_id, WAIVER | changes, context())


@pytest.fixture
def case_id(casefile: Parts) -> UUID:
    rules = (rule(), rule("report.mandatory", kinds=("mandatory_report",), never_waivable=True))
    casefile.casefile.adopt_policy(policy(rules=rules), county())
    return open_child(casefile)


def test_a_waiver_stands_in_the_child_s_history(casefile: Parts, case_id: UUID):
    receipt = waive(casefile, case_id)

    first = casefile.history.timeline(case_id)["rows"][0]
    assert first["record_id"] == receipt.record_id
    assert first["kind"] == "waiver"


def test_what_is_waived_is_not_missed(casefile: Parts, case_id: UUID):
    waive(casefile, case_id)
    rulebook = casefile.rulebooks.fresh()
    entries = casefile.streams.fresh(case_id).entries

    found = judge(Subject(case_id, "case", entries), rulebook, datetime(2027, 1, 1, tzinfo=UTC))

    [december] = [
        each
        for each in found.obligations
        if (each.rule, each.window.key) == ("talk.class_teacher", "2026-12")
    ]
    assert december.outcome == "waived"


def test_a_repeated_waiver_is_one(casefile: Parts, case_id: UUID):
    record_id = str(uuid4())
    first = waive(casefile, case_id, record_id=record_id)

    assert waive(casefile, case_id, record_id=record_id).position == first.position


def test_a_rule_that_is_never_waived_is_refused(casefile: Parts, case_id: UUID):
    with pytest.raises(NeverWaivable) as refusal:
        waive(casefile, case_id, rule="report.mandatory")

    assert refusal.value.remedy


def test_a_rule_that_will_not_be_waivable_any_more_is_refused(casefile: Parts, case_id: UUID):
    stricter = policy(
        version=2, effective_from=date(2026, 12, 15), rules=(rule(never_waivable=True),)
    )
    casefile.casefile.adopt_policy(stricter, county())

    with pytest.raises(NeverWaivable):
        waive(casefile, case_id)
    assert waive(casefile, case_id, expires_on="2026-12-14").kind == "waiver"


@pytest.mark.parametrize(
    "changes",
    [
        {"policy": "another"},
        {"rule": "visit.monthly"},
        {"starts_on": "2026-11-21", "expires_on": "2026-11-30"},
    ],
)
def test_a_rule_that_does_not_hold_then_cannot_be_waived(
    casefile: Parts, case_id: UUID, changes: dict[str, str]
):
    with pytest.raises(NotOnFile):
        waive(casefile, case_id, **changes)


def test_a_withdrawn_policy_leaves_nothing_to_waive(casefile: Parts, case_id: UUID):
    casefile.casefile.withdraw_policy(
        "school-default", date(2026, 12, 10), "leading-group", county()
    )

    with pytest.raises(NotOnFile):
        waive(casefile, case_id, starts_on="2026-12-11")


@pytest.mark.parametrize(("unit", "is_hers"), [("town-1", True), ("school-2", False)])
def test_only_a_policy_of_the_child_s_own_units_can_be_waived(
    casefile: Parts, case_id: UUID, unit: str, is_hers: bool
):
    casefile.casefile.adopt_policy(policy(policy="local", unit=unit), county())

    if is_hers:
        assert waive(casefile, case_id, policy="local").kind == "waiver"
        return
    with pytest.raises(NotOnFile):
        waive(casefile, case_id, policy="local")


def test_nobody_approves_of_a_waiver_of_their_own(casefile: Parts, case_id: UUID):
    with pytest.raises(Implausible) as refusal:
        waive(casefile, case_id, approved_by="t-101")

    assert refusal.value.field == "approved_by"


def test_nobody_has_their_own_waiver_typed_in_by_somebody_else(casefile: Parts, case_id: UUID):
    with pytest.raises(Implausible):
        waive(casefile, case_id, approved_by="t-102", performed_by="t-102")


@pytest.mark.parametrize(
    "changes",
    [{"starts_on": "2026-11-19"}, {"occurred_on": "2026-11-16", "starts_on": "2026-11-18"}],
)
def test_a_waiver_is_for_days_to_come(casefile: Parts, case_id: UUID, changes: dict[str, str]):
    with pytest.raises(Implausible) as refusal:
        waive(casefile, case_id, **changes)

    assert refusal.value.field == "starts_on"


def test_a_waiver_ends_within_a_year_and_not_before_it_begins(casefile: Parts, case_id: UUID):
    with pytest.raises(Implausible):
        waive(casefile, case_id, expires_on="2028-01-01")
    with pytest.raises(EndBeforeStart):
        waive(casefile, case_id, expires_on="2026-11-30")


def test_a_waiver_does_not_come_in_by_the_general_door(casefile: Parts, case_id: UUID):
    with pytest.raises(UnknownKind):
        casefile.casefile.record(
            case_id, "waiver", WAIVER | {"occurred_on": "2026-11-20"}, context()
        )


def test_a_child_nobody_knows_is_not_found(casefile: Parts, case_id: UUID):
    with pytest.raises(CaseNotFound):
        waive(casefile, uuid4())


def test_a_rest_and_its_end_are_recorded_like_anything_else(casefile: Parts, case_id: UUID):
    rest = {"occurred_on": "2026-11-18", "reason": "with_parents"}
    begun = casefile.casefile.record(case_id, "suspension", rest, context())
    with pytest.raises(Implausible):
        casefile.casefile.record(case_id, "suspension", rest, context())

    ended = {"occurred_on": "2026-11-20", "suspension": str(begun.record_id)}
    casefile.casefile.record(case_id, "resumption", ended, context())

    again = casefile.casefile.record(
        case_id, "suspension", rest | {"occurred_on": "2026-11-20"}, context()
    )
    assert again.kind == "suspension"
