"""What came of an attempt, in the ledger and the queue, in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from services.notifications.channels.channel import ChannelRefused, Rendered, Sent
from services.notifications.delivering import matter, sending
from services.notifications.delivering.backoff import next_try
from services.notifications.delivering.ledger import Line, Outcome
from services.notifications.delivering.matter import Matter
from services.notifications.delivering.pacing import Pace
from services.notifications.delivering.queueing import Attempt, queue_attempt
from services.notifications.delivering.reaching import names_others
from services.notifications.delivering.rendering import locale_of
from services.notifications.delivering.sending import Left
from services.notifications.delivering.telling import Books
from services.notifications.policy.people import Person
from services.notifications.state.connections import Connection

OUTCOMES: Mapping[str, Outcome] = {"retry": "failed", "slow_down": "slowed", "never": "refused"}
NOBODY_TOOK_IT = "no channel took it; it is in the inbox"
MAY_HAVE_ARRIVED = "begun and not entered; it may have arrived, and is sent again with the same id"


class Ready(msgspec.Struct, frozen=True):
    """Everything that sending needs, read before and not held while waiting."""

    attempt: Attempt
    matter: Matter
    channel: str
    address: str
    locale: str
    words: Rendered
    fault: str | None
    begun: int


class Entering:
    """Writes lines, and says what follows: nothing, another try, another channel, or the end."""

    def __init__(
        self, books: Books, pace: Pace, now: Callable[[], datetime], ahead: timedelta
    ) -> None:
        self._books = books
        self._pace = pace
        self._now = now
        self._ahead = ahead

    def outcome(self, connection: Connection, ready: Ready, outcome: Sent | ChannelRefused) -> None:
        sending.end(connection, ready.begun)
        if isinstance(outcome, Sent):
            code = "template" if ready.fault else outcome.code
            self._write(connection, ready, "delivered", code, ready.fault)
            matter.set_state(connection, ready.matter.notice_ids, "delivered")
            return
        result = OUTCOMES[outcome.handling]
        self._write(connection, ready, result, outcome.code, outcome.detail)
        self._follow_up(connection, ready, outcome)

    def unsure(self, connection: Connection, attempt: Attempt, left: Left) -> None:
        """Its worker died, or the database went away, while it was waited for."""
        line = Line(
            notice_ids=left.notice_ids,
            staff=attempt.hearer,
            channel=left.channel,
            template=left.template,
            locale=left.locale,
            attempt=left.attempt,
            outcome="unsure",
            code="not_entered",
            detail=MAY_HAVE_ARRIVED,
            at=self._now(),
        )
        self._books.write(connection, line)

    def give_up(
        self, connection: Connection, attempt: Attempt, found: Matter, person: Person
    ) -> None:
        """Nothing outside took it. It is in the inbox, and whoever runs this sees it."""
        line = self._line(attempt, found, "-", locale_of(person.locale))
        if names_others(found) and attempt.place == 0:
            named = ", ".join(found.channels)
            missing = f"the step names {named}, and the directory has none of them here"
            line = msgspec.structs.replace(line, code="no_address", detail=missing)
        self._books.write(connection, line)
        matter.set_state(connection, found.notice_ids, "gave_up")

    def _follow_up(self, connection: Connection, ready: Ready, refused: ChannelRefused) -> None:
        """The same channel later, or the next one now; after the last one it is given up."""
        attempt, urgent = ready.attempt, ready.matter.is_safety
        wait = next_try(refused, attempt.tries, urgent=urgent)
        number = attempt.number + 1
        if wait is None:
            following = msgspec.structs.replace(
                attempt, place=attempt.place + 1, tries=0, number=number, reserved=False
            )
            queue_attempt(connection, following, urgent=urgent)
            return
        moment = self._now() + wait
        if refused.handling == "slow_down":
            self._pace.block(connection, ready.channel, ready.address, moment)
        again = msgspec.structs.replace(
            attempt, tries=attempt.tries + 1, number=number, reserved=False
        )
        queue_attempt(connection, again, moment - self._ahead, urgent=urgent)

    def _write(
        self,
        connection: Connection,
        ready: Ready,
        outcome: Outcome,
        code: str | None,
        detail: str | None,
    ) -> None:
        line = self._line(ready.attempt, ready.matter, ready.channel, ready.locale)
        told = msgspec.structs.replace(line, outcome=outcome, code=code, detail=detail)
        self._books.write(connection, told)

    def _line(self, attempt: Attempt, found: Matter, channel: str, locale: str) -> Line:
        return Line(
            notice_ids=found.notice_ids,
            staff=attempt.hearer,
            channel=channel,
            template=found.template,
            locale=locale,
            attempt=attempt.number,
            outcome="gave_up",
            detail=NOBODY_TOOK_IT,
            at=self._now(),
        )
