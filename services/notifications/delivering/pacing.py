"""How fast a channel may be used, over all workers: each message gets a slot of its own."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from services.notifications.state.connections import Connection

# The slot is what `next_at` was before, unless the channel was idle so long that a burst is due.
TAKE = """
INSERT INTO notifications.pace AS p (key, next_at)
VALUES (%(key)s, %(now)s - %(burst)s + %(gap)s)
ON CONFLICT (key) DO UPDATE
SET next_at = greatest(p.next_at, %(now)s - %(burst)s) + %(gap)s
RETURNING next_at - %(gap)s
"""
BLOCK = """
INSERT INTO notifications.pace AS p (key, next_at) VALUES (%(key)s, %(until)s)
ON CONFLICT (key) DO UPDATE SET next_at = greatest(p.next_at, %(until)s)
"""


class Limit(msgspec.Struct, frozen=True):
    """So many a minute, and so many at once after a rest; for each address, or for all."""

    per_minute: int
    burst: int = 5
    each_address: bool = True

    @property
    def gap(self) -> timedelta:
        return timedelta(minutes=1) / self.per_minute


# What the services allow, and a little less.
LIMITS: Mapping[str, Limit] = {
    "wecom": Limit(18),
    "dingtalk": Limit(18),
    "feishu": Limit(60),
    "smtp": Limit(300, 20, each_address=False),
    "webhook": Limit(300, 20),
    "apprise": Limit(20),
}


class Pace:
    """Slots of the channels; a channel without a limit is always free."""

    def __init__(self, limits: Mapping[str, Limit] = LIMITS) -> None:
        self._limits = limits

    def slot(
        self, connection: Connection, channel: str, address: str, now: datetime
    ) -> datetime | None:
        """None: go on. Otherwise the moment that is kept for this message."""
        limit = self._limits.get(channel)
        if limit is None:
            return None
        given = {
            "key": _key(limit, channel, address),
            "now": now,
            "gap": limit.gap,
            "burst": limit.gap * (limit.burst - 1),
        }
        row = connection.execute(TAKE, given).fetchone()
        assert row is not None
        return row[0] if row[0] > now else None

    def block(self, connection: Connection, channel: str, address: str, until: datetime) -> None:
        """The service said that it is too much: nobody uses it until then."""
        limit = self._limits.get(channel, Limit(60))
        given = {"key": _key(limit, channel, address), "until": until}
        connection.execute(BLOCK, given)


def _key(limit: Limit, channel: str, address: str) -> str:
    """An address may hold a secret: only its digest is kept."""
    if not limit.each_address:
        return channel
    return f"{channel}:{hashlib.sha256(address.encode()).hexdigest()[:20]}"
