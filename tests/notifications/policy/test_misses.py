from datetime import UTC, datetime, time, timedelta

import pytest

from services.notifications.policy.days import CHINA, day_in_china
from services.notifications.policy.people import Person
from services.notifications.policy.reacting import react
from tests.notifications.policy.world import (
    LADDER,
    MISS,
    NIGHT,
    NOON,
    county,
    example,
    fulfilled,
    missed,
    people,
    told,
)


def test_a_miss_is_told_from_the_bottom_up_who_is_accountable_first():
    intents = react(missed(), county(), LADDER, NOON)

    assert told(intents, "missed") == ["t-101", "sup-1"]
    assert told(intents, "escalation") == ["lead-1", "ca-1", "ca-2"]
    days = {s: day_in_china(i.not_before) for i in intents for s in i.staff}
    assert str(days["t-101"]) == "2026-11-18"
    # Three days later is a Saturday; the digest is on Monday.
    assert str(days["lead-1"]) == "2026-11-23"
    assert str(days["ca-1"]) == "2026-11-25"


def test_the_class_teacher_who_is_accountable_hears_of_the_miss_once():
    intents = react(missed(), county(), LADDER, NOON)
    assert told(intents).count("t-101") == 1


def test_a_miss_at_noon_is_told_at_once_and_one_at_night_in_the_morning():
    [noon] = [i for i in react(missed(), county(), LADDER, NOON) if "t-101" in i.staff]
    [night] = [i for i in react(missed(), county(), LADDER, NIGHT) if "t-101" in i.staff]

    assert (noon.urgency, noon.not_before) == ("now", NOON)
    assert night.urgency == "digest"
    assert night.not_before.astimezone(CHINA).isoformat() == "2026-11-19T07:30:00+08:00"


def test_whoever_was_told_much_at_once_today_hears_the_rest_in_the_digest():
    busy = county(heard_now={"t-101": 3})
    [intent] = [i for i in react(missed(), busy, LADDER, NOON) if "t-101" in i.staff]
    assert intent.urgency == "digest"


def test_a_miss_stops_the_reminders_and_what_was_said_of_it_as_overdue():
    intents = react(missed(), county(), LADDER, NOON)
    stopped = {key.rpartition("|")[2] for i in intents for key in i.stops}
    assert stopped == {"before_due", "due", "overdue", "escalated"}


def test_a_miss_that_is_made_good_is_corrected_for_those_who_heard_and_stopped_for_the_rest():
    told_of = {i.dedup for i in react(missed(), county(), LADDER, NOON) if i.staff}
    [correction] = react(fulfilled(), county(), LADDER, NOON + timedelta(days=1))

    assert {correction.corrects} == told_of
    assert told_of <= set(correction.stops)
    assert correction.staff == ()
    assert correction.facts["in_window"] is True


def test_a_window_missed_again_after_its_proof_was_annulled_is_told_anew():
    first = {i.dedup for i in react(missed(), county(), LADDER, NOON) if i.staff}
    again = missed(record_id="0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1aff", reopened_by=MISS)
    assert first.isdisjoint({i.dedup for i in react(again, county(), LADDER, NOON) if i.staff})


def test_the_same_message_calls_for_the_same_things_whenever_it_is_read():
    first = react(missed(), county(), LADDER, NOON)
    later = react(missed(), county(), LADDER, NOON + timedelta(days=40))
    assert [(i.dedup, i.staff) for i in first] == [(i.dedup, i.staff) for i in later]


def test_what_a_parent_missed_is_a_signal_to_the_class_teacher_and_accuses_nobody():
    intents = react(missed(obligor="parent", accountable=None), county(), LADDER, NOON)
    assert {(i.kind, i.staff) for i in intents if i.staff} == {("risk_signal", ("t-101",))}


def test_where_nobody_was_accountable_whoever_holds_the_role_hears_it():
    silent = county(care=())
    intents = react(missed(accountable=None, role="child_supervisor"), silent, LADDER, NOON)
    assert told(intents, "missed") == ["sup-1"]


def test_a_step_for_which_nobody_is_found_is_said_to_be_unheard():
    intents = react(missed(), county(posts=()), LADDER, NOON)
    unheard = [i.facts["rung"] for i in intents if i.kind == "unheard"]
    assert unheard == ["missed_school", "missed_county"]


@pytest.mark.parametrize("name", ["quota-missed", "duty-missed", "obligation-escalated"])
def test_quotas_duties_and_visits_in_vain_reach_somebody(name):
    intents = react(example(name), county(), LADDER, NOON)
    assert told(intents)
    assert len({(i.dedup, s) for i in intents for s in i.staff}) == len(told(intents))


def test_a_person_s_own_quiet_hours_and_digest_hour_come_first():
    late = Person(staff="t-101", quiet_from=time(9), quiet_until=time(11), digest_at=time(16))
    known = county(people=people(late))
    [intent] = [i for i in react(missed(), known, LADDER, NOON) if "t-101" in i.staff]
    assert intent.not_before.astimezone(CHINA).time() == time(16)


def test_a_digest_that_quiet_hours_put_off_past_midnight_does_not_land_on_a_day_off():
    awake_for_half_an_hour = Person(staff="t-101", quiet_from=time(0, 30), quiet_until=time(0))
    known = county(people=people(awake_for_half_an_hour))
    friday = datetime(2026, 4, 17, 0, 0, tzinfo=UTC)

    intents = react(missed(closed_on="2026-04-17"), known, LADDER, friday)

    [mine] = [i for i in intents if "t-101" in i.staff]
    assert mine.not_before.astimezone(CHINA).isoformat() == "2026-04-21T00:00:00+08:00"


def test_over_an_official_holiday_the_digest_waits_for_a_working_day():
    holiday = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
    intents = react(missed(closed_on="2026-10-01"), county(), LADDER, holiday)
    [mine] = [i for i in intents if "t-101" in i.staff]
    assert (mine.urgency, str(day_in_china(mine.not_before))) == ("digest", "2026-10-08")


def test_other_messages_call_for_nothing():
    assert react(example("talk-held"), county(), LADDER, NOON) == []
