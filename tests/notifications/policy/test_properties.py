"""What holds for any people, hours and messages."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.policy.days import CHINA
from services.notifications.policy.people import Person
from services.notifications.policy.reacting import react
from services.notifications.policy.reminders import remind
from services.notifications.policy.safety import is_safety
from services.notifications.policy.snapshot import Carer, Post, Snapshot
from services.notifications.policy.timing import Timing
from tests.notifications.policy.world import (
    CASE,
    LADDER,
    SINCE,
    example,
    fulfilled,
    missed,
    row,
)  # fmt: skip

STAFF = st.sampled_from([f"p-{n}" for n in range(6)])
ROLES = st.sampled_from(
    ["class_teacher", "child_director", "child_supervisor", "school_lead", "county_civil_affairs"]
)
UNITS = st.sampled_from(["class", "school", "town", "county"])
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)).map(
    lambda m: m.replace(tzinfo=UTC)
)


@st.composite
def people(draw):
    found = {}
    for staff in draw(st.sets(STAFF)):
        quiet = draw(st.none() | st.tuples(CLOCKS, CLOCKS).filter(lambda t: t[0] != t[1]))
        found[staff] = Person(
            staff=staff,
            quiet_from=quiet[0] if quiet else None,
            quiet_until=quiet[1] if quiet else None,
            digest_at=draw(st.none() | CLOCKS),
        )
    return found


SNAPSHOTS = st.builds(
    Snapshot,
    care=st.lists(st.builds(Carer, ROLES, STAFF), max_size=4, unique_by=lambda c: c.role).map(
        tuple
    ),
    posts=st.lists(st.builds(Post, ROLES, STAFF, UNITS, st.just(SINCE)), max_size=8).map(tuple),
    chains=st.just((("class", "school", "town", "county"), ("village", "town", "county"))),
    hidden=st.frozensets(STAFF, max_size=2),
    people=people(),
    heard_now=st.dictionaries(STAFF, st.integers(0, 5)),
)
ABOUT_WORK = st.builds(
    lambda name, staff, obligor: example(name, accountable=staff, obligor=obligor),
    st.sampled_from(["obligation-overdue", "obligation-missed", "obligation-escalated"]),
    st.none() | STAFF,
    st.sampled_from(["staff", "parent"]),
)
ABOUT_SAFETY = st.builds(
    lambda name, severity, harmer: example(name, severity=severity, harmer_staff=harmer),
    st.sampled_from(["emergency-raised", "incident-reported", "mandatory-report-filed"]),
    st.sampled_from(["near_miss", "minor", "serious", "critical", "fatal"]),
    st.none() | STAFF,
)
MESSAGES = ABOUT_WORK | ABOUT_SAFETY


@settings(deadline=None)
@given(MESSAGES, SNAPSHOTS, MOMENTS)
def test_nobody_is_told_twice_of_one_state(message, snapshot, now):
    told = Counter((i.dedup, s) for i in react(message, snapshot, LADDER, now) for s in i.staff)
    assert all(times == 1 for times in told.values())


@settings(deadline=None)
@given(MESSAGES, SNAPSHOTS, MOMENTS)
def test_nothing_reaches_anybody_in_quiet_hours_or_on_a_day_off_but_the_safety_of_a_child(
    message, snapshot, now
):
    timing = Timing(LADDER)
    for intent in react(message, snapshot, LADDER, now):
        if is_safety(intent.kind, intent.urgency):
            assert intent.not_before == now
            continue
        for staff in intent.staff:
            assert timing.may_disturb(snapshot.person(staff), intent.not_before)
            assert intent.not_before >= now


@settings(deadline=None)
@given(MESSAGES, SNAPSHOTS, MOMENTS)
def test_whoever_may_have_harmed_the_child_hears_nothing(message, snapshot, now):
    barred = set(snapshot.hidden)
    if message.type == "casefile.mandatory-report-filed.v1":
        barred.add(message.data["harmer_staff"])
    told = {s for i in react(message, snapshot, LADDER, now) for s in i.staff}
    assert told.isdisjoint(barred)


@settings(deadline=None)
@given(MESSAGES, SNAPSHOTS, MOMENTS, MOMENTS)
def test_whenever_it_is_decided_the_same_people_are_told_the_same(message, snapshot, now, later):
    def who(moment):
        found = react(message, snapshot, LADDER, moment)
        return {(i.dedup, s) for i in found for s in i.staff}

    assert who(now) == who(later)


@settings(deadline=None)
@given(ABOUT_WORK, SNAPSHOTS, MOMENTS)
def test_what_a_parent_owes_is_only_ever_a_risk_signal(message, snapshot, now):
    for intent in react(message, snapshot, LADDER, now):
        if intent.staff:
            assert (intent.kind == "risk_signal") == (message.data["obligor"] == "parent")


@settings(deadline=None)
@given(SNAPSHOTS, MOMENTS, STAFF)
def test_a_miss_that_is_made_good_corrects_exactly_what_was_told(snapshot, now, accountable):
    told = {
        i.dedup for i in react(missed(accountable=accountable), snapshot, LADDER, now) if i.staff
    }
    [correction] = react(fulfilled(accountable=accountable), snapshot, LADDER, now)
    assert told <= {correction.corrects}


@settings(deadline=None)
@given(SNAPSHOTS, MOMENTS, st.integers(-5, 40), STAFF)
def test_a_reminder_comes_on_or_before_the_due_day_and_disturbs_nobody(snapshot, now, days, staff):
    due_on = (now.astimezone(CHINA) + timedelta(days=days)).date()
    asked = row(due_on=due_on, starts_on=due_on - timedelta(days=30), accountable=staff)
    for intent in remind(asked, snapshot, LADDER, now):
        assert intent.not_before.astimezone(CHINA).date() <= due_on
        assert intent.case_id == CASE
        for each in intent.staff:
            assert Timing(LADDER).may_disturb(snapshot.person(each), intent.not_before)
