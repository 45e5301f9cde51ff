"""Activities and birthdays."""

from datetime import date

from services.casefile.domain.families.activity import ActivityParticipated, BirthdayCelebrated
from tests.casefile.domain.scenario import opened


def test_the_last_activity_of_each_sort_is_known():
    case = opened().given(ActivityParticipated(activity="reading"), "2026-11-10")

    case.record(ActivityParticipated(activity="sport", part="competed"))

    assert case.facts["activities.reading"] == date(2026, 11, 10)
    assert case.facts["activities.sport"] == date(2026, 11, 20)


def test_a_birthday_is_remembered_by_its_day():
    case = opened().record(BirthdayCelebrated(ways=("card", "joint_party")))

    assert case.facts["child.birthday_celebrated"] == date(2026, 11, 20)
