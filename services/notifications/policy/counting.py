"""Counts who is told at once, while one message after the other is decided on."""

from collections.abc import Iterable

from services.notifications.policy.intent import Intent
from services.notifications.policy.safety import SAFETY


def count_heard(heard_now: dict[str, int], intents: Iterable[Intent]) -> None:
    """Go on counting who is told at once; what concerns safety does not count."""
    for intent in intents:
        if intent.urgency == "now" and intent.kind not in SAFETY:
            for each in intent.staff:
                heard_now[each] = heard_now.get(each, 0) + 1
