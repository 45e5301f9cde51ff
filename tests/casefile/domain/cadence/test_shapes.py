"""Which stretches of time a rule asks about, and when each is due."""

from datetime import date

import pytest

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.shapes import (
    CalendarShape,
    DatedShape,
    IntervalShape,
    MilestoneShape,
)
from services.casefile.domain.cadence.spans import containing
from services.casefile.domain.families.assignment import WorkerAssigned
from tests.casefile.domain.cadence.telling import Told, a_policy, a_rule, an_opening, owed

AUTUMN = Term(code="2026-2027-1", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 20))
SPRING = Term(code="2026-2027-2", starts_on=date(2027, 2, 24), ends_on=date(2027, 7, 8))


def days(told: Told, key: str, now: str) -> tuple[str, str]:
    window = told.of(key, now).window
    return window.starts_on.isoformat(), window.ends_on.isoformat()


def in_terms(*rules, opened: str = "2026-09-01") -> Told:
    told = Told()
    told.terms(AUTUMN, SPRING)
    told.adopt(a_policy(*rules))
    told.tell(an_opening(), opened)
    return told


@pytest.mark.parametrize(
    ("span", "day", "key", "first", "last"),
    [
        ("iso_week", "2026-11-22", "2026-W47", "2026-11-16", "2026-11-22"),
        ("iso_week", "2027-01-03", "2026-W53", "2026-12-28", "2027-01-03"),
        ("iso_week", "2027-01-04", "2027-W01", "2027-01-04", "2027-01-10"),
        ("half_month", "2026-11-15", "2026-11-A", "2026-11-01", "2026-11-15"),
        ("half_month", "2028-02-16", "2028-02-B", "2028-02-16", "2028-02-29"),
        ("month", "2027-02-28", "2027-02", "2027-02-01", "2027-02-28"),
        ("quarter", "2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("half_year", "2026-07-01", "2026-S2", "2026-07-01", "2026-12-31"),
        ("half_year", "2026-06-30", "2026-S1", "2026-01-01", "2026-06-30"),
        ("school_year", "2026-08-31", "2025-2026", "2025-09-01", "2026-08-31"),
        ("school_year", "2026-09-01", "2026-2027", "2026-09-01", "2027-08-31"),
        ("year", "2026-11-22", "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_day_lies_in_one_window_of_its_kind(span, day, key, first, last):
    found = containing(span, date.fromisoformat(day))

    assert (found.key, found.starts_on.isoformat(), found.ends_on.isoformat()) == (key, first, last)


@pytest.mark.parametrize(
    "span", ["iso_week", "half_month", "month", "quarter", "half_year", "school_year", "year"]
)
def test_windows_of_a_kind_follow_each_other_without_a_gap(span):
    day = date(2026, 9, 1)
    for _ in range(60):
        here = containing(span, day)
        following = containing(span, date.fromordinal(here.ends_on.toordinal() + 1))
        assert following.starts_on.toordinal() == here.ends_on.toordinal() + 1
        assert following.key > here.key
        day = following.starts_on


def test_a_term_is_a_window_and_the_holidays_between_are_none():
    told = in_terms(a_rule(shape=CalendarShape(every="term")))

    assert told.keys("2027-03-01") == ["2026-2027-1", "2026-2027-2"]
    assert days(told, "2026-2027-1", "2026-10-01") == ("2026-09-01", "2027-01-20")


def test_a_milestone_lies_around_a_moment_of_the_term():
    told = in_terms(
        a_rule(code="visit.start", shape=MilestoneShape(at="term_start", after=14)),
        a_rule(shape=MilestoneShape(at="mid_term", before=7, after=7)),
        a_rule(code="visit.end", shape=MilestoneShape(at="term_end", before=14)),
    )

    assert days(told, "2026-2027-1:mid_term", "2026-11-10") == ("2026-11-03", "2026-11-17")
    start = told.of("2026-2027-1:term_start", "2026-11-10", "visit.start").window
    end = told.of("2026-2027-1:term_end", "2027-01-10", "visit.end").window
    assert (start.starts_on, start.ends_on) == (date(2026, 9, 1), date(2026, 9, 15))
    assert (end.starts_on, end.ends_on) == (date(2027, 1, 6), date(2027, 1, 20))


def test_a_dated_rule_opens_some_days_before_its_day():
    told = owed(a_rule(shape=DatedShape(by=("12-30",), open_days=10)))

    assert told.keys("2026-12-19") == []
    assert days(told, "2026-12-30", "2026-12-20") == ("2026-12-20", "2026-12-30")


def test_a_rule_for_29_february_asks_for_nothing_in_other_years():
    told = owed(a_rule(shape=DatedShape(by=("02-29",), open_days=20)))

    assert told.keys("2028-12-31") == ["2028-02-29"]


def test_a_day_named_with_its_year_comes_once():
    told = owed(a_rule(shape=DatedShape(by=("2026-12-30",), open_days=10)))

    assert told.keys("2028-12-31") == ["2026-12-30"]


def test_an_interval_begins_anew_after_the_day_it_was_done():
    told = owed(a_rule(shape=IntervalShape(days=14)))
    told.talk("2026-09-05")

    assert told.keys("2026-09-20") == ["2026-09-01", "2026-09-06", "2026-09-20"]


def test_an_interval_from_the_start_keeps_its_rhythm_whenever_it_was_done():
    told = owed(a_rule(shape=IntervalShape(days=14, anchor="start")))
    told.talk("2026-09-05")

    assert told.keys("2026-09-29") == ["2026-09-01", "2026-09-15", "2026-09-29"]


def test_an_interval_goes_on_through_a_new_version_without_owing_a_day_twice():
    told = owed(a_rule(shape=IntervalShape(days=14, anchor="start")))
    told.adopt(
        a_policy(a_rule(shape=IntervalShape(days=7)), version=2, since="2026-09-20"), "2026-09-18"
    )

    owing = [(o.window.key, o.version) for o in told.judged("2026-10-05").obligations]
    assert owing == [("2026-09-01", 1), ("2026-09-15", 1), ("2026-09-29", 2)]


def test_an_interval_does_not_move_when_something_earlier_is_entered_later():
    told = owed(a_rule(shape=IntervalShape(days=14, anchor="start")), opened="2026-09-10")
    told.tell(WorkerAssigned(role="mentor", staff="t-102"), "2026-09-05", "2026-09-20")

    assert told.keys("2026-09-30") == ["2026-09-10", "2026-09-24"]


def test_an_interval_that_may_still_move_is_not_called_overdue():
    daily, once = (owed(a_rule(shape=IntervalShape(days=14))) for _ in range(2))
    for told in (daily, once):
        talk = told.talk("2026-09-02")
        if told is daily:
            assert told.sweep("2026-09-18") == []
        told.annul(talk, "2026-09-20")
        told.sweep("2026-10-30")

    assert daily.keys("2026-10-30") == once.keys("2026-10-30")
    assert {e.record_id for e in daily.file.entries} == {e.record_id for e in once.file.entries}


@pytest.mark.parametrize("anchor", ["last", "start"])
def test_an_interval_that_may_still_move_is_not_missed_after_a_change_of_the_policy(anchor):
    slow = a_rule(shape=IntervalShape(days=5), entry_deadline_days=11)
    quick = a_rule(shape=IntervalShape(days=5, anchor=anchor), entry_deadline_days=1)
    daily, once = (owed(slow, opened="2026-09-20") for _ in range(2))
    for told in (daily, once):
        told.adopt(a_policy(quick, version=2, since="2026-09-22"), "2026-09-21")
        if told is daily:
            for day in ("2026-10-02", "2026-10-03", "2026-10-05"):
                assert "missed" not in {o.outcome for o in told.judged(day).obligations}
                told.sweep(day)
        told.talk("2026-09-22", "2026-10-05T12:00")
        told.sweep("2026-10-30")

    assert daily.keys("2026-10-30") == once.keys("2026-10-30")
    assert {e.rec.window for e in daily.file.entries if e.kind.slug == "obligation_missed"} == {
        e.rec.window for e in once.file.entries if e.kind.slug == "obligation_missed"
    }
