"""From recipients to intents: everybody at the hour that is right for them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from services.notifications.policy.intent import Intent, Urgency
from services.notifications.policy.snapshot import Snapshot
from services.notifications.policy.timing import Moment, Timing


def told(
    intent: Intent,
    staff: Iterable[str],
    snapshot: Snapshot,
    timing: Timing,
    urgency: Urgency,
    now: datetime,
    day: date,
) -> Iterator[Intent]:
    """The intent for each hour at which some of the staff may be told."""
    moments: dict[Moment, list[str]] = {}
    for each in staff:
        heard = snapshot.heard_now.get(each, 0)
        moment = timing.moment(snapshot.person(each), urgency, now, day, heard)
        moments.setdefault(moment, []).append(each)
    for moment, those in moments.items():
        yield msgspec.structs.replace(
            intent, staff=tuple(those), urgency=moment.urgency, not_before=moment.not_before
        )


def unheard(intent: Intent, code: str) -> Intent:
    """Nobody could be found for a step: to be seen by whoever runs this, told to nobody."""
    return msgspec.structs.replace(intent, kind="unheard", facts={**intent.facts, "rung": code})
