"""A town in which a story is told: years from now, so that everything in it comes in time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casefile.stories.town import Town
from tests.casefile.world import parts, settle
from tests.servers import Database


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Iterator[Town]:
    told = Town()
    told.product = parts(database, tmp_path, clock=told.clock)
    settle(told.product)
    yield told
    told.product.close()
