import pytest

from services.notifications.policy.reacting import react
from services.notifications.policy.safety import is_safety
from services.notifications.policy.snapshot import Carer
from tests.notifications.policy.world import LADDER, NIGHT, county, example, missed, told

BY_NOBODY = {"performed_by": {"staff": "x-1", "role": "village_cadre", "unit": "village"}}


def test_an_emergency_at_night_is_told_at_once_to_everybody_around_the_child():
    intents = react(example("emergency-raised", **BY_NOBODY), county(), LADDER, NIGHT)

    assert {(i.urgency, i.not_before) for i in intents} == {("now", NIGHT)}
    assert set(told(intents)) == {"t-101", "d-7", "sup-1", "lead-1", "ca-1", "ca-2"}
    assert all(is_safety(i.kind, i.urgency) for i in intents)


def test_whoever_raised_it_is_not_told_what_they_said():
    intents = react(example("emergency-raised"), county(), LADDER, NIGHT)
    assert "t-101" not in told(intents)


@pytest.mark.parametrize(("severity", "urgency"), [("fatal", "now"), ("minor", "digest")])
def test_a_grave_incident_is_told_at_once_and_a_light_one_in_the_digest(severity, urgency):
    incident = example("incident-reported", severity=severity, **BY_NOBODY)
    intents = react(incident, county(), LADDER, NIGHT)
    assert {i.urgency for i in intents} == {urgency}


@pytest.mark.parametrize("harmer", ["t-101", "lead-1", "sup-1", "ca-1"])
def test_whom_a_report_names_hears_nothing_of_it_and_others_do(harmer):
    report = example("mandatory-report-filed", harmer_staff=harmer, **BY_NOBODY)
    intents = react(report, county(), LADDER, NIGHT)

    assert told(intents)
    assert harmer not in told(intents)
    assert harmer not in repr([i.facts for i in intents])


def test_from_then_on_the_person_hears_nothing_at_all_of_the_child():
    barred = county(hidden=frozenset({"t-101"}))
    for message in (example("emergency-raised", **BY_NOBODY), missed()):
        assert "t-101" not in told(react(message, barred, LADDER, NIGHT))


def test_if_the_only_one_in_a_role_may_hear_nothing_the_next_above_hears_it():
    barred = county(care=(Carer("child_supervisor", "bad-1"),), hidden=frozenset({"bad-1"}))
    intents = react(example("mandatory-report-filed", **BY_NOBODY), barred, LADDER, NIGHT)
    assert "sup-1" in told(intents)


def test_the_all_clear_goes_to_those_who_heard_of_the_emergency():
    raised = example("emergency-raised", **BY_NOBODY)
    [clear] = react(
        example("emergency-resolved", emergency=raised.data["record_id"]), county(), LADDER, NIGHT
    )
    assert {clear.corrects} == {i.dedup for i in react(raised, county(), LADDER, NIGHT)}
    assert (clear.kind, clear.urgency, clear.staff) == ("all_clear", "now", ())


def test_an_emergency_that_nobody_can_hear_is_said_to_be_unheard():
    alone = county(care=(), posts=())
    [intent] = react(example("emergency-raised"), alone, LADDER, NIGHT)
    assert (intent.kind, intent.staff) == ("unheard", ())
