"""Due, overdue, missed, made good: a miss is for ever, and the truth stands beside it."""

from datetime import date, timedelta

import pytest

from services.casefile.domain.cadence.policy import Grace
from services.casefile.domain.families.obligation import (
    ObligationFulfilled,
    ObligationMissed,
    ObligationOverdue,
)
from tests.casefile.domain.cadence.telling import Told, a_rule, moment, owed

GRACE = a_rule(grace=Grace(days=3))
CLOSE = "2026-10-08 00:00"


def september(told: Told, now: str) -> tuple[str, str | None]:
    found = told.of("2026-09", now)
    return found.outcome, found.state(moment(now))


def test_a_talk_in_the_month_is_enough():
    told = owed()
    told.talk("2026-09-30")

    assert september(told, "2026-10-20") == ("fulfilled", "fulfilled")
    assert told.sweep("2026-10-20") == []


def test_due_is_the_last_day_and_not_the_end_of_everything():
    told = owed(GRACE)

    assert september(told, "2026-09-26 23:59") == ("open", "open")
    assert september(told, "2026-09-27 00:00") == ("open", "due_soon")
    assert september(told, "2026-10-03 23:59") == ("open", "due_soon")
    assert september(told, "2026-10-04 00:00") == ("open", "overdue")


def test_overdue_is_said_when_the_grace_is_over_and_missed_at_the_close():
    told = owed(GRACE)

    assert told.sweep("2026-10-03 23:59") == []
    assert [type(rec) for rec in told.sweep("2026-10-04 00:00")] == [ObligationOverdue]
    assert told.sweep("2026-10-07 23:59") == []
    assert [type(rec) for rec in told.sweep(CLOSE)] == [ObligationMissed]


def test_nothing_is_called_overdue_at_the_moment_it_closes():
    told = owed(a_rule(grace=Grace(days=7)))

    assert [type(rec) for rec in told.sweep("2026-10-20")] == [ObligationMissed]


def test_a_miss_is_dated_by_the_window_and_not_by_the_run():
    told = owed()
    told.sweep("2026-10-30")

    [missed] = told.said(ObligationMissed)
    assert missed.closed_on == date(2026, 10, 7)
    assert {e.occurred_on for e in told.file.entries if e.rec is missed} == {date(2026, 10, 7)}


def test_what_was_said_once_is_not_said_again():
    told = owed()
    told.sweep("2026-10-30")

    assert told.sweep("2026-10-30") == []
    assert told.sweep("2026-10-31") == []


def test_two_clocks_that_sweep_late_or_daily_say_the_same():
    daily, once = owed(GRACE), owed(GRACE)
    day = moment("2026-09-01")
    while day <= moment("2026-12-31"):
        daily.sweep(day)
        day += timedelta(days=1)
    once.sweep("2026-12-31")

    def ids(told: Told) -> set[object]:
        return {(e.record_id, e.occurred_on, e.rec) for e in told.file.entries}

    assert ids(daily) == ids(once)


def test_a_clock_that_goes_back_says_nothing_twice_and_keeps_the_miss():
    told = owed()
    told.sweep(CLOSE)

    assert told.sweep("2026-09-15") == []
    assert told.outcome("2026-09", "2026-09-15") == "missed"


def test_a_clock_that_goes_back_past_a_late_entry_keeps_the_miss():
    told = owed()
    told.talk("2026-09-20", "2026-10-15")
    told.sweep("2026-10-16")

    assert told.sweep("2026-10-05") == []
    assert told.outcome("2026-09", "2026-10-05") == "late"


def test_a_visit_entered_after_the_close_stands_beside_the_miss():
    told = owed()
    told.sweep(CLOSE)
    talk = told.talk("2026-09-20", "2026-10-13")
    told.sweep("2026-10-13")

    found = told.of("2026-09", "2026-10-14")
    assert (found.outcome, found.in_window, found.entered_in_time) == ("late", True, False)
    assert len(told.said(ObligationMissed)) == 1
    [made_good] = told.said(ObligationFulfilled)
    assert (made_good.proofs, made_good.in_window) == ((talk,), True)


def test_a_late_entry_before_a_late_sweep_does_not_unmake_the_miss():
    told = owed()
    told.talk("2026-09-20", "2026-10-13")

    told.sweep("2026-10-20")

    assert len(told.said(ObligationMissed)) == 1
    assert told.outcome("2026-09", "2026-10-20") == "late"


def test_a_talk_of_the_next_month_makes_nothing_good():
    told = owed()
    told.sweep(CLOSE)
    told.talk("2026-10-09")
    told.sweep("2026-10-10")

    assert told.outcome("2026-09", "2026-10-10") == "missed"
    assert told.outcome("2026-10", "2026-10-10") == "fulfilled"


@pytest.mark.parametrize(
    ("entered", "outcome"),
    [("2026-10-07 23:59:59", "fulfilled"), ("2026-10-08 00:00:00", "late")],
)
def test_the_last_instant_for_an_entry_is_midnight_in_china(entered, outcome):
    told = owed()
    told.talk("2026-09-30", entered)
    told.sweep("2026-10-20")

    assert told.outcome("2026-09", "2026-10-20") == outcome


def test_midnight_in_greenwich_is_eight_in_the_morning_and_no_border():
    told = owed()
    told.talk("2026-09-30", "2026-10-01 07:59")
    told.talk("2026-10-01", "2026-10-01 00:00")

    assert told.of("2026-09", "2026-10-02").counted == 1
    assert told.of("2026-10", "2026-10-02").counted == 1


def test_due_soon_is_counted_in_days_in_china_wherever_the_clock_stands():
    found = owed().of("2026-09", "2026-09-20")
    midnight = moment("2026-09-27 00:00")

    assert found.state(midnight) == "due_soon"
    assert found.state(midnight.astimezone(tz=None)) == "due_soon"
    assert found.state(moment("2026-09-26 23:59")) == "open"


CELLS = [
    ("2026-09-20", "2026-09-21", True, True),
    ("2026-09-20", "2026-09-30", True, False),
    ("2026-10-02", "2026-10-03", False, True),
    ("2026-10-01", "2026-10-05", False, False),
]


@pytest.mark.parametrize(("done", "entered", "in_window", "in_time"), CELLS)
def test_done_in_the_window_and_entered_in_time_are_two_answers(done, entered, in_window, in_time):
    told = owed(a_rule(grace=Grace(days=6), entry_deadline_days=3))
    told.talk(done, entered)
    told.sweep("2026-12-01")

    found = told.of("2026-09", "2026-12-01")
    assert (found.in_window, found.entered_in_time) == (in_window, in_time)
    assert found.outcome == "fulfilled"


def test_before_anything_is_done_there_is_no_answer():
    found = owed().of("2026-09", "2026-09-20")

    assert (found.in_window, found.entered_in_time) == (None, None)


def test_an_annulled_proof_reopens_the_window_and_the_miss_is_written():
    told = owed()
    talk = told.talk("2026-09-20")
    assert told.sweep("2026-10-20") == []
    annulment = told.annul(talk, "2026-11-03")

    told.sweep("2026-11-04")

    [missed] = told.said(ObligationMissed)
    assert (missed.reopened_by, missed.closed_on) == (annulment, date(2026, 10, 7))
    assert told.outcome("2026-09", "2026-11-04") == "missed"


def test_an_annulment_before_the_close_leaves_time_to_do_it():
    told = owed()
    talk = told.talk("2026-09-10")
    told.annul(talk, "2026-09-12")

    assert told.outcome("2026-09", "2026-09-13") == "open"


def test_a_correction_moves_a_talk_out_of_its_window():
    told = owed()
    talk = told.talk("2026-09-20")
    told.correct(talk, "2026-10-20", "2026-11-03")
    told.sweep("2026-11-04")

    assert told.outcome("2026-09", "2026-11-04") == "missed"
    assert told.outcome("2026-10", "2026-11-04") == "fulfilled"


def test_a_correction_that_moves_a_talk_into_a_missed_window_makes_it_good():
    told = owed()
    talk = told.talk("2026-10-02")
    told.sweep("2026-10-10")
    told.correct(talk, "2026-09-28", "2026-10-12")
    told.sweep("2026-10-12")

    assert told.outcome("2026-09", "2026-10-13") == "late"
    assert told.outcome("2026-10", "2026-10-13") == "open"


def test_an_annulled_late_proof_leaves_the_miss_alone_again():
    told = owed()
    told.sweep("2026-10-10")
    talk = told.talk("2026-09-20", "2026-10-12")
    told.sweep("2026-10-13")
    told.annul(talk, "2026-10-14")
    told.sweep("2026-10-15")

    assert told.outcome("2026-09", "2026-10-15") == "missed"
    assert len(told.said(ObligationMissed)) == 1
