"""Which records count, how many are enough, and that none counts twice."""

from services.casefile.domain.cadence.policy import Grace
from services.casefile.domain.cadence.shapes import ByLevelShape, CalendarShape
from services.casefile.domain.envelope import Author
from services.casefile.domain.families.assessment import CareLevelSet
from services.casefile.domain.families.assignment import PairingEstablished, WorkerAssigned
from services.casefile.domain.families.contact import HomeVisitAttempted, HomeVisitMade, TalkHeld
from services.casefile.domain.families.family_contact import FamilyCallMade, ParentContacted
from services.casefile.domain.families.obligation import (
    ObligationEscalated,
    ObligationFulfilled,
    ObligationMissed,
)
from tests.casefile.domain.cadence.telling import Told, a_rule, owed

VISITS = a_rule(code="visit", kinds=("home_visit",))
MENTOR = Author("t-102", "subject_teacher", "school-1")
STRANGER = Author("t-900", "subject_teacher", "school-1")
NOBODY = HomeVisitAttempted(reason="nobody_home")


def call(*, connected: bool, mode: str = "phone") -> FamilyCallMade:
    return FamilyCallMade(
        mode=mode, connected=connected, initiated_by="staff", parties=("child", "father")
    )


def counted(told: Told, rule: str = "talk", key: str = "2026-09") -> int:
    return told.of(key, "2026-09-30", rule).counted


def test_any_of_the_kinds_counts():
    told = owed(a_rule(kinds=("talk", "home_visit")))
    told.tell(HomeVisitMade(met=("child",)), "2026-09-10")

    assert counted(told) == 1


def test_as_many_are_asked_for_as_the_rule_says():
    told = owed(a_rule(least=2))
    told.talk("2026-09-10")
    assert told.outcome("2026-09", "2026-09-30") == "open"

    told.talk("2026-09-11")
    assert told.outcome("2026-09", "2026-09-30") == "fulfilled"


def test_two_on_one_day_count_once_when_a_gap_is_asked_for():
    told = owed(a_rule(least=2, gap_days=14))
    for day in ("01", "10", "14"):
        told.talk(f"2026-09-{day}")
    assert counted(told) == 1

    told.talk("2026-09-15")
    assert counted(told) == 2


def test_one_visit_may_count_for_several_rules():
    told = owed(a_rule(kinds=("talk", "home_visit")), VISITS)
    told.tell(HomeVisitMade(met=("child",)), "2026-09-10")

    assert (counted(told), counted(told, "visit")) == (1, 1)


def test_what_is_done_within_the_grace_makes_up_for_the_month_before_and_counts_there_only():
    told = owed(a_rule(grace=Grace(days=5)))
    told.talk("2026-10-05")

    assert told.of("2026-09", "2026-10-06").outcome == "fulfilled"
    assert told.of("2026-09", "2026-10-06").in_window is False
    assert told.of("2026-10", "2026-10-06").outcome == "open"


def test_what_is_done_after_the_grace_counts_for_its_own_month():
    told = owed(a_rule(grace=Grace(days=5)))
    told.talk("2026-10-06")

    assert told.of("2026-09", "2026-10-06").outcome == "open"
    assert told.of("2026-10", "2026-10-06").outcome == "fulfilled"


def test_what_did_not_save_a_month_is_not_lost_to_the_next_one():
    told = owed(a_rule(least=2, grace=Grace(days=5)))
    told.talk("2026-10-03")
    told.talk("2026-10-20")
    told.sweep("2026-12-01")

    assert told.outcome("2026-09", "2026-12-01") == "missed"
    assert told.outcome("2026-10", "2026-12-01") == "fulfilled"


def test_a_late_entry_in_september_does_not_save_october_any_more():
    told = owed(a_rule(grace=Grace(days=5)))
    told.talk("2026-10-03")
    told.sweep("2026-11-20")
    told.talk("2026-09-20", "2026-11-21")
    told.sweep("2026-11-22")

    assert told.outcome("2026-09", "2026-11-22") == "fulfilled"
    assert told.outcome("2026-10", "2026-11-22") == "missed"
    assert len(told.said(ObligationMissed)) == 1


def test_a_call_that_did_not_connect_is_no_call():
    told = owed(a_rule(kinds=("family_call",)))
    told.tell(call(connected=False), "2026-09-10")
    assert counted(told) == 0

    told.tell(call(connected=True), "2026-09-11")
    assert counted(told) == 1


def test_a_rule_may_ask_for_a_field_to_have_a_value():
    told = owed(a_rule(kinds=("family_call",), requires={"mode": ("video", "wechat")}))
    told.tell(call(connected=True), "2026-09-10")
    assert counted(told) == 0

    told.tell(call(connected=True, mode="video"), "2026-09-11")
    assert counted(told) == 1


def test_a_visit_counts_as_a_talk_only_when_its_card_is_filled_in():
    told = owed(a_rule(requires={"own_words": "present"}))
    told.talk("2026-09-10")
    assert counted(told) == 0

    told.tell(TalkHeld(own_words="想妈妈"), "2026-09-11")
    assert counted(told) == 1


def test_only_those_who_are_named_count():
    told = owed(a_rule(performers=("child_director",)))
    told.talk("2026-09-10")
    assert counted(told) == 0

    told.talk("2026-09-11", by=Author("d-201", "child_director", "village-1"))
    assert counted(told) == 1


def test_the_one_assigned_to_the_child_counts_and_no_other_of_that_role():
    told = owed(a_rule(performers=("assigned",), role="subject_teacher"))
    told.tell(WorkerAssigned(role="subject_teacher", staff="t-102"), "2026-09-05")
    told.talk("2026-09-10", by=STRANGER)
    told.talk("2026-09-04", by=MENTOR)
    assert counted(told) == 0

    told.talk("2026-09-11", by=MENTOR)
    assert counted(told) == 1


def test_a_mentor_is_whoever_is_paired_with_the_child():
    told = owed(a_rule(performers=("mentor",), role="mentor"))
    told.tell(PairingEstablished(pairing_kind="teacher", mentor="t-102"), "2026-09-05")
    told.talk("2026-09-10", by=STRANGER)
    assert counted(told) == 0

    told.talk("2026-09-11", by=MENTOR)
    assert counted(told) == 1


def test_an_attempt_is_an_effort_and_not_a_visit():
    told = owed(VISITS)
    told.tell(NOBODY, "2026-09-10")

    found = told.of("2026-09", "2026-09-30", "visit")
    assert (found.counted, found.attempts, found.outcome) == (0, 1, "open")


def test_the_second_attempt_in_vain_calls_for_somebody_else_once():
    told = owed(VISITS)
    told.tell(NOBODY, "2026-09-10")
    assert told.sweep("2026-09-11") == []

    second = told.tell(NOBODY, "2026-09-12")
    told.tell(NOBODY, "2026-09-13")
    told.sweep("2026-09-14")
    told.sweep("2026-10-20")

    [escalated] = told.said(ObligationEscalated)
    assert escalated.attempts[-1] == second


def test_an_escalation_is_the_same_when_an_attempt_is_annulled_before_a_late_sweep():
    daily, once = owed(VISITS), owed(VISITS)
    for told in (daily, once):
        first = told.tell(NOBODY, "2026-09-10")
        told.tell(NOBODY, "2026-09-12")
        if told is daily:
            told.sweep("2026-09-13")
        told.annul(first, "2026-09-14")
        told.sweep("2026-12-01")

    assert daily.said(ObligationEscalated) == once.said(ObligationEscalated) != []


def test_a_parent_nobody_reached_is_an_attempt():
    told = owed(a_rule(kinds=("parent_contact",)))
    told.tell(ParentContacted(mode="phone", parents="father", outcome="not_reached"), "2026-09-10")

    assert (counted(told), told.of("2026-09", "2026-09-30").attempts) == (0, 1)


def test_the_length_of_a_window_depends_on_the_level_of_care():
    shape = ByLevelShape(every={"universal": "quarter", "key": "month", "case_service": "iso_week"})
    told = owed(a_rule(shape=shape), opened="2026-07-01", since="2026-07-01")
    told.tell(CareLevelSet(level="key"), "2026-10-01")
    told.tell(CareLevelSet(level="case_service"), "2026-11-02")

    owing = [o for o in told.judged("2026-11-20").obligations if o.outcome != "not_due"]
    assert [o.window.key for o in owing] == [
        "2026-Q3", "2026-10", "2026-W45", "2026-W46", "2026-W47",
    ]  # fmt: skip


def test_a_level_that_no_rule_names_asks_for_nothing():
    told = owed(a_rule(shape=ByLevelShape(every={"case_service": "iso_week"})))

    assert told.keys("2026-11-20") == []


def test_a_week_is_counted_from_monday_to_sunday():
    told = owed(a_rule(shape=CalendarShape(every="iso_week")))
    told.talk("2026-09-13")
    told.talk("2026-09-14")

    counts = [o.counted for o in told.judged("2026-09-20").obligations]
    assert counts == [0, 1, 1]


def test_a_miss_is_made_good_once_by_what_came_first():
    told = owed()
    told.sweep("2026-10-08")
    first = told.talk("2026-09-20", "2026-10-12")
    told.talk("2026-09-05", "2026-10-14")
    told.sweep("2026-10-15")

    [made_good] = told.said(ObligationFulfilled)
    assert made_good.proofs == (first,)


def test_a_clock_behind_the_log_does_not_say_what_it_cannot_know():
    told = owed(a_rule(grace=Grace(days=5)))
    told.talk("2026-10-03")
    told.sweep("2026-11-20")
    told.talk("2026-11-02", "2026-11-21")

    assert told.sweep("2026-10-05") == []
