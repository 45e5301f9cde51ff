"""A finding: raised, answered by those concerned, put right, decided by somebody else."""

from datetime import date

import pytest

from services.casefile.domain.envelope import Author
from services.casefile.domain.families.finding import (
    ExplanationGiven,
    FindingDecided,
    RectificationRecorded,
)
from services.casefile.domain.inspection_refusals import (
    FindingNotFound,
    FindingSettled,
    NotApart,
    NotHeardYet,
)
from services.casefile.domain.inspection_state import is_overdue, state_of
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import Scenario
from tests.casefile.domain.test_inspection import RECORD, closing, finding, under_way

INSPECTOR = {"recorded_by": Author("i-501", "inspector", "county-1"), "performed_by": None}
CONCERNED = {"recorded_by": Author("t-109", "class_teacher", "class-31"), "performed_by": None}


def raised(**fields) -> Scenario:
    return under_way().record(finding(**fields), **INSPECTOR)


def explain(case: Scenario, **options) -> Scenario:
    explanation = ExplanationGiven(finding=case_finding(case), text="当日确有谈心,照片在班级相册")
    return case.record(explanation, **(CONCERNED | options))


def rectify(case: Scenario, **options) -> Scenario:
    done = RectificationRecorded(
        finding=case_finding(case), measure="document_supplied", text="已补交照片"
    )
    return case.record(done, **(CONCERNED | options))


def decide(case: Scenario, outcome: str, **options) -> Scenario:
    decision = FindingDecided(finding=case_finding(case), outcome=outcome)  # type: ignore[arg-type]
    return case.record(decision, **(INSPECTOR | options))


def case_finding(case: Scenario):
    return next(e.record_id for e in case.entries if e.kind.slug == "finding")


def state(case: Scenario) -> str:
    from services.casefile.domain.facts import fold

    return state_of(fold(case.entries), str(case_finding(case)))


def test_a_finding_is_open_until_it_is_answered():
    assert state(raised()) == "open"
    assert state(explain(raised())) == "explained"


def test_what_was_put_right_is_settled_when_the_inspection_says_so():
    inspection = rectify(explain(raised()))
    assert state(inspection) == "rectified"

    assert state(decide(inspection, "rectified")) == "settled"


def test_a_finding_that_stands_is_still_to_be_put_right():
    inspection = decide(explain(raised()), "upheld")
    assert state(inspection) == "upheld"

    assert state(rectify(inspection)) == "rectified"


def test_what_was_put_right_badly_stands_again():
    inspection = decide(rectify(raised()), "upheld")

    assert state(inspection) == "upheld"


def test_a_finding_may_be_withdrawn_at_once():
    assert state(decide(raised(), "withdrawn")) == "withdrawn"


def test_nobody_is_judged_unheard_while_there_is_time_to_answer():
    with pytest.raises(NotHeardYet):
        decide(raised(), "upheld", on="2026-11-20")


def test_who_does_not_answer_in_time_is_judged_all_the_same():
    inspection = raised()
    inspection.today = date(2026, 11, 26)

    assert state(decide(inspection, "upheld", on="2026-11-26")) == "upheld"


def test_nothing_was_put_right_before_somebody_did_it():
    with pytest.raises(NotOnFile):
        decide(raised(), "rectified")


def test_a_settled_finding_is_over():
    inspection = decide(raised(), "withdrawn")

    for again in (explain, rectify, lambda i: decide(i, "upheld")):
        with pytest.raises(FindingSettled):
            again(inspection)


def test_nobody_raises_a_finding_about_themselves():
    with pytest.raises(NotApart):
        under_way().record(finding(), **CONCERNED)


def test_who_raised_a_finding_does_not_answer_it():
    for answer in (explain, rectify):
        with pytest.raises(NotApart):
            answer(raised(), **INSPECTOR)


def test_nobody_decides_on_what_is_about_them():
    with pytest.raises(NotApart):
        decide(raised(), "withdrawn", **CONCERNED)


def test_nobody_decides_on_their_own_answer():
    lead = {"recorded_by": Author("s-301", "child_supervisor", "town-1"), "performed_by": None}
    inspection = explain(explain(raised(), **lead))

    with pytest.raises(NotApart):
        decide(inspection, "withdrawn", **lead)


def test_a_finding_names_whom_or_what_it_is_about():
    with pytest.raises(Implausible):
        raised(worker=None)
    with pytest.raises(Implausible):
        raised(record=RECORD)


def test_the_deadline_leaves_time_to_reply():
    with pytest.raises(EndBeforeStart):
        raised(deadline=date(2026, 11, 24))
    with pytest.raises(EndBeforeStart):
        raised(reply_by=date(2026, 11, 19))


def test_an_answer_names_a_finding_of_this_inspection():
    inspection = raised()

    with pytest.raises(FindingNotFound):
        inspection.record(ExplanationGiven(finding=RECORD, text="无此事"), **CONCERNED)


def test_findings_left_open_are_still_answered_and_decided():
    inspection = raised().record(closing(leaves_open=True), **INSPECTOR)

    assert state(decide(rectify(inspection), "rectified")) == "settled"


@pytest.mark.parametrize(
    ("state", "overdue"), [("open", True), ("upheld", True), ("rectified", False)]
)
def test_a_deadline_passes_while_nothing_was_put_right(state: str, overdue: bool):
    deadline = date(2026, 12, 10)

    assert is_overdue(state, deadline, date(2026, 12, 11)) == overdue
    assert not is_overdue(state, deadline, deadline)
