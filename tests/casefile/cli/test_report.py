"""Reports at the command line: to look at, to carry out, and what is refused."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from services.casefile.composition import Parts
from services.casefile.reports.registry import DEFINITIONS
from tests.casefile.cli.typed import Shell
from tests.casefile.world import open_child, parts, settle
from tests.servers import Database


@pytest.fixture
def built(database: Database, tmp_path: Path) -> Iterator[Parts]:
    with closing(parts(database, tmp_path)) as made:
        settle(made)
        open_child(made)
        yield made


@pytest.fixture
def shell(built: Parts, database: Database, tmp_path: Path) -> Shell:
    return Shell(tmp_path, database)


def test_a_report_is_printed_to_look_at_and_nothing_is_put_on_file(shell: Shell, built: Parts):
    before = built.recorder.head()

    said = json.loads(shell.done("report", "R7", "--unit", "county-1"))

    assert said["title"] == "儿童基本情况分布"
    assert said["stamp"]["cut"]["position"] == before == built.recorder.head()


def test_a_file_is_written_and_its_export_is_in_the_log(shell: Shell, built: Parts, tmp_path: Path):
    asked = ("--unit", "county-1", "--format", "csv", "--purpose", "statistics", "--by", "s-301")
    before = built.recorder.head()

    said = shell.done("report", "R7", *asked, "--out", str(tmp_path))

    [file] = tmp_path.glob("R7_county-1_*.csv")
    assert sha256(file.read_bytes()).hexdigest() in said
    [row] = built.recorder.page(before, 10)
    assert row[3] == "ExportProduced"
    assert b'"s-301"' in row[4]


def test_the_same_cut_is_the_same_file(shell: Shell, built: Parts, tmp_path: Path):
    position = str(built.recorder.head())
    asked = ("report", "R6", "--unit", "county-1", "--position", position, "--format", "pdf")

    for name in ("one.pdf", "two.pdf"):
        shell.done(*asked, "--purpose", "filing", "--out", str(tmp_path / name))

    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


KILLED = """
import os, signal, sys
from pathlib import Path
from services.casefile.exporting.workplaces import workplace

with workplace(Path(sys.argv[1])) as folder:
    (folder / "half.csv").write_text("禾苗甲")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_file_is_read_by_nobody_else_and_what_a_killed_run_left_beside_it_is_removed(
    shell: Shell, tmp_path: Path
):
    target = tmp_path / "taken" / "r7.csv"
    target.parent.mkdir()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(target.parent)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(target.parent.rglob("half.csv"))

    asked = ("--unit", "county-1", "--format", "csv", "--purpose", "statistics")
    shell.done("report", "R7", *asked, "--out", str(target))

    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_told_before_anything_is_put_on_file(
    shell: Shell, built: Parts, tmp_path: Path
):
    before = built.recorder.head()
    asked = ("--unit", "county-1", "--format", "csv", "--purpose", "statistics")

    result = shell("report", "R7", *asked, "--out", str(tmp_path / "nowhere" / "r7.csv"))

    assert result.exit_code == 2
    assert "Name a folder that is there" in " ".join(result.output.split())
    assert built.recorder.head() == before


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("R7", "--unit", "nowhere"), 1, "No unit has this id"),
        (("R7", "--unit", "school-2"), 1, "No child was on file"),
        (("R7", "--as-of", "2999-01-01"), 1, "lies ahead"),
        (("R7", "--known-at", "1999-01-01"), 1, "held nothing at that moment"),
        (("R7", "--staff", "t-101"), 1, "does not take that parameter"),
        (("R99",), 1, "There is no such report"),
        (("R15",), 1, "not there yet"),
        (("R7", "--format", "pdf"), 2, "--out"),
        (("R7", "--format", "odt"), 2, "pdf, xlsx, csv"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    shell: Shell, arguments: tuple[str, ...], code: int, told: str
):
    result = shell("report", *arguments)

    assert result.exit_code == code
    assert told in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_the_list_names_every_report(shell: Shell):
    rows = shell.told("reports", "--lang", "en")

    codes = [row["code"] for row in rows]
    assert codes == [each.code for each in DEFINITIONS]
    assert codes[:17] == [f"R{number}" for number in range(1, 18)]
