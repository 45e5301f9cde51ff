"""The README's tutorial, typed in as it stands, on a product that was really started."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from tests.docs.listed import ROOT, blocks

READY_WITHIN = 120.0
MARK = "=== next ==="
TUTORIAL = (
    (ROOT / "README.md").read_text().split("## Ten minutes with one case")[1].split("\n## ")[0]
)
BLOCKS = blocks(TUTORIAL, "sh")

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial types curl"),
]


def shim(path: Path, arguments: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
    path.chmod(0o755)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shim(tmp_path / ".venv/bin/python", "")
    shim(tmp_path / ".venv/bin/casefile", "-m services.casefile")
    return tmp_path


@pytest.fixture
def address(checkout: Path) -> Iterator[str]:
    """`casefile up` in an empty folder, until it has welcomed us; Ctrl-C at the end."""
    port, log = free_port(), checkout / "up.err"
    with log.open("w") as complaints:
        up = subprocess.Popen(
            [".venv/bin/casefile", "up", "--children", "10"],
            cwd=checkout,
            env=environment(port),
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    try:
        assert has_welcomed(up), log.read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=60)
    assert up.returncode == 0


def has_welcomed(up: subprocess.Popen[str]) -> bool:
    """Read to the last line of the welcome, within a time."""
    assert up.stdout is not None
    watchdog = Timer(READY_WITHIN, up.terminate)
    watchdog.start()
    try:
        return any(line.startswith("Ctrl-C") for line in up.stdout)
    finally:
        watchdog.cancel()


def environment(port: int = 8000) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CASEFILE_")}
    return kept | {"PYTHONPATH": str(ROOT), "CASEFILE_PORT": str(port)}


def typed(checkout: Path, address: str) -> list[str]:
    """What each block printed."""
    script = f"\necho '{MARK}'\n".join(BLOCKS).replace("http://127.0.0.1:8000", address)
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        check=False,
        cwd=checkout,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(f"{MARK}\n")


def answers(printed: str) -> list[dict]:
    """The JSON documents that stand one after another."""
    found, rest = [], printed.strip()
    while rest.startswith("{"):
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document)
        rest = rest[end:].strip()
    return found


def mood(status: dict) -> str | None:
    return status["facts"].get("child.mood", {}).get("value")


def test_the_tutorial_shows_what_it_says(checkout: Path, address: str):
    printed = typed(checkout, address)
    _, opened, talked, corrected, asked, compared, owed, passed, late = printed

    receipts = [answers(printed)[0] for printed in (opened, talked, corrected)]
    assert [receipt["kind"] for receipt in receipts] == ["opening", "talk", "correction"]
    now, week_ago, before, both = answers(asked)
    assert [mood(status) for status in (now, week_ago, before, both)] == ["calm", None, "low", None]
    assert week_ago["facts"]["child.name"]["value"] == "禾小满"
    assert both["version"] < now["version"]
    history, diff = answers(compared)
    assert [row["lag_days"] for row in history["rows"]] == [0, 0, 14]
    assert [(c["path"], c["from"], c["to"]) for c in diff["changes"]] == [
        ("child.mood", "low", "calm")
    ]
    assert "File opened" in compared
    assert any(
        state in last_line(owed) for state in ("Open", "Due soon")
    )  # by the day of the month
    assert "Missed" in passed
    assert "Late" in late
    assert "exactly one outcome" in late


def last_line(printed: str) -> str:
    return printed.strip().splitlines()[-1]
