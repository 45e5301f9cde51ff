"""The whole installation: a PostgreSQL and a Kafka of its own, a mail sink, and two notifications."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.secrets import DATABASE_ROLES, digest, made
from services.casefile.embedded import PgBinaries, RunningPostgres
from tests.deploy.stack import DEPLOY
from tests.end_to_end.installation import PEOPLE, Installation, ladder
from tests.end_to_end.mail import Sink, sinking
from tests.end_to_end.stack import Stack
from tests.kafka import Kafka, running
from tests.servers import server


@pytest.fixture
def broker(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kafka]:
    """Of its own: the topics have the names they have in production."""
    with running(pytestconfig.getoption("kafka"), tmp_path_factory.mktemp("broker")) as found:
        if not found.is_real:
            pytest.skip(f"needs Apache Kafka: {found.why_not_real}")
        yield found


@pytest.fixture
def secrets() -> dict[str, str]:
    lines, tokens = made()
    known = dict(tokens) | {name: f"{name}-token" for name in PEOPLE}
    held = [f'"{digest(known[name])}": {each}' for name, each in PEOPLE.items()]
    lines["CASEFILE_TOKENS"] = ", ".join([lines["CASEFILE_TOKENS"].rstrip("}") + "}", *held]) + "}"
    return lines | {f"token of {name}": token for name, token in known.items()}


@pytest.fixture
def postgres(
    pg_binaries: PgBinaries, tmp_path_factory: pytest.TempPathFactory, secrets: dict[str, str]
) -> Iterator[RunningPostgres]:
    """A new cluster with the roles and databases of deploy/postgres/roles.sql."""
    files = tmp_path_factory.mktemp("passwords")
    for role in DATABASE_ROLES:
        (files / f"{role}_password").write_text(secrets[f"{role.upper()}_PASSWORD"])
    with server(tmp_path_factory.mktemp("cluster"), pg_binaries, tcp=True) as found:
        psql = [pg_binaries.path("psql"), "-qX", found.conninfo(), "-v", f"secrets={files}"]
        subprocess.run([*psql, "-f", DEPLOY / "postgres" / "roles.sql"], check=True, timeout=60)
        with psycopg.connect(found.conninfo(), autocommit=True) as connection:
            # The second one, with the same rights as the first.
            for statement in (
                "CREATE DATABASE notifications_feed OWNER notifications_owner",
                "REVOKE ALL ON DATABASE notifications_feed FROM PUBLIC",
                "GRANT CONNECT, TEMPORARY ON DATABASE notifications_feed TO notifications_app",
            ):
                connection.execute(statement)
        yield found


@pytest.fixture
def mail() -> Iterator[Sink]:
    with sinking() as sink:
        yield sink


@pytest.fixture
def installation(
    tmp_path: Path, postgres: RunningPostgres, broker: Kafka, mail: Sink, secrets: dict[str, str]
) -> Iterator[Installation]:
    (tmp_path / "ladder.yaml").write_text(ladder())
    ports = dict(zip(("api", "kafka", "feed"), free_ports(3), strict=True))
    places = {
        "postgres:5432": f"127.0.0.1:{postgres.port}",
        "kafka:9092": broker.bootstrap,
        "api:8000": f"127.0.0.1:{ports['api']}",
        "8000": str(ports["api"]),
        "mail": "127.0.0.1",
        "1025": str(mail.port),
    }
    rules = {"NOTIFICATIONS_LADDER_FILE": str(tmp_path / "ladder.yaml")}
    casefile = Stack(tmp_path / "casefile", places, secrets)
    kafka, feed = (
        Stack(tmp_path / source, places | {"8010": str(ports[source])}, secrets,
              {"NOTIFICATIONS_SOURCE": source}, rules)
        for source in ("kafka", "feed")
    )  # fmt: skip
    own = {"5432/notifications": "5432/notifications_feed"}
    feed.places = own | feed.places
    built = Installation(casefile, {"kafka": kafka, "feed": feed}, ports, secrets, broker, mail)
    try:
        yield built
    finally:
        for stack in (casefile, kafka, feed):
            stack.kill()


def free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
