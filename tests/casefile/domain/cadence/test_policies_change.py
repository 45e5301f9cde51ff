"""Policies come, change and go; what is over stays as it was judged."""

from datetime import date

from services.casefile.domain.cadence.policy import Grace
from services.casefile.domain.cadence.shapes import CalendarShape, DatedShape
from services.casefile.domain.families.obligation import ObligationMissed
from tests.casefile.domain.cadence.telling import Told, a_policy, a_rule, an_opening, owed

STRICTER = a_rule(least=4)
WEEKLY = a_rule(shape=CalendarShape(every="iso_week"))


def owing(told: Told, now: str) -> list[tuple[str, int, str]]:
    return [(o.window.key, o.version, o.outcome) for o in told.judged(now).obligations]


def test_a_window_is_judged_to_its_end_by_the_version_it_began_under():
    told = owed()
    told.adopt(a_policy(STRICTER, version=2, since="2026-10-15"), "2026-10-10")
    for day in ("2026-09-10", "2026-10-20", "2026-11-10"):
        told.talk(day)

    assert owing(told, "2026-11-20") == [
        ("2026-09", 1, "fulfilled"),
        ("2026-10", 1, "fulfilled"),
        ("2026-11", 2, "open"),
    ]


def test_a_policy_change_judges_nothing_again():
    told = owed()
    told.talk("2026-09-10")
    told.sweep("2026-10-08")
    before = owing(told, "2026-10-08")
    told.adopt(a_policy(STRICTER, version=2, since="2026-10-09"), "2026-10-09")

    assert told.sweep("2026-10-09") == []
    assert owing(told, "2026-10-09") == before


def test_a_gentler_policy_excuses_no_miss():
    told = owed(STRICTER)
    told.talk("2026-09-10")
    told.sweep("2026-10-08")
    told.adopt(a_policy(version=2, since="2026-10-09"), "2026-10-09")

    assert told.outcome("2026-09", "2026-10-20") == "missed"


def test_a_week_that_runs_when_weeks_begin_to_count_is_left_out():
    told = owed()
    told.adopt(a_policy(WEEKLY, version=2, since="2026-10-28"), "2026-10-20")

    keys = [key for key, *_ in owing(told, "2026-11-10")]
    assert keys == ["2026-09", "2026-10", "2026-W45", "2026-W46"]


def test_what_was_over_before_the_policy_was_adopted_is_never_judged():
    told = Told()
    told.tell(an_opening(), "2026-09-01")
    told.adopt(a_policy(), "2026-10-01")

    assert told.keys("2026-10-20") == ["2026-10"]
    assert told.sweep("2026-10-20") == []


def test_a_window_that_ends_on_the_day_of_the_adoption_is_judged():
    told = Told()
    told.tell(an_opening(), "2026-09-01")
    told.adopt(a_policy(), "2026-09-30")
    told.sweep("2026-10-20")

    assert len(told.said(ObligationMissed)) == 1


def test_a_rule_that_is_new_in_a_version_begins_with_it():
    told = owed()
    added = a_rule(code="visit", kinds=("home_visit",))
    told.adopt(a_policy(a_rule(), added, version=2, since="2026-10-10"), "2026-10-05")

    assert told.of("2026-10", "2026-10-20", "visit").window.starts_on == date(2026, 10, 10)


def test_a_rule_that_a_version_drops_is_owed_until_the_end_of_its_window():
    told = owed(a_rule(), a_rule(code="visit", kinds=("home_visit",)))
    told.adopt(a_policy(a_rule(), version=2, since="2026-10-10"), "2026-10-05")

    assert told.keys("2026-12-01", "visit") == ["2026-09", "2026-10"]


def test_a_withdrawn_policy_asks_for_nothing_that_is_not_over_by_its_last_day():
    told = owed()
    told.withdraw("2026-10-30", at="2026-10-20")

    assert told.keys("2026-12-01") == ["2026-09"]
    told.sweep("2026-12-01")
    assert told.outcome("2026-09", "2026-12-01") == "missed"


def test_a_withdrawal_ends_the_version_in_force_and_the_one_to_come():
    told = owed()
    told.adopt(a_policy(version=2, since="2027-01-01"), "2026-10-01")
    told.withdraw("2026-11-30", at="2026-11-05")

    assert told.keys("2027-03-01") == ["2026-09", "2026-10", "2026-11"]


def test_after_a_pause_a_policy_begins_anew():
    told = owed()
    told.withdraw("2026-10-31", at="2026-10-20")
    told.adopt(a_policy(version=2, since="2026-12-10"), "2026-12-05")

    assert told.keys("2027-01-02") == ["2026-09", "2026-10", "2026-12", "2027-01"]
    assert told.of("2026-12", "2027-01-02").window.starts_on == date(2026, 12, 10)


def test_a_due_day_moves_to_a_working_day_and_is_provisional_without_the_notice():
    new_year = a_rule(shape=DatedShape(by=("2027-01-01",), open_days=10), roll="next_working_day")
    told = owed(new_year)
    assert told.of("2027-01-01", "2026-12-30").window.provisional is True

    told.notice(2026, "2026-10-01", at="2025-11-20")
    told.notice(2027, "2027-01-01", "2027-01-02", "2027-01-03", at="2026-12-31")
    [found] = told.judged("2026-12-31").obligations
    assert (found.window.due_on, found.window.provisional) == (date(2027, 1, 4), False)


def test_a_deadline_that_is_over_is_not_computed_again_when_the_notice_comes():
    told = owed(a_rule(grace=Grace(working_days=3), entry_deadline_days=0))
    before = told.of("2026-09", "2026-10-06").window
    told.sweep("2026-10-06")
    told.notice(2026, *(f"2026-10-0{day}" for day in range(1, 8)), at="2026-10-06")

    assert told.of("2026-09", "2026-10-06").window == before
    assert told.sweep("2026-10-20") == []


def test_working_days_of_the_grace_leave_out_the_days_off_that_are_known():
    told = owed(a_rule(grace=Grace(working_days=3), entry_deadline_days=0))
    told.notice(2026, *(f"2026-10-0{day}" for day in range(1, 8)), at="2025-11-20")

    window = told.of("2026-09", "2026-10-06").window
    assert window.closes_at.date() == date(2026, 10, 13)
    assert window.provisional is False
