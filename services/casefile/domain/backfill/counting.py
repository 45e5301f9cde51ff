"""The statistics: of one worker's records, how many are odd in one way, of how many."""

from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from operator import attrgetter
from statistics import median_low
from typing import Literal, NamedTuple
from uuid import UUID

from services.casefile.domain.backfill.header import Asked, Header

Rule = Literal[
    "late_share", "long_lag", "surge", "burst", "order", "gap", "regularity", "overlap",
    "narrative",
]  # fmt: skip
LATE_DAYS = 15
ORDER_DAYS = 7
SURGE_DAYS = 14
GAP_DAYS = 7
AT_HOME = ("home_visit", "home_visit_attempt")
AT_SCHOOL = ("talk", "class_teacher")
VILLAGES_A_DAY = 3


class Count(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        return self.part / self.whole if self.whole else 0.0


Headers = Sequence[Header]
Statistic = Callable[[Headers, Asked], Count]


def online(headers: Headers) -> list[Header]:
    """Those whose lag means something; the statistics of lag, order and gaps are of them."""
    return [header for header in headers if header.lag_class == "online"]


def late_share(headers: Headers, asked: Asked) -> Count:  # noqa: ARG001
    """Entered more than fifteen days after the day they are about."""
    return longer_than(headers, LATE_DAYS)


def longer_than(headers: Headers, days: int) -> Count:
    """Entered later than nearly all that most colleagues enter."""
    odd = sum(h.recorded_on - h.occurred_on > days for h in headers)
    return Count(odd, len(headers))


def p95_lag(headers: Headers) -> int:
    """The days within which 95 of 100 records were entered."""
    lags = sorted(header.recorded_on - header.occurred_on for header in headers)
    return lags[(len(lags) * 95 + 99) // 100 - 1] if lags else 0


def surge(headers: Headers, asked: Asked) -> Count:
    """Entered in the fortnight before the day an inspection was announced for."""
    assert asked.announced_on is not None
    first = asked.announced_on - SURGE_DAYS
    days = [header.recorded_on for header in headers]
    return Count(sum(first <= day < asked.announced_on for day in days), len(days))


def burst(headers: Headers, asked: Asked) -> Count:  # noqa: ARG001
    """Entered in the worker's busiest fortnight."""
    days = sorted(header.recorded_on for header in headers)
    most = max((bisect_left(days, day + SURGE_DAYS) - i for i, day in enumerate(days)), default=0)
    return Count(most, len(days))


def own_share(headers: Headers, asked: Asked, count: Count) -> float:
    """What a fortnight holds of the worker's records, by the other weeks."""
    first = min(header.recorded_on for header in headers)
    rest = asked.until - max(first, asked.since) + 1 - SURGE_DAYS
    return (count.whole - count.part) / count.whole * SURGE_DAYS / rest if rest > 0 else 1.0


def order(headers: Headers, asked: Asked) -> Count:  # noqa: ARG001
    """Entered after something that happened more than a week later."""
    found = sorted(headers, key=attrgetter("recorded_on"))
    latest, inverted, seen, waiting = 0, 0, 0, 0
    for header in found:
        # What is entered on one day has no order of its own.
        if header.recorded_on != seen:
            latest, seen = max(latest, waiting), header.recorded_on
        inverted += header.occurred_on + ORDER_DAYS < latest
        waiting = max(waiting, header.occurred_on)
    return Count(inverted, len(found))


def gap(headers: Headers, asked: Asked) -> Count:
    """Said to have happened in months in which the worker entered nothing at all."""
    entered = {month_of(day) for day in {header.recorded_on for header in headers}}
    silent = {month_of(day) for day in {header.occurred_on for header in headers}} - entered
    if not silent:
        return Count(0, len(headers))
    odd = (
        header
        for header in headers
        if month_of(header.occurred_on) in silent
        and header.occurred_on >= asked.since
        and header.recorded_on > end_of_month(header.occurred_on) + GAP_DAYS
    )
    return Count(sum(1 for _ in odd), len(headers))


def regularity(headers: Headers, asked: Asked) -> Count:  # noqa: ARG001
    """Intervals between contacts of one kind with one child that are the same to a day."""
    found = list(intervals(headers))
    if not found:
        return Count(0, 0)
    middle = median_low(found)
    return Count(sum(abs(days - middle) <= 1 for days in found), len(found))


def intervals(headers: Headers) -> Iterator[int]:
    days: defaultdict[tuple[UUID, str], set[int]] = defaultdict(set)
    for header in headers:
        days[header.case_id, header.kind].add(header.occurred_on)
    for each in days.values():
        ordered = sorted(each)
        yield from (b - a for a, b in pairwise(ordered))


def overlap(headers: Headers, asked: Asked) -> Count:
    """Days on which the worker would have had to be in too many places, or was off duty."""
    places: defaultdict[int, set[tuple[str | None, str | None]]] = defaultdict(set)
    days: set[int] = set()
    off: set[int] = set()
    for header in headers:
        if header.kind in AT_HOME:
            days.add(header.occurred_on)
            if header.village is not None:
                places[header.occurred_on].add((header.township, header.village))
        elif (header.kind, header.role) == AT_SCHOOL:
            days.add(header.occurred_on)
            if header.occurred_on in asked.days_off:
                off.add(header.occurred_on)
    torn = {day for day, found in places.items() if is_too_far(found)}
    return Count(len(torn | off), len(days))


def is_too_far(places: set[tuple[str | None, str | None]]) -> bool:
    """Homes in two townships, or in more villages than a day has hours for."""
    return len({township for township, _ in places}) > 1 or len(places) > VILLAGES_A_DAY


@cache
def month_of(day: int) -> tuple[int, int]:
    found = date.fromordinal(day)
    return (found.year, found.month)


def end_of_month(day: int) -> int:
    found = date.fromordinal(day)
    return day + monthrange(found.year, found.month)[1] - found.day


OF_ONLINE: dict[Rule, Statistic] = {"late_share": late_share, "order": order, "gap": gap}
OF_ALL: dict[Rule, Statistic] = {"regularity": regularity, "overlap": overlap}
