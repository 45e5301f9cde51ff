"""How far a rebuild is, how fast it goes and how long it will take."""

from collections.abc import Callable, Sequence
from time import monotonic

import msgspec

from services.casefile.following.register import Follower


class Progress(msgspec.Struct, frozen=True):
    """A word on the way; `of` is an upper bound, since positions may have holes."""

    names: Sequence[str]
    phase: str
    done: int
    of: int
    events_per_second: float | None = None
    seconds_left: float | None = None


class Meter:
    """Counts events; what an earlier, killed run did counts as done but not as speed."""

    def __init__(
        self, names: Sequence[str], follower: Follower, show: Callable[[Progress], None]
    ) -> None:
        self._names = names
        self._before = follower.built
        self._of = follower.build_target or 0
        self._show = show
        self._now = 0
        self._started = monotonic()

    def count(self, events: int) -> None:
        self._now += events
        rate = self._now / max(monotonic() - self._started, 1e-6)
        done = self._before + self._now
        left = max(self._of - done, 0) / rate
        self._show(Progress(self._names, "building", done, self._of, round(rate), round(left, 1)))
