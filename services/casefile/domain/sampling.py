"""Draws cases by lot with a public seed, in a way that anybody can redo with `sha256sum`.

Pure: the same seed and the same population give the same cases, whatever order they come in.
`docs/inspections.md` says how to redo a draw by hand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.envelope import LONG_CODE
from services.casefile.domain.inspection_refusals import SampleTooLarge, SampleTooSmall

ALGORITHM = "sha256-rank"
ALGORITHM_VERSION = 1
EVERYBODY = "all"
UNPLACED = "none"

Seed = Annotated[str, Meta(pattern=LONG_CODE)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]


class Stratum(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A part of the population, and how many of it were drawn."""

    stratum: Annotated[str, Meta(pattern=LONG_CODE)]
    population: Count
    drawn: Count


class Drawn(msgspec.Struct, frozen=True):
    """A sample: the cases in the order of their keys, and the strata they come from."""

    population: int
    population_hash: str
    strata: tuple[Stratum, ...]
    cases: tuple[UUID, ...]


def key_of(seed: str, case_id: UUID) -> str:
    """The place of a case in the lottery: the hash of `seed:case_id`."""
    return sha256(f"{seed}:{case_id}".encode()).hexdigest()


def hash_of(case_ids: Iterable[UUID]) -> str:
    """The hash of the population: its ids in order, one on a line, each line ended."""
    lines = "".join(f"{case_id}\n" for case_id in sorted(map(str, case_ids)))
    return sha256(lines.encode()).hexdigest()


def draw(
    population: Mapping[UUID, str], seed: str, size: int, *, at_least_one: bool = False
) -> Drawn:
    """So many cases of the population, which says of each case in which stratum it is."""
    if size > len(population):
        raise SampleTooLarge(population=len(population), size=size)
    sizes = Counter(population.values())
    shares = allocate(sizes, size, at_least_one=at_least_one)
    members: defaultdict[str, list[UUID]] = defaultdict(list)
    for case_id, stratum in population.items():
        members[stratum].append(case_id)
    taken = [c for name, share in shares.items() for c in in_order(seed, members[name])[:share]]
    return Drawn(
        population=len(population),
        population_hash=hash_of(population),
        strata=tuple(Stratum(name, sizes[name], share) for name, share in shares.items()),
        cases=tuple(in_order(seed, taken)),
    )


def in_order(seed: str, case_ids: Iterable[UUID]) -> list[UUID]:
    return sorted(case_ids, key=lambda case_id: key_of(seed, case_id))


def allocate(sizes: Mapping[str, int], size: int, *, at_least_one: bool = False) -> dict[str, int]:
    """How many of each stratum, by the largest remainder; of equal ones the first by name."""
    names, whole = sorted(name for name, count in sizes.items() if count), sum(sizes.values())
    if at_least_one and size < len(names):
        raise SampleTooSmall(strata=len(names), size=size)
    shares = {name: size * sizes[name] // whole for name in names}
    by_remainder = sorted(names, key=lambda name: (-(size * sizes[name] % whole), name))
    for name in by_remainder[: size - sum(shares.values())]:
        shares[name] += 1
    if at_least_one:
        give_each_one(shares, names)
    return shares


def give_each_one(shares: dict[str, int], names: Sequence[str]) -> None:
    """What a stratum without any gets is taken from the one that has most."""
    for name in names:
        if shares[name] == 0:
            richest = min(names, key=lambda each: (-shares[each], each))
            shares[richest] -= 1
            shares[name] += 1
