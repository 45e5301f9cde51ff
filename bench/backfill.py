"""How well the panel finds back-filling in labelled counties: precision, detection, false alarms.

python -m bench.backfill [--counties N] [--workers N] [--json FILE]
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.backfill_county import DISHONEST, HONEST, Worker, asked, county
from bench.stats import table
from services.casefile.domain.backfill.panel import THRESHOLD, panel

SHARES = (0.05, 0.10, 0.25, 0.50)
# The bar is about these.
BAR_SHARES = (0.10, 0.25)
DISHONEST_PARTS = (0.05, 0.20)
THRESHOLDS = (0.1, 0.03, 0.01, 0.003, 0.001, 3e-4, 1e-4, 1e-5, 1e-6)


class Case(NamedTuple):
    """One worker's reading beside the truth."""

    label: str
    is_honest: bool
    chance: float
    rule: str


class Point(NamedTuple):
    """What one threshold gives: so many found of so many, so many alarms of which so many true."""

    threshold: float
    true: int
    false: int
    dishonest: int
    honest: int

    @property
    def precision(self) -> float | None:
        return self.true / (self.true + self.false) if self.true + self.false else None

    @property
    def detection(self) -> float:
        return self.true / self.dishonest if self.dishonest else 0.0

    @property
    def false_alarms(self) -> float:
        return self.false / self.honest if self.honest else 0.0


def cases(
    share: float, dishonest: float, counties: int, workers: int, *, announced: bool
) -> Iterator[Case]:
    for seed in range(counties):
        made = county(seed, workers, dishonest, share)
        yield from read(made, announced=announced)


def read(made: Sequence[Worker], *, announced: bool) -> Iterator[Case]:
    labels = {worker.name: worker for worker in made}
    found = panel(
        {worker.name: worker.headers for worker in made}, asked(announced=announced), THRESHOLD
    )
    for reading in found.readings:
        worker = labels[reading.subject]
        rule = reading.signals[0].rule if reading.signals else "none"
        chance = 1.0 if reading.chance is None else reading.chance
        yield Case(worker.label, worker.is_honest, chance, rule)


def point(found: Sequence[Case], threshold: float) -> Point:
    alarms = [case for case in found if case.chance <= threshold]
    false = sum(case.is_honest for case in alarms)
    honest = sum(case.is_honest for case in found)
    return Point(threshold, len(alarms) - false, false, len(found) - honest, honest)


def curve(found: Sequence[Case]) -> list[Point]:
    return [point(found, threshold) for threshold in THRESHOLDS]


def shown(points: Sequence[Point]) -> str:
    rows = [["threshold", "precision", "detection", "false alarms per 1,000 honest"]]
    for each in points:
        precision = "-" if each.precision is None else f"{each.precision:.3f}"
        mark = " <- shipped" if each.threshold == THRESHOLD else ""
        rows.append(
            [
                f"{each.threshold:g}{mark}",
                f"{precision} ({each.true}/{each.true + each.false})",
                f"{each.detection:.3f} ({each.true}/{each.dishonest})",
                f"{1000 * each.false_alarms:.2f} ({each.false}/{each.honest})",
            ]
        )
    return table(rows)


def by_label(found: Sequence[Case]) -> str:
    """At the shipped threshold: who is asked about, and by which statistic."""
    rows = [["label", "asked about", "strongest statistics of those"]]
    for label in [name for name, _ in HONEST] + list(DISHONEST):
        mine = [case for case in found if case.label == label]
        alarms = [case for case in mine if case.chance <= THRESHOLD]
        rules = ", ".join(f"{r} {n}" for r, n in Counter(c.rule for c in alarms).most_common(4))
        part = f"{len(alarms)}/{len(mine)} ({len(alarms) / len(mine):.1%})" if mine else "0/0"
        rows.append([label, part, rules])
    return table(rows)


def main() -> None:
    options = arguments()
    figures: list[dict[str, Any]] = []
    for announced in (True, False):
        for dishonest in DISHONEST_PARTS:
            for share in SHARES:
                found = list(
                    cases(share, dishonest, options.counties, options.workers, announced=announced)
                )
                points = curve(found)
                print(heading(share, dishonest, announced=announced))
                print(shown(points), "\n")
                print(by_label(found), "\n")
                settings = {"share": share, "dishonest": dishonest, "announced": announced}
                figures.append(settings | {"points": [p._asdict() for p in points]})
    if options.json:
        whole = {"at_threshold": at_threshold(figures), "backfill": figures}
        options.json.write_text(json.dumps(whole, indent=1))


def at_threshold(figures: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The least precision at the shipped threshold, where the bar asks for it."""
    meant = [each["points"] for each in figures if each["share"] in BAR_SHARES]
    shipped = [Point(**p) for points in meant for p in points if p["threshold"] == THRESHOLD]
    return {"least_precision": min(point.precision or 1.0 for point in shipped)}


def heading(share: float, dishonest: float, *, announced: bool) -> str:
    day = "with" if announced else "without"
    return (
        f"{dishonest:.0%} of workers back-fill {share:.0%} of their records, "
        f"{day} the day of an inspection"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=10)
    parser.add_argument("--workers", type=int, default=400)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
