"""Builds what the commands run, from the settings; the only place that knows every part."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

from services.notifications.consuming.consumer import Consumer, utc_now
from services.notifications.consuming.effect import Effect
from services.notifications.consuming.ports import Reactions
from services.notifications.refusals import NotificationsError
from services.notifications.settings import Settings
from services.notifications.sources.feed import FeedSource
from services.notifications.sources.source import Source
from services.notifications.state.beginning import began_at
from services.notifications.state.connections import Connection, connect
from services.notifications.state.migrations import behind, migrate


class DatabaseDown(NotificationsError):
    """The database does not answer."""

    remedy = "See that it runs, and that NOTIFICATIONS_DATABASE_URL is right."


class SchemaBehind(NotificationsError):
    """The database lacks migrations of this release."""

    remedy = "Run `notifications migrate`."


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


def reactions(_settings: Settings) -> Reactions:
    """Whom messages concern: the ladder, the queue, and the reminders."""
    return Reactions()


def effect(settings: Settings, connection: Connection) -> Effect:
    after = settings.notify_after or began_at(connection)
    return Effect(reactions(settings), after, utc_now)


def consumer(settings: Settings) -> Consumer:
    # A wrong setting is said at once, not again and again by the loop.
    _ = settings.kafka_client if settings.source == "kafka" else settings.feed
    poll = 1.0 if settings.source == "kafka" else settings.feed_wait_seconds
    return Consumer(
        lambda: source(settings),
        lambda: connect(settings.app_conninfo, "notifications-consumer"),
        reactions(settings),
        notify_after=settings.notify_after,
        poll_seconds=poll,
    )


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError:
        raise DatabaseDown from None
