"""One command starts everything, Ctrl-C ends it, and the data is there the next time."""

import json
import os
import signal

import pytest

from tests.casefile.cli.processes import Running, casefile, up, waited

pytestmark = pytest.mark.process


def test_what_was_started_together_ends_together_and_finds_its_data_again(tmp_path):
    with up(tmp_path, 30) as first:
        case_id = waited(lambda: first.get("/v1/roster?limit=1")["rows"])[0]["case_id"]
        waited(lambda: the_clock_has_spoken(first))
        before = first.get(f"/v1/cases/{case_id}/history?limit=200")
        family = first.family()
    left = waited(lambda: not first.family())

    with up(tmp_path, 30) as second:
        after = second.get(f"/v1/cases/{case_id}/history?limit=200")

    assert len(family) >= 4
    assert left
    assert after == before


def test_after_every_process_was_killed_it_starts_again_with_all_it_had(tmp_path):
    with up(tmp_path, 20) as first:
        case_id = waited(lambda: first.get("/v1/roster?limit=1")["rows"])[0]["case_id"]
        waited(lambda: the_clock_has_spoken(first))
        before = first.get(f"/v1/cases/{case_id}")
        for pid in first.family():
            os.kill(pid, signal.SIGKILL)
        first.process.wait(20)

    with up(tmp_path, 20) as second:
        assert second.get(f"/v1/cases/{case_id}") == before


def the_clock_has_spoken(running: Running) -> bool:
    """Whether what the demo's past brought has been declared, so that files stay as they are."""
    return "day_closed" in running.log.read_text()


def test_the_demo_goes_into_an_empty_log_only(tmp_path):
    assert casefile(tmp_path, "migrate").returncode == 0
    assert casefile(tmp_path, "demo", "--children", "10").returncode == 0

    again = casefile(tmp_path, "demo", "--children", "10")

    assert again.returncode == 1
    assert "empty" in again.stderr


def test_the_doctor_says_what_is_not_built_yet(tmp_path):
    casefile(tmp_path, "migrate")

    looked = casefile(tmp_path, "doctor", "--json")

    unwell = {c["name"] for c in json.loads(looked.stdout) if not c["is_well"]}
    assert looked.returncode == 1
    assert "follower roster" in unwell
    assert "log schema" not in unwell
