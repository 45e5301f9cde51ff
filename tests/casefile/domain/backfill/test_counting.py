"""What each statistic counts, on records that can be counted by hand."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.casefile.domain.backfill import counting
from services.casefile.domain.backfill.counting import Count
from services.casefile.domain.backfill.header import Asked, Header
from services.casefile.domain.backfill.peers import at_least, usual

CHILD = UUID(int=1)
ASKED = Asked(
    since=date(2026, 1, 1).toordinal(),
    until=date(2026, 12, 31).toordinal(),
    announced_on=date(2026, 6, 15).toordinal(),
    days_off=frozenset({date(2026, 10, 1).toordinal()}),
)


def header(on: str, entered: str, kind: str = "talk", **more: Any) -> Header:
    options: dict[str, Any] = {"role": "class_teacher", "source": "web", "case_id": CHILD} | more
    return Header(
        worker="t-1",
        unit="class-1",
        kind=kind,
        occurred_on=date.fromisoformat(on).toordinal(),
        recorded_on=date.fromisoformat(entered).toordinal(),
        **options,
    )


def test_late_is_more_than_fifteen_days_after() -> None:
    found = [header("2026-03-01", "2026-03-16"), header("2026-03-01", "2026-03-17")]

    assert counting.late_share(found, ASKED) == Count(1, 2)


def test_the_surge_is_the_fortnight_before_the_day() -> None:
    days = ("2026-05-31", "2026-06-01", "2026-06-14", "2026-06-15")

    assert counting.surge([header(day, day) for day in days], ASKED) == Count(2, 4)


def test_the_busiest_fortnight_is_found_without_a_day() -> None:
    days = ("2026-03-01", "2026-03-14", "2026-03-15", "2026-03-20", "2026-06-01")

    assert counting.burst([header(day, day) for day in days], ASKED) == Count(3, 5)


def test_out_of_order_is_entered_after_something_a_week_later() -> None:
    found = [
        header("2026-03-20", "2026-03-20"),
        header("2026-03-12", "2026-03-21"),
        header("2026-03-13", "2026-03-21"),
    ]

    assert counting.order(found, ASKED) == Count(1, 3)


def test_what_is_entered_on_one_day_has_no_order() -> None:
    found = [header("2026-03-20", "2026-03-21"), header("2026-03-01", "2026-03-21")]

    assert counting.order(found, ASKED) == Count(0, 2)


def test_a_gap_is_a_month_in_which_nothing_was_entered() -> None:
    found = [
        header("2026-03-02", "2026-03-02"),
        header("2026-04-10", "2026-06-10"),
        header("2026-04-29", "2026-05-03"),
        header("2026-06-09", "2026-06-10"),
    ]

    assert counting.gap(found, ASKED) == Count(1, 4)


def test_regular_intervals_are_those_within_a_day_of_the_usual_one() -> None:
    found = [header(f"2026-03-{day:02}", "2026-04-01") for day in (1, 8, 15, 22, 31)]

    assert counting.regularity(found, ASKED) == Count(3, 4)


def test_two_townships_in_one_day_are_too_far_apart_and_two_villages_are_not() -> None:
    def visit(on: str, village: str, township: str) -> Header:
        return header(on, on, "home_visit", village=village, township=township)

    found = [
        visit("2026-03-01", "v-1", "town-1"),
        visit("2026-03-01", "v-9", "town-2"),
        visit("2026-03-02", "v-1", "town-1"),
        visit("2026-03-02", "v-2", "town-1"),
    ]

    assert counting.overlap(found, ASKED) == Count(1, 2)


def test_a_teacher_s_talk_on_a_day_off_counts_as_off_duty() -> None:
    found = [header("2026-10-01", "2026-10-08"), header("2026-10-09", "2026-10-09")]

    assert counting.overlap(found, ASKED) == Count(1, 2)


@pytest.mark.parametrize(
    ("part", "whole", "base", "expected"),
    [(0, 10, 0.1, 1.0), (1, 1, 0.1, 0.1), (2, 2, 0.5, 0.25), (1, 2, 0.5, 0.75), (3, 2, 0.5, 0.0)],
)
def test_the_tail_is_that_of_the_binomial_distribution(
    part: int, whole: int, base: float, expected: float
) -> None:
    assert at_least(part, whole, base) == pytest.approx(expected)


def test_the_base_rate_is_what_three_of_four_colleagues_keep_below() -> None:
    found = usual([Count(part, 100) for part in (0, 2, 4, 6, 8, 90, 10, 12, 14)])

    assert found is not None
    assert (found.base, found.peers) == (0.12, 9)
    assert found.above(0.13) == pytest.approx(7 / 9)


def test_of_fewer_than_eight_colleagues_nothing_is_usual() -> None:
    assert usual([Count(1, 100)] * 7) is None
