"""An inspector at the command line: opens, draws, draws again, compares."""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from services.casefile.composition import Parts, obligation_models, read_models
from services.casefile.exporting.workplaces import PREFIX
from services.casefile.following import Following, Upkeep
from tests.casefile.api.owing import NOON, THIS_MONTH, TODAY, open_today
from tests.casefile.cli.typed import Shell
from tests.casefile.world import parts, settle
from tests.servers import Database


@pytest.fixture
def product(database: Database, tmp_path: Path) -> Iterator[Parts]:
    with closing(parts(database, tmp_path, clock=lambda: NOON)) as built:
        settle(built)
        yield built


@pytest.fixture
def shell(database: Database, tmp_path: Path, product: Parts) -> Shell:
    return Shell(tmp_path, database)


def follow(database: Database, product: Parts) -> None:
    every = [*read_models(product), *obligation_models(product)]
    Upkeep(database.app, product.recorder, product.mapper, every).prepare()
    with closing(Following(database.app, product.recorder, product.mapper, every)) as following:
        following.catch_up()


def opened(shell: Shell) -> str:
    since, until = f"{THIS_MONTH}", f"{TODAY}"
    return shell.done(
        "inspection", "open", "town-1", "--since", since, "--until", until,
        "--ordered-by", "county-1", "--by", "s-301",
    ).strip()  # fmt: skip


def draw(shell: Shell, inspection: str, *more: str) -> list[str]:
    seed = ("--seed", "20261120-3861", "--size", "2", "--source", "dice", "--by", "s-301")
    return shell.done("inspection", "draw", inspection, *seed, *more).split()


def test_a_sample_is_drawn_and_drawn_again(shell: Shell, product: Parts):
    children = {open_today(product, name=f"禾苗{n}") for n in "甲乙丙"}
    inspection = opened(shell)

    drawn = draw(shell, inspection)

    assert {UUID(case) for case in drawn} <= children
    assert len(set(drawn)) == 2
    redrawn = shell.done("inspection", "redraw", inspection, "20261120-3861")
    assert '"agrees": true' in redrawn
    assert all(case in redrawn for case in drawn)


def test_a_refusal_comes_with_its_remedy(shell: Shell, product: Parts):
    open_today(product)
    inspection = opened(shell)

    refused = shell(
        "inspection", "draw", inspection, "--seed", "s1", "--size", "9", "--source", "dice",
        "--by", "s-301",
    )  # fmt: skip

    assert refused.exit_code == 1
    assert "population: 1" in refused.stderr


def test_the_sheets_the_list_and_the_changes_are_printed(
    shell: Shell, product: Parts, database: Database
):
    for name in "甲乙":
        open_today(product, name=f"禾苗{name}")
    first = opened(shell)
    draw(shell, first)
    open_today(product, name="禾苗丙")
    second = opened(shell)
    follow(database, product)

    sheet = shell.done("inspection", "sheet", first, "--limit", "1")
    rows = shell.told("inspection", "list")
    changes = shell.told("inspection", "changes", second)
    shown = shell.done("inspection", "list", "--lang", "en")

    assert '"records"' in sheet
    assert [row["inspection_id"] for row in rows] == sorted([first, second], reverse=True)
    assert changes["came"] == 1
    assert {c["change"]: c["records"] for c in changes["counts"]}["opened"] == 1
    assert "Open" in shown
    assert shell.done("inspection", "findings", "--overdue") is not None
    assert '"drawn_by"' in shell.done("inspection", "show", first)
    assert '"reached"' in shell.done("inspection", "sheet", first, "--callbacks")


def test_the_minutes_are_taken_away_and_the_log_knows_of_it(shell: Shell, product: Parts):
    open_today(product)
    inspection = opened(shell)
    path = shell.folder / "minutes.pdf"
    before = product.recorder.head()

    said = shell.done("inspection", "minutes", inspection, "--out", str(path), "--by", "s-301")

    assert path.read_bytes().startswith(b"%PDF")
    assert sha256(path.read_bytes()).hexdigest() in said
    assert product.recorder.head() == before + 1


def test_the_minutes_go_into_a_folder_under_a_name_of_their_own(shell: Shell, product: Parts):
    open_today(product)
    inspection = opened(shell)
    folder = shell.folder / "taken"
    folder.mkdir()

    shell.done("inspection", "minutes", inspection, "--out", str(folder), "--by", "s-301")

    [path] = folder.iterdir()
    assert path.suffix == ".pdf"
    assert path.stat().st_mode & 0o077 == 0


def test_what_a_killed_maker_of_a_file_left_is_gone_when_any_command_starts(
    shell: Shell, product: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    open_today(product)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    left = tmp_path / "work" / f"{PREFIX}dead"
    left.mkdir(parents=True)
    (left / "file.csv").write_text("禾苗甲")

    shell.done("inspection", "show", opened(shell))

    assert list(left.parent.iterdir()) == []
