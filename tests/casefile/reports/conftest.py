"""The invented world as it was recorded at the time, to draw reports of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casefile.history.bygone import Bygone, bygone
from tests.servers import Database


@pytest.fixture
def past(database: Database, tmp_path: Path) -> Iterator[Bygone]:
    with bygone(database, tmp_path) as world:
        yield world
