"""One attempt through one channel: made ready, sent, and entered, whatever came of it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from services.notifications.channels.channel import Channel, ChannelRefused, Rendered, Sent
from services.notifications.delivering import ledger, matter
from services.notifications.delivering.backoff import next_try
from services.notifications.delivering.ledger import Line, Outcome
from services.notifications.delivering.matter import Matter
from services.notifications.delivering.pacing import Pace
from services.notifications.delivering.queueing import Attempt, queue_attempt
from services.notifications.delivering.rendering import Renderer, locale_of
from services.notifications.delivering.telling import Books, outside, person_of
from services.notifications.policy.people import Person
from services.notifications.policy.timing import Timing
from services.notifications.state.connections import Connection, Pool

log = structlog.get_logger("services.notifications.delivering")
OUTCOMES: Mapping[str, Outcome] = {"retry": "failed", "slow_down": "slowed", "never": "refused"}


class Ready(msgspec.Struct, frozen=True):
    """Everything that sending needs, read before and not held while waiting."""

    attempt: Attempt
    matter: Matter
    channel: str
    address: str
    locale: str
    words: Rendered
    fault: str | None


class Attempting:
    """No transaction is open while a channel is waited for."""

    def __init__(
        self,
        pool: Pool,
        channels: Mapping[str, Channel],
        renderer: Renderer,
        books: Books,
        timing: Timing,
        now: Callable[[], datetime],
        pace: Pace | None = None,
        ahead: timedelta = timedelta(),
    ) -> None:
        self._pool = pool
        self._channels = channels
        self._renderer = renderer
        self._books = books
        self._timing = timing
        self._now = now
        self._pace = pace or Pace()
        # How far `now` is ahead of the queue's time, which is always the real one.
        self._ahead = ahead

    async def run(self, attempt: Attempt) -> None:
        ready = await asyncio.to_thread(self._prepare, attempt)
        if ready is not None:
            outcome = await self._send(ready)
            await asyncio.to_thread(self._enter, ready, outcome)

    def _prepare(self, attempt: Attempt) -> Ready | None:
        with self._pool.connection() as connection, connection.transaction():
            found = self._matter(connection, attempt)
            if found is None:
                return None
            person = person_of(connection, attempt.hearer)
            channels = outside(person, found)
            if attempt.place >= len(channels):
                self._give_up(connection, attempt, found, person)
                return None
            chosen = channels[attempt.place]
            if self._must_wait(connection, attempt, found, person, chosen):
                return None
            return self._ready(attempt, found, person, chosen)

    def _matter(self, connection: Connection, attempt: Attempt) -> Matter | None:
        """None if it is settled: told, stopped, or this attempt was made before a crash."""
        if attempt.notice is not None:
            found = matter.of_notice(connection, UUID(attempt.notice), attempt.hearer)
        else:
            found = matter.of_digest(connection, UUID(attempt.digest), attempt.hearer)
        if found is None:
            return None
        first = found.notice_ids[0]
        made = ledger.was_attempted(connection, first, attempt.hearer, attempt.number)
        return None if made else found

    def _must_wait(
        self,
        connection: Connection,
        attempt: Attempt,
        found: Matter,
        person: Person,
        chosen: Mapping[str, Any],
    ) -> bool:
        """For the end of the person's quiet hours, or for the channel to be free."""
        now = self._now()
        moment = now if found.is_safety else self._timing.next_allowed(person, now)
        reserved = False
        if moment <= now and not attempt.reserved:
            channel, address = str(chosen.get("channel")), str(chosen.get("address"))
            slot = self._pace.slot(connection, channel, address, now)
            moment, reserved = (slot, True) if slot is not None else (now, False)
        if moment <= now:
            return False
        later = msgspec.structs.replace(attempt, reserved=reserved)
        queue_attempt(connection, later, moment - self._ahead, urgent=found.is_safety)
        log.info("delivery_waits", channel=str(chosen.get("channel")), notice_id=attempt.key)
        return True

    def _ready(
        self, attempt: Attempt, found: Matter, person: Person, chosen: Mapping[str, Any]
    ) -> Ready:
        name, locale = str(chosen.get("channel")), locale_of(person.locale)
        channel = self._channels.get(name)
        in_group = channel.in_group if channel is not None else True
        words = self._renderer.words(found, locale, name, in_group=in_group)
        address = str(chosen.get("address") or "")
        return Ready(attempt, found, name, address, locale, words.rendered, words.fault)

    async def _send(self, ready: Ready) -> Sent | ChannelRefused:
        channel = self._channels.get(ready.channel)
        if channel is None:
            return ChannelRefused("not_configured", "never", "this channel is not set up here")
        key = ready.matter.key(ready.attempt.hearer)
        try:
            return await channel.send(ready.address, ready.words, key)
        except ChannelRefused as refused:
            return refused
        except Exception as error:
            log.exception("channel_failed", channel=ready.channel)
            return ChannelRefused("fault", "retry", type(error).__name__)

    def _enter(self, ready: Ready, outcome: Sent | ChannelRefused) -> None:
        with self._pool.connection() as connection, connection.transaction():
            if isinstance(outcome, Sent):
                code = "template" if ready.fault else outcome.code
                self._write(connection, ready, "delivered", code, ready.fault)
                matter.set_state(connection, ready.matter.notice_ids, "delivered")
                return
            result = OUTCOMES[outcome.handling]
            self._write(connection, ready, result, outcome.code, outcome.detail)
            self._follow_up(connection, ready, outcome)

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

    def _give_up(
        self, connection: Connection, attempt: Attempt, found: Matter, person: Person
    ) -> None:
        """Nothing outside took it. It is in the inbox, and whoever runs this sees it."""
        line = Line(
            notice_ids=found.notice_ids,
            staff=attempt.hearer,
            channel="-",
            template=found.template,
            locale=locale_of(person.locale),
            attempt=attempt.number,
            outcome="gave_up",
            detail="no channel took it; it is in the inbox",
            at=self._now(),
        )
        self._books.write(connection, line)
        matter.set_state(connection, found.notice_ids, "gave_up")

    def _write(
        self,
        connection: Connection,
        ready: Ready,
        outcome: Outcome,
        code: str | None,
        detail: str | None,
    ) -> None:
        line = Line(
            notice_ids=ready.matter.notice_ids,
            staff=ready.attempt.hearer,
            channel=ready.channel,
            template=ready.matter.template,
            locale=ready.locale,
            attempt=ready.attempt.number,
            outcome=outcome,
            code=code,
            detail=detail,
            at=self._now(),
        )
        self._books.write(connection, line)
