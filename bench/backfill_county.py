"""Invented counties with a label on every worker: how records come to be entered, well and badly.

Half of the honest write once a week, a tenth are offline for days, some visit on a fixed weekday,
some were ill for a month. The others back-fill a share of their records before an inspection: some
with the days they should have been made on, the careful ones with days next to the entry.
"""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Literal, NamedTuple
from uuid import UUID

from services.casefile.domain.backfill.header import Asked, Header

FIRST = date(2025, 9, 1).toordinal()
LAST = date(2026, 8, 31).toordinal()
ANNOUNCED = date(2026, 6, 15).toordinal()
CALM = ((date(2026, 1, 25), date(2026, 2, 22)), (date(2026, 7, 5), date(2026, 8, 25)))
HOLIDAYS = tuple((a.toordinal(), b.toordinal()) for a, b in CALM)
RECORDS = 120
Label = Literal[
    "prompt", "weekly", "offline", "fixed_weekday", "was_ill", "backfills", "careful"
]  # fmt: skip
HONEST: tuple[tuple[Label, float], ...] = (
    ("prompt", 0.25), ("weekly", 0.50), ("offline", 0.10), ("fixed_weekday", 0.05),
    ("was_ill", 0.10),
)  # fmt: skip
DISHONEST: tuple[Label, ...] = ("backfills", "careful")


class Worker(NamedTuple):
    """Somebody, the truth about them, and what a panel sees."""

    name: str
    label: Label
    headers: list[Header]

    @property
    def is_honest(self) -> bool:
        return self.label not in DISHONEST


def asked(*, announced: bool) -> Asked:
    return Asked(since=FIRST, until=LAST, announced_on=ANNOUNCED if announced else None)


def county(seed: int, workers: int, dishonest: float, share: float) -> list[Worker]:
    """So many workers, a part of whom back-fills so large a share of the records."""
    chance = Random(f"{seed}:{workers}:{dishonest}:{share}")
    made = []
    for number in range(workers):
        label = labelled(chance, dishonest)
        headers = list(records(chance, number, label, share))
        made.append(Worker(f"w-{number:04}", label, headers))
    return made


def labelled(chance: Random, dishonest: float) -> Label:
    if chance.random() < dishonest:
        return chance.choice(DISHONEST)
    labels, weights = zip(*HONEST, strict=True)
    found: Label = chance.choices(labels, weights)[0]
    return found


def records(chance: Random, number: int, label: Label, share: float) -> Iterator[Header]:
    children = [UUID(int=number << 16 | child) for child in range(chance.randint(6, 14))]
    weekday, ill_from = chance.randrange(5), chance.randrange(FIRST, LAST - 40)
    for _ in range(max(40, round(chance.gauss(RECORDS, 25)))):
        child, kind = chance.choice(children), chance.choice(("talk", "home_visit"))
        on = day(chance, fixed=weekday if label == "fixed_weekday" else None)
        device: int | None = None
        if label in DISHONEST and chance.random() < share:
            on, entered = forged(chance, on, careful=label == "careful")
        elif label == "was_ill" and ill_from <= on < ill_from + 30 and chance.random() < 0.5:
            entered = max(on, ill_from + 30)
        else:
            entered, device = honestly(chance, label, on, weekday)
        if entered <= LAST:
            yield Header(
                f"w-{number:04}", f"v-{number:04}", "child_director", child, kind,
                "mobile" if device else "web", on, entered, device,
                f"v-{number:04}", f"town-{number % 12}",
            )  # fmt: skip


def day(chance: Random, fixed: int | None = None) -> int:
    """A day of the school year; contact is rare in the holidays."""
    while True:
        found = chance.randint(FIRST, LAST)
        if fixed is not None:
            found -= (found - fixed) % 7
        calm = any(first <= found <= last for first, last in HOLIDAYS)
        if found >= FIRST and (not calm or chance.random() < 0.3):
            return found


def honestly(chance: Random, label: Label, on: int, weekday: int) -> tuple[int, int | None]:
    """The day it was entered, and the day a device without a network says it was written down."""
    if label == "offline" and chance.random() < 0.6:
        return on + chance.randint(3, 14), on + chance.randint(0, 1)
    if label == "weekly":
        return on + (weekday - on) % 7 + (7 if chance.random() < 0.05 else 0), None
    if chance.random() < 0.02:
        return on + chance.randint(4, 25), None
    return on + chance.choice((0, 0, 0, 1, 1, 2, 3)), None


def forged(chance: Random, on: int, *, careful: bool) -> tuple[int, int]:
    """The day it is said to have happened, and the day it was entered before the inspection."""
    entered = ANNOUNCED - chance.randint(1, 13)
    if careful:
        return entered - chance.randint(0, 2), entered
    while on >= entered:
        on = day(chance)
    return on, entered
