"""The clock as somebody starts it in a terminal: it says what it did, and what it will not do."""

import json

import pytest

from tests.casefile.cli.processes import casefile

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
