"""N04: a sprained ankle, an orphan in the old people's home, a child who lives alone."""

from services.casefile.domain.cadence.policy import Applies, Rule
from services.casefile.domain.cadence.shapes import CalendarShape, TriggerShape
from tests.casefile.stories.town import DIRECTOR, Town

AFTER_AN_INCIDENT = Rule(
    code="visit.incident", title="受伤后三日内看望", kinds=("home_visit",), role="class_teacher",
    shape=TriggerShape(kind="incident", within_days=3),
)  # fmt: skip
ORPHANS = Rule(
    code="visit.orphan", title="孤儿每月走访", kinds=("home_visit",), role="child_director",
    shape=CalendarShape(every="month"), applies=Applies(special_status=("orphan",)),
)  # fmt: skip


def test_n04_an_injury_an_orphan_and_a_child_alone_are_each_followed_up(town: Town):
    town.adopts("mandatory-report", rules=(AFTER_AN_INCIDENT, ORPHANS))
    hurt, orphan, alone = (
        town.opens(name="禾苗戊"),
        town.opens(name="禾苗己"),
        town.opens(name="禾苗庚"),
    )
    for case in (hurt, orphan, alone):
        town.record(case, "worker", role="child_director", staff="d-201", unit="village-1")
    certificate = {"special_status": "orphan", "holds": True, "basis": "certificate"}
    town.record(orphan, "special_status", **certificate)

    # A fall at school: treated, and visited two days later.
    town.day("2089-09-14")
    fall = {"incident_kind": "fall", "severity": "minor", "place": "school", "account": "扭伤脚踝"}
    incident = town.record(hurt, "incident", **fall)
    town.record(hurt, "treatment", provider="home", outcome="recovered")
    town.day("2089-09-16")
    town.record(hurt, "home_visit", met=["child", "guardian"])

    # The orphan lives in the old people's home: found there once, twice nobody is in.
    town.day("2089-09-20")
    town.record(orphan, "home_visit", DIRECTOR, met=["child"])
    for day in ("2089-10-10", "2089-10-24"):
        town.day(day)
        town.record(orphan, "home_visit_attempt", DIRECTOR, reason="nobody_home")

    # A child lives alone, and is reported within the hour.
    town.day("2089-10-26", at="15:40")
    lives_alone = {"emergency_kind": "left_alone", "occurred_at": "15:00:00"}
    emergency = town.record(alone, "emergency", DIRECTOR, **lives_alone)
    told = [{"authority": "civil_affairs", "told_at": "2089-10-26T15:30:00+08:00"}]
    report = {"ground": "abandoned_or_left_alone", "told": told, "account": "独居"}
    town.record(alone, "mandatory_report", DIRECTOR, occurred_at="15:30:00", **report)
    town.day("2089-11-10")

    # What an inspector sees.
    assert town.states(hurt, "visit.incident") == ["fulfilled"]
    assert town.facts(hurt)[f"incidents.{incident}"]["state"] == "reported"
    assert town.states(hurt, "visit.orphan") == []

    assert town.states(orphan, "visit.orphan") == ["fulfilled", "missed", "open"]
    october = town.owed(orphan, "visit.orphan")["2089-10"]
    assert (october.counted, october.attempts) == (0, 2)
    assert "obligation_escalation" in town.kinds(orphan)

    assert town.states(alone, "report.alone") == ["fulfilled"]
    assert f"emergencies.{emergency}" in town.facts(alone)
