"""The panel: every subject's statistics against its peers, combined by the strongest of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from services.casefile.domain.backfill import counting
from services.casefile.domain.backfill.counting import Count, Headers, Rule
from services.casefile.domain.backfill.header import Asked
from services.casefile.domain.backfill.peers import (
    LEAST_PEERS,
    Usual,
    quantile,
    surprise,
    usual,
)

# Set by bench/backfill.py: precision and detection at this threshold are in docs/backfill.md.
THRESHOLD = 0.00001
LEAST_RECORDS = 20
LEAST_ODD = 5
LEAST_OF: Mapping[Rule, tuple[int, int]] = {"overlap": (3, 5)}
# Shown beside the others and never a reason to ask by itself: the honest who visit on a fixed
# weekday are regular, and whoever was given more work in a month has a busiest fortnight.
SUPPORTING: tuple[Rule, ...] = ("regularity", "burst")
# The longest lag that is nobody's back-filling: the entry deadline.
IN_TIME = 7
Outcome = Literal["too_few_records", "too_few_peers", "usual", "worth_asking"]


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One statistic of one subject: so many of so many, beside what is usual among peers.

    `days`: the lag that is meant, where a rule has one. `above`: the part of peers below it.
    """

    rule: Rule
    part: int
    whole: int
    base: float
    peers: int
    above: float
    chance: float
    days: int | None = None
    is_worth_asking: bool = False


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the panel says of one worker or one unit. `chance`: of all statistics together."""

    subject: str
    group: str
    unit: str
    records: int
    children: int
    offline: int
    imported: int
    p95_lag: int
    outcome: Outcome
    chance: float | None
    signals: tuple[Signal, ...]


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """All readings, the least likely first, and how many would stand out by chance alone."""

    threshold: float
    readings: tuple[Reading, ...]
    tested: int
    expected_by_chance: float


class Measured(msgspec.Struct, frozen=True):
    """One subject's records, counted; those read in from a spreadsheet stand apart."""

    subject: str
    group: str
    unit: str
    imported: int
    headers: Headers
    online: Headers
    p95_lag: int
    counts: Mapping[Rule, Count]


def panel(subjects: Mapping[str, Headers], asked: Asked, threshold: float = THRESHOLD) -> Panel:
    """Every subject against those of its group, or against all where its group is too small."""
    measured = [measure(name, headers, asked) for name, headers in subjects.items()]
    cells = peers_of(measured)
    usuals = {group: usual_of(cell) for group, cell in cells.items()}
    readings = [read(each, asked, *usuals[each.group], threshold) for each in measured]
    readings.sort(key=lambda r: (r.chance is None, r.chance or 0.0, -r.records, r.subject))
    tested = sum(reading.chance is not None for reading in readings)
    return Panel(
        threshold=threshold,
        readings=tuple(readings),
        tested=tested,
        expected_by_chance=round(tested * threshold, 4),
    )


def measure(name: str, headers: Headers, asked: Asked) -> Measured:
    mine = [header for header in headers if header.lag_class != "imported"]
    online = counting.online(mine)
    found = {rule: count(online, asked) for rule, count in counting.OF_ONLINE.items()}
    found |= {rule: count(mine, asked) for rule, count in counting.OF_ALL.items()}
    fortnight: Rule = "burst" if asked.announced_on is None else "surge"
    found[fortnight] = (counting.burst if fortnight == "burst" else counting.surge)(mine, asked)
    group, unit = (commonest(getattr(h, what) for h in headers) for what in ("role", "unit"))
    imported = len(headers) - len(mine)
    return Measured(name, group, unit, imported, mine, online, counting.p95_lag(online), found)


def commonest(words: Iterable[str]) -> str:
    return next((word for word, _ in Counter(words).most_common(1)), "")


def peers_of(measured: Sequence[Measured]) -> dict[str, list[Measured]]:
    """By group: those to compare with, who have enough records to say something."""
    cells: defaultdict[str, list[Measured]] = defaultdict(list)
    for each in measured:
        cells[each.group].append(each)
    everybody = [each for each in measured if is_enough(each)]
    enough = {group: [each for each in cell if is_enough(each)] for group, cell in cells.items()}
    return {
        group: cell if len(cell) >= LEAST_PEERS else everybody for group, cell in enough.items()
    }


def is_enough(each: Measured) -> bool:
    return len(each.headers) >= LEAST_RECORDS


def usual_of(cell: Sequence[Measured]) -> tuple[dict[Rule, Usual], int]:
    """What is usual in a group for each rule, and the lag that most keep to in 95 of 100."""
    found: dict[Rule, Usual] = {}
    if not cell:
        return found, IN_TIME
    for rule in cell[0].counts:
        _, least = least_of(rule)
        peers = [each.counts[rule] for each in cell if each.counts[rule].whole >= least]
        if (known := usual(peers)) is not None:
            found[rule] = known
    days = max(IN_TIME, round(quantile(sorted(each.p95_lag for each in cell), 0.75)))
    tails = [counting.longer_than(each.online, days) for each in cell]
    if (known := usual([tail for tail in tails if tail.whole >= LEAST_RECORDS])) is not None:
        found["long_lag"] = known
    return found, days


def read(
    mine: Measured, asked: Asked, usuals: Mapping[Rule, Usual], days: int, threshold: float
) -> Reading:
    outcome: Outcome | None = None
    signals: list[Signal] = []
    if not is_enough(mine):
        outcome = "too_few_records"
    else:
        counts = {**mine.counts, "long_lag": counting.longer_than(mine.online, days)}
        signals = [
            signal(rule, count, usuals[rule], base_of(rule, mine, asked, count, usuals[rule]), days)
            for rule, count in counts.items()
            if rule in usuals and count.whole >= least_of(rule)[1]
        ]
        outcome = None if any(s.rule not in SUPPORTING for s in signals) else "too_few_peers"
    return made(mine, outcome, signals, threshold)


def made(
    mine: Measured, outcome: Outcome | None, signals: Sequence[Signal], threshold: float
) -> Reading:
    """The strongest statistic decides, and as many as were asked weigh against it."""
    deciding = [each for each in signals if each.rule not in SUPPORTING]
    chances = [min(1.0, len(deciding) * each.chance) for each in deciding]
    marked = [
        msgspec.structs.replace(each, is_worth_asking=len(deciding) * each.chance <= threshold)
        if each.rule not in SUPPORTING
        else each
        for each in signals
    ]
    marked.sort(key=lambda each: (each.rule in SUPPORTING, each.chance, -each.part, each.rule))
    if outcome is None:
        outcome = "worth_asking" if any(each.is_worth_asking for each in marked) else "usual"
    return Reading(
        subject=mine.subject,
        group=mine.group,
        unit=mine.unit,
        records=len(mine.headers) + mine.imported,
        children=len({header.case_id for header in mine.headers}),
        offline=len(mine.headers) - len(mine.online),
        imported=mine.imported,
        p95_lag=mine.p95_lag,
        outcome=outcome,
        chance=min(chances, default=None),
        signals=tuple(marked),
    )


def base_of(rule: Rule, mine: Measured, asked: Asked, count: Count, known: Usual) -> float:
    """What is usual among peers; for a surge also in the worker's own other weeks."""
    if rule != "surge":
        return known.base
    return max(known.base, counting.own_share(mine.headers, asked, count))


def signal(rule: Rule, count: Count, known: Usual, base: float, days: int) -> Signal:
    least, _ = least_of(rule)
    chance = surprise(count, base, known.dispersion) if count.part >= least else 1.0
    return Signal(
        rule=rule,
        part=count.part,
        whole=count.whole,
        base=round(base, 4),
        peers=known.peers,
        above=round(known.above(count.share), 4),
        chance=chance,
        days=LAGS.get(rule, days if rule == "long_lag" else None),
    )


def least_of(rule: Rule) -> tuple[int, int]:
    """How many must be odd, of how many, before a rule says anything."""
    return LEAST_OF.get(rule, (LEAST_ODD, LEAST_RECORDS))


LAGS: Mapping[Rule, int] = {
    "late_share": counting.LATE_DAYS,
    "order": counting.ORDER_DAYS,
    "surge": counting.SURGE_DAYS,
    "burst": counting.SURGE_DAYS,
}
