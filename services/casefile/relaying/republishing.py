"""An operator's wish that the relay begin once more at a position: looked at first, then asked."""

from contextlib import closing
from datetime import datetime

import msgspec

from services.casefile.following import relayed
from services.casefile.following.lease import session
from services.casefile.relaying.errors import NotRelayedYet, RepublishLeavesHole

PLAN = b"""
SELECT r.position, count(e.notification_id), coalesce(max(e.notification_id), 0), max(e.recorded_at)
FROM casefile.relay r LEFT JOIN casefile.stored_events e
     ON e.notification_id >= %s AND e.notification_id <= r.position
WHERE r.topic = %s GROUP BY r.position
"""


class Plan(msgspec.Struct, frozen=True):
    """What would be sent again."""

    topic: str
    first: int
    last: int
    events: int
    until: datetime | None


def plan(conninfo: str, topic: str, first: int) -> Plan:
    with closing(session(conninfo, "casefile-republish", {})) as link:
        row = link.execute(PLAN, [first, topic]).fetchone()
    if row is None:
        raise NotRelayedYet(topic)
    published, events, last, until = row
    if first > published + 1:
        raise RepublishLeavesHole(published)
    return Plan(topic, first, last, events, until)


def ask(conninfo: str, planned: Plan) -> None:
    with closing(session(conninfo, "casefile-republish", {})) as link:
        relayed.ask_again(link, planned.topic, planned.first - 1)
