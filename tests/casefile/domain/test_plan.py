"""Care plans, their revisions and reviews, and the individual plan."""

from datetime import date
from uuid import uuid4

import pytest

from services.casefile.domain.families.contact import TalkHeld
from services.casefile.domain.families.correction import EntryAnnulled
from services.casefile.domain.families.plan import (
    CarePlanAdopted,
    CarePlanReviewed,
    CarePlanRevised,
    IndividualPlanAdopted,
    Measure,
    PlannedGoal,
)
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import opened

TUTORING = Measure(service="study", content="每周辅导一次", how_often="weekly")
MEALS = Measure(service="nutrition", content="午餐")


def plan(cls=CarePlanAdopted, **more):
    fields = {
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 1, 20),
        "goals": (PlannedGoal("按时完成作业"),),
        "measures": (TUTORING, MEALS),
    }
    return cls(**(fields | more))


def planned(on="2026-11-10"):
    return opened().given(plan(), on)


def test_a_care_plan_states_its_time_its_services_and_its_goals():
    case = opened().record(plan())

    assert case.facts["plan.care"] == {
        "plan": str(case.last_id),
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 1, 20),
        "services": ("nutrition", "study"),
        "goals": ("按时完成作业",),
    }


def test_a_revised_plan_is_still_the_same_plan():
    case = planned()
    adopted = case.last_id

    case.record(plan(CarePlanRevised, plan=adopted, reason="转为重点", measures=(MEALS,)))

    assert case.facts["plan.care"]["plan"] == str(adopted)
    assert case.facts["plan.care"]["services"] == ("nutrition",)


def test_a_review_states_how_far_the_plan_has_come():
    case = planned()
    adopted = case.last_id

    case.record(CarePlanReviewed(plan=adopted, stage="mid_term", effect="partly_reached"))

    assert case.facts["plan.review"]["effect"] == "partly_reached"
    assert case.facts["plan.care"]["plan"] == str(adopted)


def test_a_plan_that_is_not_on_file_is_not_reviewed():
    with pytest.raises(NotOnFile):
        planned().record(CarePlanReviewed(plan=uuid4(), stage="mid_term", effect="reached"))


def test_what_is_not_a_plan_is_not_reviewed_as_one():
    case = opened().given(TalkHeld(), "2026-11-10")

    with pytest.raises(NotOnFile):
        case.record(CarePlanReviewed(plan=case.last_id, stage="mid_term", effect="reached"))


def test_an_annulled_plan_is_not_revised():
    case = planned()
    adopted = case.last_id
    case.given(EntryAnnulled(target=adopted, of="care_plan", ground="wrong_child", reason="记错人"))

    with pytest.raises(NotOnFile):
        case.record(plan(CarePlanRevised, plan=adopted, reason="调整"))


def test_a_plan_is_not_reviewed_before_it_was_adopted():
    case = planned("2026-11-18")

    with pytest.raises(EndBeforeStart):
        case.record(
            CarePlanReviewed(plan=case.last_id, stage="mid_term", effect="reached"), "2026-11-17"
        )


def led(**more):
    return plan(
        IndividualPlanAdopted, leading_group_member="t-001", criteria=("study_slipping",), **more
    )


@pytest.mark.parametrize(
    ("times", "refusal"),
    [
        ({"ends_on": date(2026, 8, 31)}, EndBeforeStart),
        ({"goals": (PlannedGoal("按时到校", due=date(2026, 8, 31)),)}, Implausible),
    ],
)
def test_no_plan_ends_or_has_a_goal_due_before_it_starts(times, refusal):
    case = planned()
    revised = plan(CarePlanRevised, plan=case.last_id, reason="调整", **times)

    for content in (plan(**times), revised, led(**times)):
        with pytest.raises(refusal):
            case.record(content)


def test_a_goal_may_be_due_on_the_day_the_plan_starts():
    case = opened().record(plan(goals=(PlannedGoal("按时到校", due=date(2026, 9, 1)),)))

    assert case.facts["plan.care"]["goals"] == ("按时到校",)


def test_an_individual_plan_names_who_took_part_for_the_leading_group():
    case = opened().record(led())

    assert case.facts["plan.individual"]["leading_group_member"] == "t-001"
    assert case.facts["plan.individual"]["criteria"] == ("study_slipping",)
