"""Medians, percentiles and paired ratios of interleaved slices, and the table they make."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.quiet import wait_for_quiet


@dataclass(frozen=True, slots=True)
class Slice:
    """One short run of one contender: what it did a second, and how long each took (ms)."""

    rate: float
    latencies: Sequence[float] = field(default=(), repr=False)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    slices: Sequence[Slice]

    @property
    def rate(self) -> float:
        return statistics.median(each.rate for each in self.slices)

    @property
    def best(self) -> float:
        return max(each.rate for each in self.slices)

    def percentile(self, share: float) -> float:
        return statistics.median(each.percentile(share) for each in self.slices)

    def ratio_to(self, other: "Series") -> float:
        """The median of the ratios of slices that ran side by side."""
        pairs = zip(self.slices, other.slices, strict=True)
        return statistics.median(ours.rate / theirs.rate for ours, theirs in pairs if theirs.rate)


def interleaved(
    contenders: Mapping[str, Callable[[], Slice]], rounds: int, *, patience: float = 0.0
) -> dict[str, Series]:
    """Run all contenders round by round, so that a noisy minute hurts them alike."""
    taken: dict[str, list[Slice]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            wait_for_quiet(patience)
            taken[name].append(run())
    return {name: Series(name, slices) for name, slices in taken.items()}


def described(series: Series, against: Mapping[str, Series]) -> dict[str, Any]:
    return {
        "rate": round(series.rate, 1),
        "best": round(series.best, 1),
        "p50_ms": round(series.percentile(0.50), 3),
        "p99_ms": round(series.percentile(0.99), 3),
        "ratio": {name: round(series.ratio_to(other), 3) for name, other in against.items()},
    }


def table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
