"""Who owed it: day by day, through hand-overs, empty posts, and when it is the parents' part."""

from datetime import date

from services.casefile.domain.families.assignment import WorkerAssigned, WorkerUnassigned
from services.casefile.domain.families.case import CaseHandedOver
from services.casefile.domain.families.contact import HomeVisitAttempted
from services.casefile.domain.families.family_contact import FamilyCallMade
from services.casefile.domain.families.obligation import (
    DutyFulfilled,
    DutyMissed,
    ObligationEscalated,
    ObligationMissed,
    ObligationsSuspended,
)
from services.casefile.domain.families.unit_work import LeadingGroupMeetingHeld
from tests.casefile.domain.cadence.telling import Told, a_rule, a_school, owed

CALLS = a_rule(code="parent.call", kinds=("family_call",), obligor="parent", role=None)


def assigned(staff: str) -> WorkerAssigned:
    return WorkerAssigned(role="class_teacher", staff=staff, unit="class-31")


def handed_over(old: str, new: str) -> CaseHandedOver:
    return CaseHandedOver(role="class_teacher", from_staff=old, to_staff=new, to_unit="class-31")


def spans(told: Told, now: str) -> list[tuple[int, int, str | None]]:
    answering = told.of("2026-09", now).answerable
    return [(each.since.day, each.until.day, each.staff) for each in answering]


def with_a_hand_over() -> Told:
    told = owed()
    told.tell(assigned("t-101"), "2026-09-01")
    told.tell(handed_over("t-101", "t-102"), "2026-09-16")
    return told


def test_through_a_hand_over_each_answers_for_her_own_days():
    assert spans(with_a_hand_over(), "2026-10-20") == [(1, 15, "t-101"), (16, 30, "t-102")]


def test_accountable_is_whoever_answers_on_the_window_s_last_day():
    told = with_a_hand_over()
    told.sweep("2026-10-20")

    [missed] = told.said(ObligationMissed)
    assert (missed.accountable, missed.unit) == ("t-102", "class-31")


def test_a_hand_over_after_the_window_makes_nobody_accountable_for_the_past():
    told = owed()
    told.tell(assigned("t-101"), "2026-09-01")
    told.tell(handed_over("t-101", "t-102"), "2026-10-01")
    told.sweep("2026-10-20")

    assert told.said(ObligationMissed)[0].accountable == "t-101"


def test_a_hand_over_entered_after_the_close_does_not_change_who_was_accountable():
    told = owed()
    told.tell(assigned("t-101"), "2026-09-01")
    told.tell(handed_over("t-101", "t-102"), "2026-09-16", "2026-10-08 00:00")
    told.sweep("2026-10-20")

    assert told.said(ObligationMissed)[0].accountable == "t-101"


def test_an_empty_post_is_answered_for_by_the_place_and_no_person():
    told = owed()
    told.tell(assigned("t-101"), "2026-09-01")
    unassigned = WorkerUnassigned(role="class_teacher", staff="t-101", reason="left")
    told.tell(unassigned, "2026-09-11")
    told.sweep("2026-10-20")

    assert spans(told, "2026-10-20") == [(1, 10, "t-101"), (11, 30, None)]
    [missed] = told.said(ObligationMissed)
    assert (missed.accountable, missed.unit) == (None, "class-31")


def test_what_the_parents_owe_has_no_member_of_staff_accountable():
    told = owed(CALLS)
    told.tell(assigned("t-101"), "2026-09-01")
    told.sweep("2026-10-20")

    [missed] = told.said(ObligationMissed)
    assert (missed.obligor, missed.accountable, missed.role) == ("parent", None, None)


def test_calls_in_vain_are_no_escalation_when_it_is_the_parents_part():
    told = owed(CALLS)
    for day in ("2026-09-03", "2026-09-10", "2026-09-17"):
        told.tell(
            FamilyCallMade(
                mode="phone", connected=False, initiated_by="child", parties=("child", "mother")
            ),
            day,
        )
    told.sweep("2026-10-20")

    assert told.said(ObligationEscalated) == []


def test_a_school_that_did_not_do_its_duty_has_that_on_its_own_stream():
    told = a_school(a_rule(code="group", subject="unit", kinds=("leading_group_meeting",)))
    told.sweep("2026-10-20")

    [missed] = told.said(DutyMissed)
    assert (missed.unit, missed.accountable, missed.window) == ("school-1", None, "2026-09")


def test_a_duty_made_good_late_stands_beside_its_miss():
    told = a_school(a_rule(code="group", subject="unit", kinds=("leading_group_meeting",)))
    told.sweep("2026-10-20")
    told.tell(LeadingGroupMeetingHeld(present=("t-101",)), "2026-09-25", "2026-10-21")
    told.sweep("2026-10-22")

    assert len(told.said(DutyMissed)) == len(told.said(DutyFulfilled)) == 1
    assert told.of("2026-09", "2026-10-22", "group").outcome == "late"


def test_children_are_judged_by_rules_for_children_and_units_by_rules_for_units():
    group = a_rule(code="group", subject="unit", kinds=("leading_group_meeting",))

    assert [o.rule for o in owed(a_rule(), group).judged("2026-09-10").obligations] == ["talk"]
    assert [o.rule for o in a_school(a_rule(), group).judged("2026-09-10").obligations] == ["group"]


def test_days_of_the_answerable_cover_the_window_without_a_gap():
    answering = with_a_hand_over().of("2026-09", "2026-10-20").answerable

    assert (answering[0].since, answering[-1].until) == (date(2026, 9, 1), date(2026, 9, 30))


def test_nobody_else_is_called_for_while_it_rests():
    told = owed(a_rule(code="visit", kinds=("home_visit",)))
    told.tell(ObligationsSuspended(reason="abroad"), "2026-09-02")
    for day in ("2026-09-03", "2026-09-10"):
        told.tell(HomeVisitAttempted(reason="nobody_home"), day)
    told.sweep("2026-10-20")

    assert told.said(ObligationEscalated) == []
