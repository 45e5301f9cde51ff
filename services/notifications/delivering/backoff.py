"""How long to wait after a failure, and how often to try the same channel."""

from datetime import timedelta

from services.notifications.channels.channel import ChannelRefused

# A notice about safety does not wait long before the next channel gets it.
WAITS = (5.0, 30.0, 120.0, 600.0)
URGENT_WAITS = (2.0, 5.0)
SLOW_DOWN = 60.0
MOST_SLOWED = 10


def next_try(refused: ChannelRefused, tries: int, *, urgent: bool) -> timedelta | None:
    """When to try the same channel again; None: turn to the next one. `tries` failed before."""
    if refused.handling == "never":
        return None
    if refused.handling == "slow_down":
        limit = len(URGENT_WAITS) if urgent else MOST_SLOWED
        wait = refused.wait_seconds or SLOW_DOWN
        return timedelta(seconds=wait) if tries < limit else None
    waits = URGENT_WAITS if urgent else WAITS
    if tries >= len(waits):
        return None
    return timedelta(seconds=max(waits[tries], refused.wait_seconds or 0.0))
