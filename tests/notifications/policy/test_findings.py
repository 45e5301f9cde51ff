"""Whoever has to answer a finding hears of it, and is reminded; an answer ends the reminding."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.policy.days import day_in_china
from services.notifications.policy.ladder import Ladder
from services.notifications.policy.reacting import react
from services.notifications.policy.reading import read_ladder
from services.notifications.policy.snapshot import Post, Snapshot
from services.notifications.policy.timing import Timing
from tests.notifications.policy.test_properties import MOMENTS, SNAPSHOTS, STAFF
from tests.notifications.policy.world import CASE, LADDER, NIGHT, NOON, SINCE, county, example, told

FINDING = "018f0000-0000-7000-8000-00000000f001"


def raised(**data):
    """On Wednesday 2026-11-18: to be answered by the Monday, to be put right in December."""
    given = {"record_id": FINDING, "case": str(CASE), "worker": "t-109", "unit": None}
    given["performed_by"] = {"staff": "i-1", "role": "inspector", "unit": "county"}
    return example("finding-raised", **given | data)


def moments(intents):
    return {i.facts["rung"]: str(day_in_china(i.not_before)) for i in intents if i.staff}


def test_the_worker_a_finding_names_hears_of_it_at_once_and_nobody_else_does():
    intents = react(raised(), county(), LADDER, NOON)

    assert told(intents, "finding") == ["t-109"]
    [first] = [i for i in intents if i.kind == "finding"]
    assert (first.urgency, first.not_before, first.case_id) == ("now", NOON, CASE)
    assert first.facts["finding_code"] == "denied_by_guardian"
    assert (first.facts["reply_by"], first.facts["deadline"]) == ("2026-11-23", "2026-12-10")


def test_a_finding_is_no_emergency_and_waits_for_the_morning():
    [first] = [i for i in react(raised(), county(), LADDER, NIGHT) if i.kind == "finding"]

    assert (first.urgency, str(day_in_china(first.not_before))) == ("digest", "2026-11-19")


def test_of_a_finding_that_names_nobody_those_who_care_for_the_child_hear():
    intents = react(raised(worker=None), county(), LADDER, NOON)

    assert told(intents, "finding") == ["t-101", "d-7"]


def test_of_a_finding_about_a_unit_whoever_leads_it_hears_and_it_is_about_no_child():
    intents = react(raised(worker=None, case=None, unit="school"), county(care=()), LADDER, NOON)

    assert told(intents, "finding") == ["lead-1", "sup-1"]
    assert {i.case_id for i in intents} == {None}


def test_where_nobody_nearer_is_found_the_county_hears():
    known = Snapshot(
        posts=(Post("county_civil_affairs", "ca-1", "county", SINCE),), chains=(("county",),)
    )

    assert told(react(raised(worker=None), known, LADDER, NOON), "finding") == ["ca-1"]
    [nobody] = react(raised(worker=None), Snapshot(), LADDER, NOON)
    assert (nobody.kind, nobody.staff) == ("unheard", ())


def test_whoever_raised_it_and_whom_a_report_names_are_not_told_of_it():
    own = raised(worker=None, performed_by={"staff": "d-7", "role": "inspector", "unit": "county"})
    hidden = county(care=(), hidden=frozenset({"t-109"}))

    assert told(react(own, county(), LADDER, NOON), "finding") == ["t-101"]
    assert "t-109" not in told(react(raised(), hidden, LADDER, NOON))
    assert told(react(raised(), hidden, LADDER, NOON), "finding") == ["lead-1", "sup-1"]


def test_both_days_are_reminded_of_on_a_working_day_before():
    found = moments(react(raised(), county(), LADDER, NOON))

    # Two days before the Monday is a Saturday.
    assert found == {
        "finding": "2026-11-18", "finding_reply": "2026-11-20", "finding_deadline": "2026-12-07",
    }  # fmt: skip


def test_a_day_that_is_near_or_over_is_not_reminded_of():
    late = NOON + timedelta(days=60)

    assert moments(react(raised(reply_by="2026-11-19"), county(), LADDER, NOON)).keys() == {
        "finding", "finding_deadline",
    }  # fmt: skip
    assert moments(react(raised(), county(), LADDER, late)).keys() == {"finding"}


@pytest.mark.parametrize(
    ("message", "stopped"),
    [
        (("explanation-given", {}), {"finding_reply"}),
        (("rectification-recorded", {}), {"finding_reply", "finding_deadline"}),
        (
            ("finding-decided", {"outcome": "rectified"}),
            {"raised", "finding_reply", "finding_deadline"},
        ),
        (
            ("finding-decided", {"outcome": "withdrawn"}),
            {"raised", "finding_reply", "finding_deadline"},
        ),
        (("finding-decided", {"outcome": "upheld"}), set()),
    ],
)
def test_an_answer_stops_the_reminders_that_it_makes_superfluous(message, stopped):
    written = {i.dedup for i in react(raised(), county(), LADDER, NOON)}
    name, data = message

    intents = react(example(name, finding=FINDING, **data), county(), LADDER, NOON)

    stops = {key for intent in intents for key in intent.stops}
    assert stops <= written
    assert {key.rpartition("|")[2] for key in stops} == stopped
    assert told(intents) == []


def test_a_ladder_that_says_nothing_of_findings_has_the_usual_steps():
    plain = {k: v for k, v in msgspec.to_builtins(LADDER).items() if k != "findings"}

    assert msgspec.convert(plain, Ladder).findings == LADDER.findings


def test_an_office_may_tell_others_too():
    own = msgspec.to_builtins(LADDER)
    own["findings"] = [{"code": "f", "at": "raised", "to": ["concerned", "school_lead"]}]
    intents = react(raised(), county(), read_ladder(msgspec.json.encode(own)), NOON)

    assert told(intents, "finding") == ["t-109", "lead-1"]
    assert {i.urgency for i in intents} == {"digest"}


FINDINGS = st.builds(
    lambda worker, case, unit: raised(worker=worker, case=case, unit=unit),
    st.none() | STAFF,
    st.none() | st.just(str(CASE)),
    st.none() | st.just("school"),
)


@settings(deadline=None)
@given(FINDINGS, SNAPSHOTS, MOMENTS, MOMENTS)
def test_whenever_it_is_decided_the_same_people_hear_of_a_finding_once(
    message, snapshot, now, later
):
    def who(moment):
        found = react(message, snapshot, LADDER, moment)
        return sorted((i.dedup, s) for i in found if i.kind == "finding" for s in i.staff)

    assert who(now) == who(later)
    assert len(set(who(now))) == len(who(now))


@settings(deadline=None)
@given(FINDINGS, SNAPSHOTS, MOMENTS)
def test_nobody_is_disturbed_or_told_what_they_may_not_hear_or_reminded_late(
    message, snapshot, now
):
    timing = Timing(LADDER)
    for intent in react(message, snapshot, LADDER, now):
        assert snapshot.hidden.isdisjoint(intent.staff)
        for staff in intent.staff:
            assert timing.may_disturb(snapshot.person(staff), intent.not_before)
            if intent.kind == "finding_due":
                assert str(day_in_china(intent.not_before)) <= intent.facts["due_on"]
