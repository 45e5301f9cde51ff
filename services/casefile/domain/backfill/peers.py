"""What is usual among colleagues, and how unlikely a count is if the worker were like them.

The base rate is what three of four colleagues keep below, so that up to a quarter of them may be
back-filling without hiding each other. Colleagues differ more than dice do; how much more is
measured among them and taken off the worker's numbers.
"""

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil, exp, floor, inf, lgamma, log, log1p, sqrt
from statistics import median

import msgspec

from services.casefile.domain.backfill.counting import Count

KEPT_BELOW = 0.75
RAREST = 0.01
COMMONEST = 0.99
LEAST_PEERS = 8
NORMAL_MAD = 1.4826


class Usual(msgspec.Struct, frozen=True):
    """What is usual: the base rate, how much more than chance colleagues differ, and the shares
    of all of them in order."""

    base: float
    dispersion: float
    shares: tuple[float, ...]

    @property
    def peers(self) -> int:
        return len(self.shares)

    def above(self, share: float) -> float:
        """The part of colleagues whose share is smaller."""
        return bisect_left(self.shares, share) / len(self.shares)


def usual(counts: Sequence[Count]) -> Usual | None:
    """What is usual among these, or None when they are too few to say."""
    if len(counts) < LEAST_PEERS:
        return None
    shares = tuple(sorted(count.share for count in counts))
    return Usual(within(quantile(shares, KEPT_BELOW)), dispersion(counts), shares)


def dispersion(counts: Sequence[Count]) -> float:
    """At least 1, which is chance alone; from the middle half, which few can move."""
    typical = within(median(count.share for count in counts))
    spread = sqrt(typical * (1 - typical))
    off = [(c.part - c.whole * typical) / (spread * sqrt(c.whole)) for c in counts]
    middle = median(off)
    return max(1.0, (NORMAL_MAD * median(abs(each - middle) for each in off)) ** 2)


def surprise(count: Count, base: float, factor: float) -> float:
    """The chance of so many or more, were each record odd with the base rate."""
    whole, part = ceil(count.whole / factor), floor(count.part / factor)
    return at_least(part, whole, within(base))


def at_least(part: int, whole: int, base: float) -> float:
    """The upper tail of the binomial distribution."""
    if part <= 0:
        return 1.0
    if part > whole:
        return 0.0
    odds = log(base) - log1p(-base)
    term = choose(whole, part) + part * log(base) + (whole - part) * log1p(-base)
    largest, total = -inf, 0.0
    terms = []
    for k in range(part, whole + 1):
        terms.append(term)
        if term > largest:
            largest = term
        elif term < largest - 40:
            break
        if k < whole:
            term += log(whole - k) - log(k + 1) + odds
    total = sum(exp(each - largest) for each in terms)
    return min(1.0, exp(largest) * total)


def choose(whole: int, part: int) -> float:
    return lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)


def quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def within(share: float) -> float:
    """Nothing is impossible among colleagues because it has not been seen yet."""
    return min(max(share, RAREST), COMMONEST)
