"""What is owed because something happened: within days, working days or hours of it."""

from datetime import date, time

from services.casefile.domain.cadence.obligation import Obligation
from services.casefile.domain.cadence.shapes import TriggerShape
from services.casefile.domain.families.assessment import RiskAssessed, RiskScores
from services.casefile.domain.families.contact import HomeVisitMade
from services.casefile.domain.families.obligation import ObligationMissed
from services.casefile.domain.families.safety import IncidentReported, MandatoryReportFiled
from services.casefile.domain.families.safety import Told as TellingOf
from tests.casefile.domain.cadence.telling import Told, a_policy, a_rule, an_opening, moment, owed

VISIT = HomeVisitMade(met=("child",))


SCORE = {"green": 90, "blue": 70, "yellow": 50, "red": 30}


def risk(level: str) -> RiskAssessed:
    score = SCORE[level]
    scores = RiskScores(guardianship=score, physiological=score, behavioural=score)
    return RiskAssessed(
        instrument="local-risk", instrument_version=1, scores=scores, score=score, level=level
    )


def reacting(raised: bool = False, **shape) -> Told:
    within = shape or {"within_days": 3}
    trigger = TriggerShape(kind="risk", raised=raised, **within)
    return owed(a_rule(code="react", kinds=("home_visit",), shape=trigger))


def windows(told: Told, now: str) -> list[Obligation]:
    return list(told.judged(now).obligations)


def test_a_visit_is_owed_within_days_of_what_happened():
    told = reacting()
    told.tell(risk("red"), "2026-11-10")

    [found] = windows(told, "2026-11-11")
    assert (found.window.starts_on, found.window.due_on) == (date(2026, 11, 10), date(2026, 11, 13))


def test_working_days_leave_out_weekends_and_days_off():
    told = reacting(within_working_days=3)
    told.notice(2026, "2026-11-16", work=["2026-11-14"], at="2026-01-05")
    told.tell(risk("red"), "2026-11-13")

    [found] = windows(told, "2026-11-14")
    assert found.window.due_on == date(2026, 11, 18)


def test_only_a_raised_level_asks_for_a_visit():
    told = reacting(raised=True)
    for level, day in (("green", "02"), ("yellow", "03"), ("blue", "10"), ("red", "17")):
        told.tell(risk(level), f"2026-11-{day}")

    assert [o.window.starts_on.day for o in windows(told, "2026-11-18")] == [3, 17]


def test_one_visit_answers_one_event_only():
    told = reacting()
    told.tell(risk("red"), "2026-11-10")
    told.tell(risk("red"), "2026-11-11")
    told.tell(VISIT, "2026-11-12")

    assert [o.outcome for o in windows(told, "2026-11-12")] == ["fulfilled", "open"]


def test_nothing_is_owed_for_an_event_that_was_annulled_in_time():
    told = reacting()
    event = told.tell(risk("red"), "2026-11-10")
    told.annul(event, "2026-11-12")

    assert windows(told, "2026-12-10") == []
    assert told.sweep("2026-12-10") == []


def test_an_event_annulled_after_the_close_leaves_the_miss_whoever_sweeps_when():
    told = reacting()
    event = told.tell(risk("red"), "2026-11-10")
    told.annul(event, "2026-12-01")

    told.sweep("2026-12-10")

    assert len(told.said(ObligationMissed)) == 1


def test_an_event_before_the_policy_was_adopted_is_never_judged():
    told = Told()
    told.tell(an_opening(), "2026-09-01")
    told.tell(risk("red"), "2026-09-10")
    shape = TriggerShape(kind="risk", within_days=3)
    told.adopt(a_policy(a_rule(kinds=("home_visit",), shape=shape)), "2026-11-02")

    assert windows(told, "2026-12-10") == []


def reporting(**options) -> Told:
    shape = TriggerShape(kind="incident", when={"severity": "serious"}, within_hours=1)
    kinds = ("mandatory_report",)
    return owed(a_rule(code="report", kinds=kinds, shape=shape, never_waivable=True, **options))


def harm(severity: str = "serious") -> IncidentReported:
    return IncidentReported(incident_kind="injury", severity=severity, place="home", account="骨折")


def report() -> MandatoryReportFiled:
    told = (TellingOf(authority="police", told_at=moment("2026-11-10 09:30")),)
    return MandatoryReportFiled(ground="other_grave_harm", told=told, account="已报")


def test_an_hour_is_counted_from_the_moment_it_happened():
    told = reporting()
    told.tell(harm(), "2026-11-10", "2026-11-10 09:10", occurred_at=time(9))

    [found] = windows(told, "2026-11-10 09:20")
    assert found.window.due_at == moment("2026-11-10 10:00")


def test_an_event_of_another_sort_asks_for_nothing():
    told = reporting()
    told.tell(harm("minor"), "2026-11-10")

    assert windows(told, "2026-11-11") == []


def test_a_report_within_the_hour_is_in_the_window():
    told = reporting()
    told.tell(harm(), "2026-11-10", "2026-11-10 09:10", occurred_at=time(9))
    told.tell(report(), "2026-11-10", "2026-11-10 14:00", occurred_at=time(9, 59))

    [found] = windows(told, "2026-11-11")
    assert (found.outcome, found.in_window) == ("fulfilled", True)


def test_a_report_after_the_hour_is_missed_and_made_good_on_the_same_day():
    told = reporting()
    told.tell(harm(), "2026-11-10", "2026-11-10 09:10", occurred_at=time(9))
    told.tell(report(), "2026-11-10", "2026-11-10 14:00", occurred_at=time(10, 30))

    told.sweep("2026-12-01")

    [found] = windows(told, "2026-12-01")
    assert (found.outcome, found.in_window) == ("late", False)


def test_a_miss_of_a_trigger_is_made_good_by_whatever_comes_after_it():
    told = reacting()
    told.tell(risk("red"), "2026-11-10")
    told.sweep("2026-11-30")
    told.tell(VISIT, "2026-12-05")
    told.sweep("2026-12-06")

    assert [o.outcome for o in windows(told, "2026-12-06")] == ["late"]


def test_a_visit_that_a_later_event_asked_for_makes_no_earlier_miss_good():
    told = reacting()
    told.tell(risk("red"), "2026-11-10")
    told.tell(risk("red"), "2026-11-25")
    told.tell(VISIT, "2026-11-26")
    told.sweep("2026-12-20")

    assert [o.outcome for o in windows(told, "2026-12-20")] == ["missed", "fulfilled"]


def test_thirty_events_at_once_ask_for_thirty_visits():
    told = reacting()
    for _ in range(30):
        told.tell(risk("red"), "2026-11-10")
    told.tell(VISIT, "2026-11-11")

    assert sorted(o.outcome for o in windows(told, "2026-11-12")) == ["fulfilled", *["open"] * 29]
