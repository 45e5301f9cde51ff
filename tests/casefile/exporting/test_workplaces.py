"""A file half made by a process that was killed is removed by the next one; one being made is not."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.casefile.exporting import workplaces
from services.casefile.exporting.rendering import render
from services.casefile.exporting.workplaces import PREFIX, sweep, workplace
from tests.casefile.exporting.test_files import line, report

MAKER = """
import sys
import msgspec
from services.casefile.exporting.rendering import render
from services.casefile.exporting.workplaces import workplace
from tests.casefile.exporting.test_files import line, report

def rows():
    for _ in range(5000):
        yield line("禾苗甲")
    print("half made", flush=True)
    sys.stdin.read()

drawn = report()
table = msgspec.structs.replace(drawn.tables[0], rows=rows())
with workplace() as folder:
    render(msgspec.structs.replace(drawn, tables=(table,)), sys.argv[1], "zh", folder / "half")
"""
MAKING_MANY = """
from services.casefile.exporting.workplaces import workplace

for _ in range(300):
    with workplace() as folder:
        (folder / "file").write_text("禾苗甲")
        assert (folder / "file").read_text() == "禾苗甲"
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary directory, of this process and of those it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


@contextmanager
def half_made(form: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in the middle of a file."""
    maker = subprocess.Popen(
        [sys.executable, "-c", MAKER, form], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert maker.stdout
    assert maker.stdout.readline() == b"half made\n"
    with maker:
        yield maker
        maker.kill()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_a_killed_maker_left_is_removed_by_the_next_one(place: Path, form: str):
    with half_made(form) as maker:
        maker.kill()
        maker.wait()
    left = [path for path in place.rglob("*") if path.is_file() and path.stat().st_size]
    assert left, "nothing was there to remove"

    with workplace() as mine:
        assert list(place.iterdir()) == [mine]

    assert list(place.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_a_living_maker_works_on_stays(place: Path, form: str):
    with half_made(form) as maker:
        before = sorted(place.rglob("*"))

        sweep()

        assert sorted(place.rglob("*")) == before
        maker.communicate()
    assert maker.returncode == 0
    assert list(place.iterdir()) == []


def test_makers_and_sweepers_at_once_never_take_each_others_folders(place: Path):
    makers = [subprocess.Popen([sys.executable, "-c", MAKING_MANY]) for _ in range(3)]

    with ThreadPoolExecutor() as sweepers:
        ended = list(sweepers.map(waited_sweeping, makers))

    assert ended == [0, 0, 0]
    assert list(place.iterdir()) == []


def waited_sweeping(maker: subprocess.Popen[bytes]) -> int:
    while (code := maker.poll()) is None:
        sweep()
    return code


def test_a_sweeper_between_making_and_locking_costs_another_folder(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    make, made = workplaces.mkdtemp, []

    def make_and_be_swept(**named: str) -> str:
        made.append(make(**named))
        if len(made) == 1:
            sweep()
        return made[-1]

    monkeypatch.setattr(workplaces, "mkdtemp", make_and_be_swept)

    with workplace() as mine:
        assert [str(mine)] == made[1:]


def test_nobody_else_reads_the_folder_or_the_file(place: Path):
    (place / "lain.csv").touch(0o644)

    with workplace() as folder:
        render(report(line()), "csv", "zh", folder / "file.csv")
        render(report(line()), "csv", "zh", place / "lain.csv")

        assert permissions(folder) == 0o700
        assert {permissions(path) for path in folder.iterdir()} == {0o600}
    assert permissions(place / "lain.csv") == 0o600


def test_a_link_of_that_name_leads_nowhere(place: Path, tmp_path_factory: pytest.TempPathFactory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").touch()
    (place / f"{PREFIX}link").symlink_to(elsewhere)

    sweep()

    assert [path.name for path in elsewhere.iterdir()] == ["kept"]


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
