"""The end of a month, small; `bench/storm.py` runs the whole of it."""

from bench.storm import blow, settle


def test_at_the_end_of_a_month_everybody_gets_one_digest_and_memory_stays_flat(
    notifications_database,
):
    settle(notifications_database)
    small = blow(notifications_database, misses=300, people=30, traced=True)
    assert small.notices == 600
    # Thirty teachers, and the supervisor of them all.
    assert (small.digests, small.most_for_one) == (31, 1)

    again = blow(notifications_database, misses=1200, people=30, traced=True)
    # A digest a morning: what came later waits for the next one.
    assert again.digests == 0
    assert again.peak_mib < small.peak_mib * 1.5
