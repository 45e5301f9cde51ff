"""The clock as somebody starts it in a terminal: it says what it did, and what it will not do."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.casefile.embedded import EmbeddedPostgres, PgBinaries
from services.casefile.embedded.provision import LOG
from tests.casefile.cli.processes import casefile
from tests.casefile.sweeping.skewed import make_skewed, skew

pytestmark = pytest.mark.process


def test_a_rehearsal_is_announced_and_time_before_a_closed_day_is_refused(tmp_path):
    casefile(tmp_path, "migrate")

    ahead = casefile(tmp_path, "clock", "--once", "--ahead-days", "3", "--json")
    back = casefile(tmp_path, "clock", "--once", "--json")
    doctor = casefile(tmp_path, "doctor", "--json")

    assert ahead.returncode == 0
    assert "A rehearsal: the clock is 3 days ahead." in ahead.stderr
    assert len(json.loads(ahead.stdout)["days_closed"]) == 1
    assert back.returncode == 1
    assert json.loads(back.stdout)["is_behind"] is True
    assert "Nothing is declared" in back.stderr
    [clock] = [check for check in json.loads(doctor.stdout) if check["name"] == "clock"]
    assert not clock["is_well"]
    assert "time is before the end of" in clock["finding"]


def test_the_standing_proof_ends_well_on_an_empty_log(tmp_path):
    casefile(tmp_path, "migrate")

    proof = casefile(tmp_path, "doctor", "obligations", "--json")

    assert proof.returncode == 0
    assert json.loads(proof.stdout)["holds"] is True


@pytest.fixture
def jumped(tmp_path: Path, pg_binaries: PgBinaries) -> Path:
    """A folder with one day closed, whose database is ten days ahead ever since."""
    casefile(tmp_path, "migrate")
    with EmbeddedPostgres(tmp_path / "postgres", pg_binaries) as running:
        make_skewed(running.conninfo(database=LOG))
        casefile(tmp_path, "clock", "--once")
        skew(running.conninfo(database=LOG), timedelta(days=10))
    return tmp_path


def test_a_database_that_is_days_ahead_declares_nothing_and_says_what_to_do(jumped):
    held = casefile(jumped, "clock", "--once", "--json")
    doctor = casefile(jumped, "doctor", "--json")

    assert held.returncode == 1
    assert json.loads(held.stdout)["doubt"] == "database-clock-ahead"
    assert json.loads(held.stdout)["days_closed"] == []
    assert "The database's clock is ahead of this machine's, so nothing is declared." in held.stderr
    assert "Put right the one that is wrong" in held.stderr
    checks = {check["name"]: check for check in json.loads(doctor.stdout)}
    assert doctor.returncode == 1
    assert not checks["clock"]["is_well"]
    assert not checks["the two clocks"]["is_well"]
    assert checks["the two clocks"]["finding"].startswith("the database is +86")
    assert "Put right" in checks["clock"]["remedy"]


def test_whoever_trusts_the_time_says_so_for_one_pass(jumped):
    trusted = casefile(jumped, "clock", "--once", "--trust-time", "--json")
    for_ever = casefile(jumped, "clock", "--trust-time")

    assert trusted.returncode == 0
    assert len(json.loads(trusted.stdout)["days_closed"]) == 10
    assert for_ever.returncode == 2


def test_a_rehearsal_is_no_reason_for_doubt(tmp_path):
    casefile(tmp_path, "migrate")
    casefile(tmp_path, "clock", "--once")

    ahead = casefile(tmp_path, "clock", "--once", "--ahead-days", "60", "--json")

    assert ahead.returncode == 0
    assert json.loads(ahead.stdout)["doubt"] is None
    assert len(json.loads(ahead.stdout)["days_closed"]) == 60
