"""Types nobody here reacts to: left out, and said once, so that nobody wonders."""

import re

import structlog

from services.notifications.messages import Incoming

VERSIONED = re.compile(r"(?P<name>.+)\.v(?P<number>\d+)")

log = structlog.get_logger(__name__)


class Ignoring:
    """Remembers which types it has spoken of. `known` are those the service reacts to."""

    def __init__(self, known: frozenset[str]) -> None:
        self._names = {found["name"] for type_ in known if (found := VERSIONED.fullmatch(type_))}
        self._said: set[str] = set()

    def note(self, message: Incoming) -> None:
        kind = message.type
        if kind in self._said or len(self._said) > 1000:
            return
        self._said.add(kind)
        found = VERSIONED.fullmatch(kind)
        if found is not None and found["name"] in self._names:
            log.warning("newer_version_ignored", type=kind, position=message.position)
        else:
            log.info("type_ignored", type=kind, position=message.position)
