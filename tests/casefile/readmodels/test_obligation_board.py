"""The board: who owes what to whom, what comes next, and what nobody has decided yet."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import State
from services.casefile.readmodels.obligation_board import BoardRow, ObligationBoard
from services.casefile.readmodels.obligations_asking import BoardFilter
from tests.casefile.readmodels.owing import CALLS, TALKS, Owing, owing
from tests.servers import Database


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[Owing]:
    with owing(database, tmp_path) as settled:
        settled.adopt(TALKS, CALLS)
        yield settled


@pytest.fixture
def two(world: Owing) -> tuple[UUID, UUID]:
    """One at school 1 with a teacher, who was talked to and called; one at school 2 with nobody."""
    kept = world.child()
    lost = world.child(school="school-2", class_unit=None)
    world.assign(kept)
    for month in ("09", "10"):
        world.at(f"2026-{month}-15T09:00")
        world.talk(kept, f"2026-{month}-14")
        world.call(kept, f"2026-{month}-14")
    world.close("2026-10-20")
    return kept, lost


@pytest.mark.parametrize(
    "moment",
    ["2026-10-14T10:00", "2026-10-28T00:00", "2026-10-31T23:59", "2026-11-06T00:00"],
)
def test_the_state_on_the_board_is_the_one_that_judging_gives(
    world: Owing, two: tuple[UUID, UUID], moment: str
) -> None:
    world.follow()
    now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)

    rows = ObligationBoard(world.pool).page(BoardFilter(), now, limit=200).rows

    assert {key(row): row.state for row in rows} == judged(world, two, now)
    assert len(rows) >= 8


def test_each_state_is_found_by_its_name(world: Owing, two: tuple[UUID, UUID]) -> None:
    world.declare(two[1], "2026-10-20T09:00")
    world.follow()
    board = ObligationBoard(world.pool)

    def states(moment: str, *asked: State) -> list[tuple[str, str]]:
        now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
        page = board.page(BoardFilter(case_id=two[1], obligor="staff", states=asked), now)
        return [(row.window_key, row.state) for row in page.rows]

    assert states("2026-10-20T10:00", "open") == [("2026-10", "open")]
    assert states("2026-10-28T10:00", "due_soon") == [("2026-10", "due_soon")]
    assert states("2026-11-06T00:00", "overdue") == [("2026-10", "overdue")]
    assert states("2026-10-28T10:00", "missed", "due_soon") == [
        ("2026-09", "missed"),
        ("2026-10", "due_soon"),
    ]
    assert states("2026-10-28T10:00", "waived", "late") == []


def test_windows_that_have_not_begun_are_shown_when_asked_for(
    world: Owing, two: tuple[UUID, UUID]
) -> None:
    world.follow()
    board, now = ObligationBoard(world.pool), world.now

    begun = board.page(BoardFilter(case_id=two[1]), now).rows
    ahead = board.page(BoardFilter(case_id=two[1], ahead=True), now).rows

    assert max(row.starts_on for row in begun) <= now.date()
    assert {row.window_key for row in ahead} - {row.window_key for row in begun} == {"2026-11"}


def test_pages_follow_each_other_without_a_gap(world: Owing, two: tuple[UUID, UUID]) -> None:
    world.follow()
    board = ObligationBoard(world.pool)
    whole = board.page(BoardFilter(), world.now, limit=200).rows

    after, told = None, []
    while True:
        page = board.page(BoardFilter(), world.now, after, limit=3)
        told += page.rows
        after = page.next
        if after is None:
            break

    assert told == whole
    assert [row.due_on for row in told] == sorted(row.due_on for row in told)


def test_filters_name_people_units_and_rules(world: Owing, two: tuple[UUID, UUID]) -> None:
    kept, lost = two
    world.follow()
    board = ObligationBoard(world.pool)

    def of(asked: BoardFilter) -> set[UUID]:
        return {row.subject_id for row in board.page(asked, world.now, limit=200).rows}

    assert of(BoardFilter(accountable="t-101")) == {kept}
    assert of(BoardFilter(school="school-2")) == {lost}
    assert of(BoardFilter(under="school-1")) == {kept}
    assert of(BoardFilter(under="town-1")) == {kept, lost}
    assert of(BoardFilter(under="school-2", rule="talk.class_teacher")) == {lost}
    assert of(BoardFilter(policy="nobodys")) == set()
    october = BoardFilter(due_since=date(2026, 10, 1), due_until=date(2026, 10, 31))
    windows = {row.window_key for row in board.page(october, world.now).rows}
    assert windows == {"2026-10"}


def test_what_comes_next_is_told_in_the_order_of_time(world: Owing, two: tuple[UUID, UUID]) -> None:
    world.follow()
    board = ObligationBoard(world.pool)
    asked = BoardFilter(case_id=two[1], obligor="staff")
    last_day = datetime(2026, 10, 31, 9, tzinfo=CHINA)

    day = board.upcoming(last_day, 24, asked).rows
    fortnight = board.upcoming(last_day, 14 * 24, asked, limit=2)
    rest = board.upcoming(last_day, 14 * 24, asked, fortnight.next)

    assert [(row.what, row.at) for row in day] == [("due", in_china("2026-11-01"))]
    assert [(row.what, row.at) for row in (*fortnight.rows, *rest.rows)] == [
        ("due", in_china("2026-11-01")),
        ("overdue", in_china("2026-11-06")),
        ("missed", in_china("2026-11-08")),
    ]


def test_counts_add_up_to_the_windows_on_the_board(world: Owing, two: tuple[UUID, UUID]) -> None:
    world.declare(two[1], "2026-10-20T09:00")
    world.follow()
    board = ObligationBoard(world.pool)

    by_school = {row.of: row for row in board.counts(BoardFilter(), world.now, "school").rows}
    by_town = board.counts(BoardFilter(), world.now, "township").rows
    by_person = board.counts(BoardFilter(obligor="staff"), world.now, "accountable", limit=1)
    more = board.counts(BoardFilter(obligor="staff"), world.now, "accountable", by_person.next)

    assert (by_school["school-1"].fulfilled, by_school["school-1"].missed) == (4, 0)
    assert (by_school["school-2"].fulfilled, by_school["school-2"].missed) == (0, 2)
    assert [(row.of, row.subjects) for row in by_town] == [("town-1", 2)]
    assert [row.of for row in (*by_person.rows, *more.rows)] == [None, "t-101"]
    with pytest.raises(ValueError, match="group by"):
        board.counts(BoardFilter(), world.now, "subject_id; DROP TABLE x")


def test_what_is_past_its_close_and_not_declared_is_undecided(
    world: Owing, two: tuple[UUID, UUID]
) -> None:
    world.follow()
    board, hour_later = ObligationBoard(world.pool), datetime(2026, 10, 8, 1, tzinfo=CHINA)

    before = board.undecided(datetime(2026, 10, 7, 23, 59, tzinfo=CHINA))
    after = board.undecided(hour_later)
    world.declare(two[1], "2026-10-20T09:00")
    world.follow()

    assert (before.count, before.oldest_seconds) == (0, 0)
    assert (after.count, after.oldest_seconds) == (2, 3600)
    assert board.undecided(hour_later).count == 0


def key(row: BoardRow) -> tuple[UUID, str, int, str, str]:
    return (row.subject_id, row.policy, row.version, row.rule, row.window_key)


def judged(
    world: Owing, children: tuple[UUID, ...], now: datetime
) -> dict[tuple[UUID, str, int, str, str], State]:
    rulebook = world.parts.rulebooks.fresh()
    told = {}
    for child in children:
        subject = Subject(child, "case", world.parts.streams.entries(child))
        for one in judge(subject, rulebook, now).obligations:
            place = (child, one.policy, one.version, one.rule, one.window.key)
            told[place] = one.state(now)
    return told


def in_china(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=CHINA)
