"""When nothing is owed: too little of a window, rest, holidays, waivers, a closed file."""

from datetime import date

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import Applies, Grace
from services.casefile.domain.families.case import (
    CaseClosed,
    CaseTransferred,
    EligibilityDetermined,
)
from services.casefile.domain.families.obligation import (
    ObligationMissed,
    ObligationOverdue,
    ObligationsResumed,
    ObligationsSuspended,
    ObligationWaived,
)
from services.casefile.domain.families.schooling import BoardingStatusChanged
from tests.casefile.domain.cadence.telling import (
    Told,
    a_policy,
    a_rule,
    an_opening,
    moment,
    owed,
)

AUTUMN = Term(code="2026-2027-1", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 20))
SPRING = Term(code="2026-2027-2", starts_on=date(2027, 2, 24), ends_on=date(2027, 7, 8))


def waiver(starts: str, expires: str, rule: str = "talk") -> ObligationWaived:
    return ObligationWaived(
        policy="school", rule=rule, reason="in_hospital", approved_by="office-1",
        starts_on=date.fromisoformat(starts), expires_on=date.fromisoformat(expires),
    )  # fmt: skip


def why(told: Told, key: str, now: str) -> tuple[str, str | None]:
    found = told.of(key, now)
    return found.outcome, found.why


def test_a_file_opened_after_two_thirds_of_a_window_owes_nothing_in_it():
    assert why(owed(opened="2026-09-21"), "2026-09", "2026-09-30") == ("open", None)
    assert why(owed(opened="2026-09-22"), "2026-09", "2026-09-30") == ("not_due", "began_late")


def test_a_rule_that_begins_in_a_window_asks_from_its_first_day_on():
    told = owed(since="2026-09-21", opened="2026-09-01")
    assert told.of("2026-09", "2026-09-30").window.starts_on == date(2026, 9, 21)

    assert owed(since="2026-09-22", opened="2026-09-01").keys("2026-09-30") == []


def test_a_file_that_is_closed_before_the_window_is_over_owes_nothing_in_it():
    told = owed()
    told.tell(CaseClosed(reason="moved_away"), "2026-09-30")

    assert why(told, "2026-09", "2026-12-01") == ("not_due", "ended_early")
    assert told.sweep("2026-12-01") == []


def test_closing_a_file_does_not_hide_what_was_missed_before():
    told = owed()
    told.tell(CaseClosed(reason="moved_away"), "2026-10-05", "2026-10-05")
    told.sweep("2026-12-01")

    assert told.outcome("2026-09", "2026-12-01") == "missed"


def test_a_closing_entered_after_the_window_was_closed_changes_nothing_in_it():
    told = owed()
    told.tell(CaseClosed(reason="moved_away"), "2026-09-15", "2026-10-20")
    told.sweep("2026-12-01")

    assert told.outcome("2026-09", "2026-12-01") == "missed"


def test_a_transfer_to_a_place_without_the_rule_hides_nothing_that_is_over():
    told = owed(unit="school-1")
    told.tell(
        CaseTransferred(reason="moved", school="school-2", class_unit="class-9"), "2026-10-02"
    )
    told.sweep("2026-12-01")

    assert told.outcome("2026-09", "2026-12-01") == "missed"
    assert why(told, "2026-10", "2026-12-01") == ("not_due", "ended_early")


def test_a_policy_of_a_township_holds_for_its_schools():
    assert owed(unit="town-1").keys("2026-09-10") == ["2026-09"]
    assert owed(unit="school-9").keys("2026-09-10") == []


def test_correcting_the_day_a_file_was_opened_unmakes_no_miss():
    daily, once = owed(), owed()
    for told in (daily, once):
        if told is daily:
            told.sweep("2026-10-08")
        told.correct(told.file.entries[0].record_id, "2026-10-20", "2026-10-25")
        told.sweep("2026-11-01")

        assert len(told.said(ObligationMissed)) == 1
        assert told.outcome("2026-09", "2026-11-01") == "missed"


def test_a_child_with_her_parents_is_owed_nothing_until_she_is_back():
    told = owed()
    away = told.tell(ObligationsSuspended(reason="with_parents"), "2026-09-10")
    assert told.outcome("2026-09", "2026-09-30") == "suspended"

    told.tell(ObligationsResumed(suspension=away), "2026-10-15")
    assert told.outcome("2026-09", "2026-12-01") == "suspended"
    assert told.outcome("2026-10", "2026-10-20") == "open"


def test_a_short_stay_in_hospital_that_is_over_by_the_last_day_excuses_nothing():
    told = owed()
    away = told.tell(ObligationsSuspended(reason="in_hospital"), "2026-09-10")
    told.tell(ObligationsResumed(suspension=away), "2026-09-20")

    assert told.outcome("2026-09", "2026-09-30") == "open"


def test_what_is_done_in_transit_all_the_same_is_done():
    told = owed()
    told.tell(ObligationsSuspended(reason="in_transit"), "2026-09-10")
    told.talk("2026-09-12")

    assert told.outcome("2026-09", "2026-12-01") == "fulfilled"


def test_a_proof_annulled_during_a_suspension_is_no_miss_and_no_fulfilment():
    told = owed()
    told.tell(ObligationsSuspended(reason="in_transit"), "2026-09-10")
    talk = told.talk("2026-09-12")
    told.annul(talk, "2026-11-12")

    assert told.sweep("2026-12-01") == []
    assert told.outcome("2026-09", "2026-12-01") == "suspended"


def test_a_suspension_after_it_was_called_overdue_takes_nothing_back():
    daily, once = owed(), owed()
    for told in (daily, once):
        if told is daily:
            told.sweep("2026-10-02")
        told.tell(ObligationsSuspended(reason="with_parents"), "2026-09-15", "2026-10-03")
        told.sweep("2026-12-01")

        assert len(told.said(ObligationOverdue)) == 1
        assert told.said(ObligationMissed)[:1] == []
        assert told.outcome("2026-09", "2026-12-01") == "suspended"


def test_in_the_holidays_a_rule_for_terms_asks_for_nothing():
    told = Told()
    told.terms(AUTUMN, SPRING)
    told.adopt(a_policy(a_rule(terms_only=True)))
    told.tell(an_opening(), "2026-09-01")

    assert told.keys("2027-04-01")[-3:] == ["2027-01", "2027-03", "2027-04"]
    january = told.of("2027-01", "2027-04-01").window
    assert (january.starts_on, january.due_on) == (date(2027, 1, 1), date(2027, 1, 20))


def test_a_waiver_excuses_the_windows_that_end_before_it_expires():
    told = owed()
    waived = told.tell(waiver("2026-09-20", "2026-10-30"), "2026-09-20")

    assert (told.of("2026-09", "2026-12-01").waiver, told.outcome("2026-09", "2026-12-01")) == (
        waived,
        "waived",
    )
    assert told.outcome("2026-10", "2026-10-31") == "open"


def test_a_waiver_after_the_close_excuses_nothing():
    told = owed()
    told.tell(waiver("2026-09-20", "2026-10-30"), "2026-09-20", "2026-10-08 00:00")
    told.sweep("2026-10-09")

    assert told.outcome("2026-09", "2026-10-09") == "missed"


def test_a_window_that_was_waived_holds_nothing_that_is_entered_after_its_close():
    told = owed(a_rule(grace=Grace(days=5)))
    told.tell(waiver("2026-09-20", "2026-09-30"), "2026-09-20")
    talk = told.talk("2026-09-29", "2026-10-20 10:00")
    told.correct(talk, "2026-10-02", "2026-10-21 10:00")

    assert told.outcome("2026-09", "2026-10-25") == "waived"
    assert told.outcome("2026-10", "2026-10-25") == "fulfilled"


def test_a_waiver_is_for_one_rule():
    told = owed(a_rule(), a_rule(code="visit", kinds=("home_visit",)))
    told.tell(waiver("2026-09-20", "2026-10-30"), "2026-09-20")

    assert told.outcome("2026-09", "2026-09-30", "visit") == "open"


def test_what_may_never_be_waived_is_not_suspended_either():
    told = owed(a_rule(never_waivable=True))
    told.tell(waiver("2026-09-20", "2026-10-30"), "2026-09-20")
    told.tell(ObligationsSuspended(reason="in_hospital"), "2026-09-02")
    told.sweep("2026-12-01")

    assert told.outcome("2026-09", "2026-12-01") == "missed"


def test_a_rule_asks_only_for_the_children_it_is_for():
    told = owed(a_rule(applies=Applies(population=("in_difficulty",))))
    assert told.keys("2026-09-20") == []

    both = EligibilityDetermined(
        population="both", definition="state-council-2016", definition_version=1
    )
    told.tell(both, "2026-10-02")
    assert told.keys("2026-10-20") == ["2026-10"]


def test_who_becomes_a_day_pupil_after_two_thirds_of_a_window_is_not_owed_a_day_pupil_s_visit():
    told = owed(a_rule(applies=Applies(boarding=("day_pupil",))))
    told.tell(BoardingStatusChanged(boarding="boarding"), "2026-09-01")
    told.tell(BoardingStatusChanged(boarding="day_pupil"), "2026-09-22")

    assert why(told, "2026-09", "2026-12-01") == ("not_due", "began_late")
    assert told.outcome("2026-10", "2026-10-02") == "open"


def test_what_is_known_only_after_the_close_excuses_nothing():
    told = owed(a_rule(grace=Grace(days=2)))
    told.tell(ObligationsSuspended(reason="with_parents"), "2026-09-02", "2026-10-08 00:00")
    told.sweep(moment("2026-10-08 00:00"))

    assert told.outcome("2026-09", "2026-10-09") == "missed"


def test_a_file_that_turns_out_to_be_older_owes_the_window_before():
    told = owed(opened="2026-10-02")
    told.correct(told.file.entries[0].record_id, "2026-09-01", "2026-10-03")

    assert told.outcome("2026-09", "2026-10-04") == "open"
