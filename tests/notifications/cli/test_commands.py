"""The commands as somebody types them: clear refusals, and parked messages mended by hand."""

import json
import os
import subprocess
import sys

import pytest

from services.casefile.embedded import RunningPostgres
from tests.notifications.given import ASSIGNED, message
from tests.notifications.taking import Reader

pytestmark = pytest.mark.process


def typed(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    mine = {f"NOTIFICATIONS_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "services.notifications", *arguments]
    return subprocess.run(
        command, env=os.environ | mine, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "told"),
    [
        (("consume",), {}, 1, "NOTIFICATIONS_DATABASE_URL"),
        (("consume",), {"batch_size": "0"}, 2, "NOTIFICATIONS_BATCH_SIZE"),
        (("consume",), {"notify_after": "yesterday"}, 2, "NOTIFICATIONS_NOTIFY_AFTER"),
        (("consume",), {"console_url": "casefile.example"}, 2, "such as https://casefile.example"),
        (("migrate",), {"database_url": "postgresql://127.0.0.1:9/none"}, 1, "See that it runs"),
        (("parked", "retry"), {}, 2, "--all"),
    ],
)
def test_what_is_missing_is_said_with_its_remedy(
    arguments: tuple[str, ...], settings: dict[str, str], code: int, told: str
) -> None:
    done = typed(*arguments, **settings)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_consumer_refuses_a_database_that_lacks_its_schema(
    postgres_server: RunningPostgres,
) -> None:
    done = typed("consume", database_url=postgres_server.conninfo(database="postgres"))
    assert done.returncode == 1
    assert "notifications migrate" in done.stderr


def test_parked_messages_are_listed_shown_retried_and_dropped(
    notifications_database: str, reader: Reader
) -> None:
    reader.take(message(1), message(2, ASSIGNED, role="class_teacher"), message(3, ASSIGNED))
    address = {"database_url": notifications_database}

    listed = json.loads(typed("parked", "list", "--json", **address).stdout)
    first, second = (str(row["id"]) for row in listed)
    assert [row["grade"] for row in listed] == ["unreadable", "behind"]
    shown = json.loads(typed("parked", "show", first, **address).stdout)
    assert json.loads(shown["message"])["type"] == ASSIGNED
    held = typed("parked", "retry", "--all", **address)
    assert f"held by number {first}" in held.stdout

    asked = typed("parked", "drop", first, **address)
    assert asked.returncode == 0 and len(reader.parked()) == 2
    early = typed("parked", "drop", second, "--yes", **address)
    assert early.returncode == 1 and "comes before this one" in early.stderr
    dropped = typed("parked", "drop", first, "--yes", **address)
    assert f"held by number {second}" in dropped.stdout
    assert reader.parked() == [(3, "unreadable")]
    unknown = typed("parked", "show", "999999", **address)
    assert unknown.returncode == 1 and "parked list" in unknown.stderr


def test_a_replay_asks_first_and_forgets_only_what_can_be_built_again(
    notifications_database: str, reader: Reader
) -> None:
    reader.take(message(1), message(2))
    assert typed("replay", database_url=notifications_database).returncode == 0
    assert reader.offset == 2
    assert typed("replay", "--yes", database_url=notifications_database).returncode == 0
    assert reader.offset == 0
    assert reader.versions() == [1, 2]
