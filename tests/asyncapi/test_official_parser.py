"""The official parser accepts the AsyncAPI document with every file it names, and refuses what is wrong."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
SCHEMAS = HERE.parents[1] / "schemas"
MISSED = "casefile.obligation-missed.v1"
PATIENCE = 240

Check = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def check() -> Check:
    node = installed()

    def checked(document: Path) -> subprocess.CompletedProcess[str]:
        command = [node, str(HERE / "check.mjs"), str(document)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    return checked


def installed() -> str:
    """Node, with the parser of the lock file beside it."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        without("there is no npm on the PATH")
    with (HERE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test workers ask at the same moment
        if not is_fresh():
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(
                command, cwd=HERE, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
            if done.returncode != 0:
                without(f"npm ci failed:\n{done.stderr[-1000:]}")
    return node


def is_fresh() -> bool:
    known, wanted = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
    return known.exists() and known.stat().st_mtime >= wanted.stat().st_mtime


def without(why: str) -> None:
    said = f"NOT CHECKED BY THE OFFICIAL ASYNCAPI PARSER: {why}. Install Node.js with npm."
    if os.environ.get("CASEFILE_TEST_NPM") == "required":
        pytest.fail(said, pytrace=False)
    pytest.skip(said)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(SCHEMAS, tmp_path / "schemas"))


def test_the_parser_accepts_the_document_with_every_message(check: Check):
    told = check(SCHEMAS / "asyncapi.yaml")

    known = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text())
    assert told.stdout == f"messages: {len(known['components']['messages'])}\n", told.stderr
    assert told.returncode == 0


def test_a_schema_that_is_not_there_is_refused(check: Check, schemas: Path):
    (schemas / "messages" / f"{MISSED}.schema.json").unlink()

    told = check(schemas / "asyncapi.yaml")

    assert told.returncode == 1
    assert MISSED in told.stdout


def test_a_message_schema_that_is_none_is_refused(check: Check, schemas: Path):
    path = schemas / "messages" / f"{MISSED}.schema.json"
    path.write_text(path.read_text().replace('"type": "object"', '"type": "objekt"'))

    told = check(schemas / "asyncapi.yaml")

    assert told.returncode == 1
    assert f"components/messages/{MISSED}/payload" in told.stdout


def test_the_lock_names_no_address_and_holds_every_hash():
    lock = (HERE / "package-lock.json").read_text()
    packages = yaml.safe_load(lock)["packages"]

    assert "resolved" not in lock
    assert all("integrity" in each for name, each in packages.items() if name)
