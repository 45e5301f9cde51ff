"""What each worker recorded, and how long after it happened."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope
from services.casefile.domain.families.contact import TalkHeld
from services.casefile.readmodels.worker_activity import ActivityFilter, WorkerActivity, lag_days
from tests.casefile.following.county import County
from tests.casefile.world import open_child

TALKS = ActivityFilter(kind="talk")


def test_records_are_counted_by_worker_child_month_and_kind(world: County) -> None:
    case = open_child(world.parts)
    for day in ("2026-10-05", "2026-11-10", "2026-11-12"):
        world.record(case, "talk", day)
    world.follow()

    rows = WorkerActivity(world.pool).page(TALKS).rows

    assert [(r.staff, r.month, r.times, r.last_on) for r in rows] == [
        ("t-101", "2026-10", 1, date(2026, 10, 5)),
        ("t-101", "2026-11", 2, date(2026, 11, 12)),
    ]
    assert {(r.case_id, r.unit) for r in rows} == {(case, "class-31")}


def test_the_one_who_did_it_counts_not_the_one_who_typed_it(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "talk", performed_by="t-102")
    world.follow()

    [row] = WorkerActivity(world.pool).page(TALKS).rows

    assert row.staff == "t-102"


def test_an_entry_past_the_deadline_is_late(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "talk", "2026-11-02")
    world.record(case, "talk", "2026-11-19")
    world.follow()

    [row] = WorkerActivity(world.pool).page(TALKS).rows

    [(lags,)] = world.ask(
        "SELECT array_agg((recorded_at AT TIME ZONE 'Asia/Shanghai')::date "
        "- occurred ORDER BY occurred) FROM casefile.stored_events, "
        "LATERAL (SELECT (convert_from(state, 'UTF8')::jsonb #>> '{env,occurred_on}')::date) "
        "AS at (occurred) WHERE topic = 'TalkHeld'"
    )
    assert row.lag_days == sum(lags)
    assert row.longest_lag == max(lags)
    assert row.late == sum(lag > 7 for lag in lags)


@pytest.mark.parametrize(("recorded", "days"), [("15:59", 0), ("16:00", 1)])
def test_the_lag_is_counted_by_the_calendar_in_china(recorded: str, days: int) -> None:
    author = Author("t-101", "class_teacher", "class-31")
    env = Envelope(
        record_id=UUID(int=1), occurred_on=date(2026, 11, 20), recorded_by=author, source="web"
    )
    at = datetime.fromisoformat(f"2026-11-20T{recorded}").replace(tzinfo=UTC)

    entry = Entry(UUID(int=2), 1, 1, at, catalogue().of(TalkHeld), env, TalkHeld())

    assert lag_days(entry) == days


def test_an_annulled_record_is_not_counted(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "talk", "2026-11-10")
    wrong = world.record(case, "talk", "2026-11-12")
    world.follow()
    world.annul(case, wrong)
    world.follow()

    [row] = WorkerActivity(world.pool).page(TALKS).rows

    assert (row.times, row.last_on) == (1, date(2026, 11, 10))


def test_totals_add_up_over_children(world: County) -> None:
    for _ in range(2):
        case = open_child(world.parts)
        world.record(case, "talk", "2026-11-10")
        world.record(case, "talk", "2026-10-10")
    world.follow()
    activity = WorkerActivity(world.pool)

    totals = activity.totals(ActivityFilter(kind="talk", since_month="2026-11"), by=("month",))

    [total] = totals
    assert (total.by, total.children, total.times) == ({"month": "2026-11"}, 2, 2)
    assert (
        activity.totals(ActivityFilter(under="county-1", kind="talk"), by=("unit",))[0].times == 4
    )


def test_what_the_system_records_is_nobodys_work(world: County) -> None:
    open_child(world.parts)
    world.follow()

    rows = WorkerActivity(world.pool).page(ActivityFilter()).rows

    assert [row.kind for row in rows] == ["opening"]
