"""The official parser accepts the AsyncAPI document with every file it names, and refuses what is wrong."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.npm import PATIENCE, installed

HERE = Path(__file__).parent
SCHEMAS = HERE.parents[1] / "schemas"
MISSED = "casefile.obligation-missed.v1"

Check = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def check() -> Check:
    node = installed(HERE, "THE OFFICIAL ASYNCAPI PARSER")

    def checked(document: Path) -> subprocess.CompletedProcess[str]:
        command = [node, str(HERE / "check.mjs"), str(document)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    return checked


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
