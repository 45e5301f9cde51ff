"""Builds what the commands run, from the settings; the only place that knows every part."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import psycopg
import sqlalchemy.exc
import structlog
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict

from services.notifications.api.access import Tokens
from services.notifications.api.app import create_app
from services.notifications.channels.available import opened
from services.notifications.channels.channel import Sent
from services.notifications.consuming.consumer import Consumer, utc_now
from services.notifications.consuming.effect import Effect
from services.notifications.consuming.ports import Reactions
from services.notifications.delivering import queueing
from services.notifications.delivering.attempting import Attempting
from services.notifications.delivering.rendering import Renderer
from services.notifications.delivering.results import KafkaResults
from services.notifications.delivering.sample import sample
from services.notifications.delivering.telling import Books, Telling
from services.notifications.delivering.worker import Delivery
from services.notifications.directory import reacting
from services.notifications.policy.ladder import Ladder
from services.notifications.policy.reading import default_ladder, read_ladder
from services.notifications.policy.timing import Timing
from services.notifications.refusals import NotificationsError
from services.notifications.reminding import days
from services.notifications.reminding.board import HttpBoard
from services.notifications.reminding.digests import Digest, Digests
from services.notifications.reminding.reminding import Reminding
from services.notifications.reminding.rounds import Rounds
from services.notifications.settings import Settings
from services.notifications.sources.feed import FeedSource
from services.notifications.sources.source import Source
from services.notifications.state.beginning import began_at
from services.notifications.state.connections import Connection, connect, open_pool
from services.notifications.state.migrations import behind, migrate

log = structlog.get_logger(__name__)


class DatabaseDown(NotificationsError):
    """The database does not answer."""

    remedy = "See that it runs, and that NOTIFICATIONS_DATABASE_URL is right."


class TokensNotConfigured(NotificationsError):
    """Nobody could sign in: no file of tokens is configured."""

    remedy = "Set NOTIFICATIONS_TOKENS_FILE to Casefile's file of tokens."


class SchemaBehind(NotificationsError):
    """The database lacks migrations of this release."""

    remedy = "Run `notifications migrate`."


class NoSuchChannel(NotificationsError):
    """This channel is not set up here."""

    remedy = "Choose one of those named; mail needs NOTIFICATIONS_SMTP_HOST and _SMTP_FROM."


def migrated(settings: Settings) -> None:
    """The database at this release's schema; the application's role may use it."""
    owner, app = settings.owner_conninfo, settings.app_conninfo
    role = conninfo_to_dict(app).get("user") if owner != app else None
    with _answering():
        migrate(owner, str(role) if role else None)


def ready(settings: Settings) -> None:
    with _answering():
        missing = behind(settings.app_conninfo)
    if missing:
        raise SchemaBehind(missing=len(missing))


@contextmanager
def connected(settings: Settings) -> Iterator[Connection]:
    """A connection for a command that somebody waits for."""
    with _answering():
        connection = connect(settings.app_conninfo)
    with connection:
        yield connection


def source(settings: Settings) -> Source:
    if settings.source == "kafka":
        from services.notifications.sources.kafka import KafkaSource

        return KafkaSource(
            settings.kafka_client, settings.topic, settings.group, limit=settings.batch_size
        )
    address, token = settings.feed
    wait = settings.feed_wait_seconds
    return FeedSource(address, token, limit=settings.batch_size, wait=wait)


def clock(settings: Settings) -> Callable[[], datetime]:
    """The time, or that of a rehearsal; nobody may take one for the other."""
    if not settings.clock_ahead_days:
        return utc_now
    log.warning("clock_is_ahead", count=settings.clock_ahead_days)
    return lambda: utc_now() + ahead(settings)


def ahead(settings: Settings) -> timedelta:
    return timedelta(days=settings.clock_ahead_days)


def ladder(settings: Settings) -> Ladder:
    """The office's own, or the one that is shipped."""
    if settings.ladder_file is None:
        return default_ladder()
    return read_ladder(settings.ladder_file.read_bytes())


def reactions(settings: Settings) -> Reactions:
    """Whom messages concern: the ladder, the queue, and the reminders."""
    return Reactions(
        types=reacting.TYPES,
        react=reacting.Reacting(ladder(settings)),
        queue=partial(queueing.queue, ahead=ahead(settings)),
        listeners=days.LISTENERS,
    )


class Reminder:
    """Passes of the reminding process, through outages of its database."""

    def __init__(self, rounds: Rounds, conninfo: str) -> None:
        self._rounds = rounds
        self._conninfo = conninfo

    def pass_once(self) -> None:
        try:
            with connect(self._conninfo, "notifications-reminder") as connection:
                self._rounds.once(connection)
        except psycopg.OperationalError as error:
            log.warning("database_down", exc_info=error)


def reminder(settings: Settings) -> Reminder:
    rules = ladder(settings)
    board = HttpBoard(*settings.feed)

    def send(connection: Connection, digest: Digest) -> None:
        queueing.queue_digests(connection, [digest.id])

    reminding = Reminding(board, rules, partial(queueing.queue, ahead=ahead(settings)))
    rounds = Rounds(reminding, Digests(rules, send), clock(settings))
    return Reminder(rounds, settings.app_conninfo)


def effect(settings: Settings, connection: Connection) -> Effect:
    after = settings.notify_after or began_at(connection)
    return Effect(reactions(settings), after, clock(settings))


def consumer(settings: Settings) -> Consumer:
    # A wrong setting is said at once, not again and again by the loop.
    _ = settings.kafka_client if settings.source == "kafka" else settings.feed
    poll = 1.0 if settings.source == "kafka" else settings.feed_wait_seconds
    return Consumer(
        lambda: source(settings),
        lambda: connect(settings.app_conninfo, "notifications-consumer"),
        reactions(settings),
        notify_after=settings.notify_after,
        now=clock(settings),
        poll_seconds=poll,
    )


@contextmanager
def served(settings: Settings) -> Iterator[FastAPI]:
    """The application, while its connections are open."""
    if settings.tokens_file is None:
        raise TokensNotConfigured
    with open_pool(settings.app_conninfo, name="notifications-api") as pool:
        yield create_app(pool, Tokens.load(settings.tokens_file))


def renderer(settings: Settings) -> Renderer:
    return Renderer(settings.console_url, settings.templates)


async def delivering(settings: Settings, *, wait: bool = True) -> None:
    """Deliver until a signal, or until nothing is left to do now."""
    words, books = renderer(settings), Books(published=settings.publish_results)
    timing, now = Timing(ladder(settings)), clock(settings)
    publisher = KafkaResults(settings.kafka_client) if settings.publish_results else None
    address, size = settings.app_conninfo, settings.delivery_concurrency
    with open_pool(address, size + 1, "notifications-deliver") as pool:
        async with opened(settings) as channels:
            telling = Telling(words, books, now)
            attempting = Attempting(
                pool, channels, words, books, timing, now, ahead=ahead(settings)
            )
            worker = Delivery(address, pool, telling, attempting, publisher)
            await worker.run(concurrency=size, wait=wait)
    if publisher is not None:
        publisher.close()


async def tried_out(settings: Settings, name: str, address: str, locale: str, key: str) -> Sent:
    """A test message through one channel, outside of queue and ledger."""
    async with opened(settings) as channels:
        channel = channels.get(name)
        if channel is None:
            raise NoSuchChannel(channel=name, channels=", ".join(sorted(channels)))
        made = renderer(settings).words(sample("test"), locale, name)
        return await channel.send(address, made.rendered, key)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError):
        raise DatabaseDown from None
