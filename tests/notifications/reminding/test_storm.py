"""The end of a month, small; `bench/storm.py` runs the whole of it."""

from bench.county import settle
from bench.storm import Storm, told


def test_at_the_end_of_a_month_everybody_gets_one_digest_and_memory_stays_flat(
    notifications_database,
):
    settle(notifications_database, people=30)
    storm = Storm(notifications_database, people=30)
    small = storm.night(300, traced=True)
    assert small.notices == 900
    morning = storm.morning()
    # Thirty teachers, and the supervisor of them all; the school hears three days later.
    assert (morning.digests, morning.most_for_one) == (31, 1)

    channel, _ = storm.delivered()
    assert set(channel.reached.values()) == {1}
    assert len(channel.reached) == 31
    assert told(notifications_database) == {
        "delivered": 600, "otherwise": 0, "items": 600, "not_delivered": 0,
    }  # fmt: skip

    again = storm.night(1200, traced=True)
    # A digest a morning: what came later waits for the next one.
    assert storm.morning().digests == 0
    assert again.late_mib < small.late_mib * 1.5
