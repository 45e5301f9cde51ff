from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.policy.days import CHINA, day_in_china
from services.notifications.policy.reminders import hours_ahead, keys, remind
from tests.notifications.policy.world import LADDER, county, row


def at(day, hour=1):
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        ("2026-11-26", []),
        # Three days before the 30th is a Friday.
        ("2026-11-27", ["reminder"]),
        # On a Sunday the next digest is that of the due day itself.
        ("2026-11-29", ["reminder"]),
        ("2026-11-30", ["due"]),
        ("2026-12-01", []),
    ],
)
def test_one_is_reminded_before_the_due_day_and_on_it(day, kinds):
    assert [i.kind for i in remind(row(), county(), LADDER, at(day))] == kinds


def test_a_reminder_that_falls_on_a_day_off_comes_before_it():
    due_on_sunday = row(due_on="2026-11-29")
    [intent] = remind(due_on_sunday, county(), LADDER, at("2026-11-27"))
    assert intent.kind == "due"
    assert str(day_in_china(intent.not_before)) == "2026-11-27"


def test_once_the_digest_of_the_due_day_is_over_one_is_reminded_at_once():
    [intent] = remind(row(), county(), LADDER, at("2026-11-30", 10))
    assert (intent.urgency, intent.not_before) == ("now", at("2026-11-30", 10))


def test_in_the_night_of_the_due_day_nobody_is_reminded_any_more():
    assert list(remind(row(), county(), LADDER, at("2026-11-30", 22))) == []


def test_a_window_that_has_not_begun_is_not_reminded_of():
    assert list(remind(row(starts_on="2026-11-28"), county(), LADDER, at("2026-11-27"))) == []


def test_a_parent_s_own_duty_reminds_nobody_of_the_staff():
    parents = row(obligor="parent", accountable=None)
    assert list(remind(parents, county(), LADDER, at("2026-11-30"))) == []


def test_whoever_may_hear_nothing_of_the_child_is_not_sent_to_her():
    barred = county(hidden=frozenset({"t-101"}))
    assert list(remind(row(), barred, LADDER, at("2026-11-30"))) == []


def test_all_keys_of_a_row_are_known_so_that_what_was_met_can_be_stopped():
    told = {
        i.dedup
        for n in range(5)
        for i in remind(row(), county(), LADDER, at("2026-11-26") + timedelta(days=n))
    }
    assert told == set(keys(row(), LADDER))


def test_the_board_is_asked_far_enough_ahead_for_a_reminder_before_a_long_holiday():
    assert hours_ahead(LADDER) == 13 * 24
    # The first working day before the holiday of eight days in October 2026.
    [intent] = remind(row(due_on="2026-10-08", starts_on="2026-10-01"), county(), LADDER, at("2026-10-08"))  # fmt: skip
    assert intent.not_before.astimezone(CHINA).hour == 7
