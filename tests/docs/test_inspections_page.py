"""The page on inspections: a draw is redone by hand as it says, and what it names exists."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest

import services.casefile.api.app  # noqa: F401 (so that every refusal is known)
from services.casefile.api.errors import problem_types, status_of
from services.casefile.domain.inspection_state import FindingState
from services.casefile.domain.sampling import draw, hash_of
from services.casefile.reports.since_last_rows import CHANGES
from tests.docs.listed import ROOT, blocks

PAGE = (ROOT / "docs" / "inspections.md").read_text()
CASES = [UUID(int=n << 64 | 0x8000) for n in range(1, 61)]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_a_draw_is_redone_as_the_page_says(tmp_path: Path):
    [by_hand] = [block for block in blocks(PAGE, "sh") if "sha256sum" in block]
    population = {"rows": [{"case_id": str(case)} for case in reversed(CASES)]}
    (tmp_path / "population.json").write_text(json.dumps(population))
    answers(tmp_path)

    said = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", by_hand],
        cwd=tmp_path,
        env={
            "PATH": f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "BASE": "http://127.0.0.1:1", "TOKEN": "t", "INSPECTION": "i",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()  # fmt: skip

    drawn = draw(dict.fromkeys(CASES, "all"), "20261120-3861", 20)
    assert said[0].split()[0] == drawn.population_hash == hash_of(CASES)
    assert [UUID(line.split()[1]) for line in said[1:]] == list(drawn.cases)


def answers(folder: Path) -> None:
    """What stands in for the API: it gives the population, whatever is asked."""
    stub = folder / "curl"
    stub.write_text(f"#!/bin/sh\ncat {folder}/population.json\n")
    stub.chmod(0o755)


def test_every_refusal_on_the_page_exists_with_its_status():
    named = re.findall(r"\b([45]\d\d) `([a-z-]+)`", PAGE)

    assert len(named) > 9
    assert [(code, status) for status, code in named] == [
        (code, str(status_of(problem_types()[code]))) for _, code in named
    ]


def test_every_state_and_every_change_is_explained():
    assert all(f"- `{state}`" in PAGE for state in get_args(FindingState))
    assert all(f"`{change}`" in PAGE for change in CHANGES)
