"""Drawing by lot: the same seed draws the same children, and everybody can see that it does."""

import shutil
import subprocess
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.casefile.domain.inspection_refusals import SampleTooLarge, SampleTooSmall
from services.casefile.domain.sampling import allocate, draw, hash_of, key_of

SEEDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
SIZES = st.dictionaries(
    st.sampled_from(["town-1", "town-2", "town-3", "town-4", "none"]),
    st.integers(min_value=0, max_value=60),
    min_size=1,
)
POPULATIONS = st.dictionaries(
    st.uuids(), st.sampled_from(["town-1", "town-2", "town-3"]), min_size=1, max_size=40
)
CASES = [UUID(int=n) for n in range(1, 101)]
TEN_TOWNS = {case: f"town-{n % 10}" for n, case in enumerate(CASES)}


@given(POPULATIONS, SEEDS, st.data())
def test_the_same_seed_draws_the_same_children_in_whatever_order_they_come(population, seed, data):
    size = data.draw(st.integers(min_value=0, max_value=len(population)))
    shuffled = dict(data.draw(st.permutations(list(population.items()))))

    drawn = draw(population, seed, size)

    assert draw(shuffled, seed, size) == drawn
    assert len(set(drawn.cases)) == size
    assert set(drawn.cases) <= set(population)


@given(POPULATIONS, SEEDS)
def test_without_strata_a_smaller_sample_is_the_beginning_of_a_larger_one(population, seed):
    everybody = dict.fromkeys(population, "all")

    whole = draw(everybody, seed, len(everybody)).cases

    for size in range(len(everybody)):
        assert draw(everybody, seed, size).cases == whole[:size]


@given(SIZES, st.data())
def test_shares_add_up_and_no_stratum_gives_more_than_it_has(sizes, data):
    size = data.draw(st.integers(min_value=0, max_value=sum(sizes.values())))
    assume(sum(sizes.values()) > 0)

    shares = allocate(sizes, size)

    assert sum(shares.values()) == size
    for name, share in shares.items():
        exact = size * sizes[name] / sum(sizes.values())
        assert share <= sizes[name]
        assert abs(share - exact) < 1


@given(SIZES, st.data())
def test_asked_for_one_of_each_no_stratum_goes_without(sizes, data):
    filled = [name for name, count in sizes.items() if count]
    assume(filled)
    size = data.draw(st.integers(min_value=len(filled), max_value=sum(sizes.values())))

    shares = allocate(sizes, size, at_least_one=True)

    assert sum(shares.values()) == size
    assert all(1 <= shares[name] <= sizes[name] for name in filled)


def test_another_seed_draws_other_children():
    everybody = dict.fromkeys(CASES, "all")

    assert draw(everybody, "one", 10).cases != draw(everybody, "two", 10).cases


def test_every_child_has_the_same_chance():
    everybody = dict.fromkeys(CASES, "all")
    times = dict.fromkeys(CASES, 0)

    for n in range(1000):
        for case in draw(everybody, f"seed-{n}", 10).cases:
            times[case] += 1

    assert 60 <= min(times.values()) <= max(times.values()) <= 145


def test_a_stratum_has_its_share():
    drawn = draw(TEN_TOWNS, "20261120", 20)

    assert {s.drawn for s in drawn.strata} == {2}
    assert {s.population for s in drawn.strata} == {10}


def test_a_sample_larger_than_the_population_is_refused_with_the_number_there_is():
    with pytest.raises(SampleTooLarge) as refused:
        draw(TEN_TOWNS, "20261120", 101)

    assert refused.value.data == {"population": 100, "size": 101}


def test_one_of_each_needs_as_many_as_there_are_strata():
    with pytest.raises(SampleTooSmall):
        draw(TEN_TOWNS, "20261120", 9, at_least_one=True)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_an_outsider_comes_to_the_same_with_sha256sum():
    ids = "".join(f"{case}\n" for case in sorted(map(str, CASES)))

    assert summed(ids) == hash_of(CASES)
    assert summed(f"20261120:{CASES[0]}") == key_of("20261120", CASES[0])


def summed(text: str) -> str:
    found = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True)
    return found.stdout.decode().split()[0]
