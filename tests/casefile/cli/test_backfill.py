"""The panel of back-filling at the command line."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.cli.output import REFUSED
from services.casefile.composition import Parts, read_models
from services.casefile.demo.events import Encoder
from services.casefile.demo.generating import generate
from services.casefile.demo.loading import Loader
from services.casefile.following import Following, Upkeep
from tests.casefile.cli.typed import Shell
from tests.casefile.world import parts
from tests.servers import Database

CHILDREN, SEED = 120, 2026
TODAY = day_in_china(system_clock())
DAYS = ("--since", str(TODAY - timedelta(365)), "--until", str(TODAY))


@pytest.fixture
def built(database: Database, tmp_path: Path) -> Iterator[Parts]:
    with closing(parts(database, tmp_path)) as made:
        yield made


@pytest.fixture
def shell(built: Parts, database: Database, tmp_path: Path) -> Shell:
    return Shell(tmp_path, database)


def follow(built: Parts, database: Database) -> None:
    every = read_models(built)
    Upkeep(database.app, built.recorder, built.mapper, every).prepare()
    with closing(Following(database.app, built.recorder, built.mapper, every)) as following:
        following.catch_up()


def test_the_crammers_of_a_demo_county_stand_first_with_the_reason(
    built: Parts, shell: Shell, database: Database
) -> None:
    loader = Loader(Encoder(built.catalogue, built.mapper), built.keyring, built.identities)
    loader.load(database.owner, SEED, CHILDREN, TODAY, lambda _done, _total: None)
    follow(built, database)
    [block] = generate(SEED, CHILDREN, TODAY)
    crammers = {w.staff for w in block.county.staff if w.character == "cramming"}

    shown = shell.done("backfill", *DAYS, "--lang", "en")
    told = shell.told("backfill", *DAYS, "--by", "unit", "--limit", "3")

    first = shown.splitlines()[1].split()[0]
    assert first in crammers
    assert f"{first}: " in shown
    assert "A reading is a question, never a verdict." in shown
    assert (told["by"], len(told["rows"])) == ("unit", 3)


def test_before_anything_follows_the_log_it_says_so(shell: Shell) -> None:
    result = shell("backfill", *DAYS)

    assert result.exit_code == REFUSED
    assert "casefile project" in result.output
