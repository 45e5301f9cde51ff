"""Relay, broker and PostgreSQL, killed at every step of the relay: the topic shows nothing of it.

Each seed goes through all steps, and through all victims from another step on. The log and the topic
are never made anew: what one round left behind, the next one has to live with.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

import pytest

from services.casefile.embedded import EmbeddedPostgres, PgBinaries, RunningPostgres, provision
from services.casefile.embedded.provision import LOG
from services.casefile.log.migrations import migrate, migrate_keyring
from tests.bus.relays import Setup, faults, fill, process, reaches, running, setup
from tests.bus.test_relay_crashes import AGAIN, ONCE, is_stopped
from tests.casefile.cli.processes import waited
from tests.kafka import Kafka
from tests.servers import Database

pytestmark = pytest.mark.process

RELAY, BROKER, POSTGRES = "relay", "broker", "postgres"
VICTIMS = ({RELAY}, {BROKER}, {POSTGRES}, {RELAY, BROKER}, {BROKER, POSTGRES})
POINTS = (*ONCE, *AGAIN)
QUICK = {"request_timeout_ms": 1_000, "reconnect_backoff_max_ms": 200}
LIVES = count(1)


@dataclass
class Stage:
    """What can be killed, beside the relay."""

    server: EmbeddedPostgres
    postgres: RunningPostgres
    kafka: Kafka
    database: Database
    mine: Setup

    def kill(self, victims: set[str], relay: subprocess.Popen[bytes]) -> None:
        if BROKER in victims:
            self.kafka.kill()
        if POSTGRES in victims:
            os.kill(self.postgres.pid, signal.SIGKILL)
        if RELAY in victims:
            relay.kill()

    def mend(self) -> None:
        self.kafka.start()
        self.postgres = self.server.start()

    def grow(self) -> int:
        """Three batches at least, so that a step can be come to three times."""
        return fill(self.database, children=6, seed=next(LIVES))


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, pg_binaries: PgBinaries, kafka_server: Kafka
) -> Iterator[Stage]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), pg_binaries)
    postgres = server.start()
    owned = provision(postgres)
    migrate(owned.owner)
    migrate_keyring(owned.keyring_owner)
    database = Database(
        owned.app,
        owned.owner,
        owned.keyring_app,
        owned.keyring_owner,
        postgres.conninfo(database=LOG),
    )
    yield Stage(
        server, postgres, kafka_server, database, setup(database, kafka_server, client=QUICK)
    )
    server.stop("immediate")


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 21)]
)
def test_whatever_is_killed_at_any_step_nothing_is_lost_or_doubled(
    stage: Stage, real_kafka: Kafka, seed: int
):
    random = Random(seed)
    rounds = [(point, VICTIMS[(n + seed) % len(VICTIMS)]) for n, point in enumerate(POINTS)]
    random.shuffle(rounds)

    for point, victims in rounds:
        disaster(stage, point, victims, random)

    settled(stage)


@pytest.mark.parametrize(
    ("point", "victims"),
    [("half_sent", {BROKER}), ("committing", {BROKER, POSTGRES}), ("committed", {POSTGRES})],
)
def test_some_of_the_same(stage: Stage, real_kafka: Kafka, point: str, victims: set[str]):
    disaster(stage, point, victims, Random(0))

    settled(stage)


def disaster(stage: Stage, point: str, victims: set[str], random: Random) -> None:
    """The relay stops at the step; then some die, come back, and whoever is left goes on."""
    target, is_early = stage.grow(), random.random() < 0.5
    nth = 1 if point in ONCE else random.randint(1, 3)
    with process(stage.mine, point, nth, signal=signal.SIGSTOP, commit_ms=4_000) as relay:
        waited(lambda: is_stopped(relay.pid))
        stage.kill(victims, relay)
        if is_early:
            relay.send_signal(signal.SIGCONT)
        stage.mend()
        relay.send_signal(signal.SIGCONT)
        if RELAY not in victims:
            reaches(stage.mine, target)


def settled(stage: Stage) -> None:
    with running(stage.mine):
        reaches(stage.mine, stage.grow())
    assert faults(stage.kafka, stage.mine) == {}
