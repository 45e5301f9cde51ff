"""The library's own way to keep a read model: its ProjectionRunner, one transaction per event."""

from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.utils import get_topic
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.entry import Entry
from services.casefile.log.mapper import CasefileMapper

CREATE = SQL(
    "CREATE TABLE IF NOT EXISTS stock.last_contact (case_id uuid, kind text, times int, "
    "PRIMARY KEY (case_id, kind))"
)
UPSERT = SQL(
    "INSERT INTO stock.last_contact AS t VALUES (%s, %s, 1) "
    "ON CONFLICT (case_id, kind) DO UPDATE SET times = t.times + 1"
)


class Stored(Application[Any]):
    """Named so that the library finds our table."""

    name = "stored"


class Contacts(PostgresTrackingRecorder):
    """One upsert and the tracking row, in one transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sql_create_statements.append(CREATE)

    def count(self, entry: Entry, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(UPSERT, [entry.stream_id, entry.kind.slug], prepare=True)


class CountingContacts(Projection[Contacts]):
    name = "counting"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.count(domain_event, tracking)


class OurMapper(CasefileMapper):
    """The library makes its mapper from settings; ours needs the kinds."""

    def __init__(self, **_settings: Any) -> None:
        super().__init__(catalogue())


def follow_until(owner: str, position: int, password: str) -> None:
    """Project the log up to a position, the library's way."""
    env = environment(owner, password)
    with ProjectionRunner(
        application_class=Stored, projection_class=CountingContacts, view_class=Contacts, env=env
    ) as runner:
        runner.wait(position, timeout=600)


def environment(owner: str, password: str) -> dict[str, str]:
    given = conninfo_to_dict(owner)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(given["dbname"]),
        "POSTGRES_HOST": str(given["host"]),
        "POSTGRES_PORT": str(given["port"]),
        "POSTGRES_USER": str(given["user"]),
        "POSTGRES_PASSWORD": password,
        "POSTGRES_SCHEMA": "casefile",
        "COUNTING_POSTGRES_SCHEMA": "stock",
        "MAPPER_TOPIC": get_topic(OurMapper),
        "CREATE_TABLE": "n",
        "COUNTING_CREATE_TABLE": "y",
    }
