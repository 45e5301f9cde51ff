from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.notifications.policy.intent import Intent
from services.notifications.policy.reading import default_ladder
from services.notifications.reminding.digests import Digests
from services.notifications.state import notices
from tests.notifications.reminding.known import notice, person, states

# A Wednesday, half past seven in China.
MORNING = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
TODAY = date(2026, 11, 18)
CASE = UUID("018f0000-0000-7000-8000-00000000c0de")


@pytest.fixture
def sent():
    return []


@pytest.fixture
def digests(sent):
    return Digests(default_ladder(), lambda _, digest: sent.append(digest))


def test_what_waits_for_somebody_goes_out_in_one_digest_a_morning(held, digests, sent):
    for n in range(30):
        notice(held, "t-1", f"a{n}", MORNING, facts={"due_on": f"2026-11-{n % 9 + 1:02}"})
    notice(held, "t-1", "b", MORNING, kind="due")
    notice(held, "t-2", "a0", MORNING)

    assert digests.assemble(held, MORNING) == 2
    first = sent[0]
    assert (first.staff, first.hearer, first.notices) == ("t-1", "t-1", 31)
    assert [(s.kind, s.count, s.more) for s in first.sections] == [
        ("missed", 30, 10),
        ("due", 1, 0),
    ]
    assert set(states(held).values()) == {"queued"}


def test_what_comes_later_the_same_day_waits_for_the_next_morning(held, digests, sent):
    notice(held, "t-1", "a", MORNING)
    digests.assemble(held, MORNING)
    notice(held, "t-1", "b", MORNING)

    assert digests.assemble(held, MORNING + timedelta(hours=1)) == 0
    assert digests.assemble(held, MORNING + timedelta(days=1)) == 1
    assert [d.notices for d in sent] == [1, 1]


@pytest.mark.parametrize(
    "moment",
    [MORNING - timedelta(hours=1), MORNING + timedelta(hours=15), MORNING + timedelta(days=3)],
    ids=["before seven", "at half past ten in the evening", "on a Saturday"],
)
def test_nobody_gets_a_digest_in_quiet_hours_or_on_a_day_off(held, digests, moment):
    notice(held, "t-1", "a", MORNING - timedelta(days=1))
    assert digests.assemble(held, moment) == 0
    assert states(held) == {"a|t-1": "waiting"}


def test_while_somebody_is_absent_whoever_stands_in_hears_it(held, digests, sent):
    person(held, "t-1", absent_from=TODAY, absent_until=TODAY, stand_in="t-2")
    person(held, "t-2", absent_from=TODAY, stand_in="t-3")
    notice(held, "t-1", "a", MORNING)
    digests.assemble(held, MORNING)
    assert [(d.staff, d.hearer) for d in sent] == [("t-1", "t-3")]


def test_standing_in_in_a_circle_leaves_it_with_the_person(held, digests, sent):
    person(held, "t-1", absent_from=TODAY, stand_in="t-2")
    person(held, "t-2", absent_from=TODAY, stand_in="t-1")
    notice(held, "t-1", "a", MORNING)
    digests.assemble(held, MORNING)
    assert [(d.staff, d.hearer) for d in sent] == [("t-1", "t-1")]


def test_whoever_stands_in_is_not_told_again_what_they_heard_as_themselves(held, digests, sent):
    person(held, "t-1", absent_from=TODAY, stand_in="t-2")
    for staff in ("t-1", "t-2"):
        notice(held, staff, "a", MORNING)
    digests.assemble(held, MORNING)
    assert [(d.staff, d.hearer) for d in sent] == [("t-2", "t-2")]
    assert states(held) == {"a|t-1": "suppressed", "a|t-2": "queued"}


def test_whom_a_report_names_hears_nothing_also_when_standing_in(held, digests, sent):
    held.execute("INSERT INTO notifications.hidden VALUES (gen_random_uuid(), %s, 'bad-1')", [CASE])
    person(held, "t-1", absent_from=TODAY, stand_in="bad-1")
    notice(held, "t-1", "a", MORNING, case_id=CASE)
    notice(held, "t-1", "b", MORNING)
    digests.assemble(held, MORNING)

    heard = {d.hearer: [line["case_id"] for s in d.sections for line in s.lines] for d in sent}
    assert str(CASE) not in heard["bad-1"]
    assert heard["t-1"] == [str(CASE)]


def test_a_correction_waits_for_the_digest_of_whoever_heard_the_miss(held, digests, sent):
    notice(held, "t-1", "miss", MORNING)
    digests.assemble(held, MORNING)
    notices.write(held, [Intent(kind="made_good", dedup="good", corrects="miss")])

    noon = MORNING + timedelta(hours=5)
    assert digests.assemble(held, noon) == 0
    assert digests.assemble(held, MORNING + timedelta(days=1)) == 1
    assert sent[1].sections[0].kind == "made_good"


def test_two_processes_make_each_digest_once(held, digests, sent, notifications_database):
    from concurrent.futures import ThreadPoolExecutor

    from services.notifications.state.connections import connect

    for n in range(20):
        notice(held, f"t-{n}", "a", MORNING)

    def run(_):
        with connect(notifications_database) as connection:
            return digests.assemble(connection, MORNING)

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(run, range(4))) == 20
    assert sorted(d.staff for d in sent) == sorted(f"t-{n}" for n in range(20))
