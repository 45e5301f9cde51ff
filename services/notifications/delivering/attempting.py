"""One attempt through one channel: made ready, sent, and entered, whatever came of it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from services.notifications.channels.channel import Channel, ChannelRefused, Sent
from services.notifications.delivering import ledger, matter, sending
from services.notifications.delivering.entering import Entering, Ready
from services.notifications.delivering.matter import Matter
from services.notifications.delivering.pacing import Pace
from services.notifications.delivering.queueing import Attempt, queue_attempt
from services.notifications.delivering.reaching import outside, person_of
from services.notifications.delivering.rendering import Renderer, locale_of
from services.notifications.delivering.sending import Left
from services.notifications.delivering.telling import Books
from services.notifications.policy.people import Person
from services.notifications.policy.timing import Timing
from services.notifications.state.connections import Connection, Pool

log = structlog.get_logger("services.notifications.delivering")


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
        self._timing = timing
        self._now = now
        self._pace = pace or Pace()
        self._entering = Entering(books, self._pace, now, ahead)
        # How far `now` is ahead of the queue's time, which is always the real one.
        self._ahead = ahead

    async def run(self, attempt: Attempt) -> None:
        ready = await asyncio.to_thread(self._prepare, attempt)
        if ready is not None:
            outcome = await self._send(ready)
            await asyncio.to_thread(self._enter, ready, outcome)

    def _prepare(self, attempt: Attempt) -> Ready | None:
        with self._pool.connection() as connection, connection.transaction():
            if left := sending.left(connection, attempt):
                self._entering.unsure(connection, attempt, left)
            found = self._matter(connection, attempt)
            if found is None:
                return None
            person = person_of(connection, attempt.hearer)
            channels = outside(person, found)
            if attempt.place >= len(channels):
                self._entering.give_up(connection, attempt, found, person)
                return None
            chosen = channels[attempt.place]
            if self._must_wait(connection, attempt, found, person, chosen):
                return None
            return self._ready(connection, attempt, found, person, chosen)

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
        self,
        connection: Connection,
        attempt: Attempt,
        found: Matter,
        person: Person,
        chosen: Mapping[str, Any],
    ) -> Ready:
        name, locale = str(chosen.get("channel")), locale_of(person.locale)
        channel = self._channels.get(name)
        in_group = channel.in_group if channel is not None else True
        words = self._renderer.words(found, locale, name, in_group=in_group)
        address = str(chosen.get("address") or "")
        way = Left(found.notice_ids, name, found.template, locale, attempt.number, self._now())
        begun = sending.begin(connection, attempt, way)
        return Ready(attempt, found, name, address, locale, words.rendered, words.fault, begun)

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
            self._entering.outcome(connection, ready, outcome)
