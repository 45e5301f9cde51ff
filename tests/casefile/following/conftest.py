"""The invented world, followed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casefile.following.county import County, county
from tests.servers import Database


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[County]:
    with county(database, tmp_path) as settled:
        settled.upkeep.prepare()
        yield settled
