"""The product over a real database, with its units and staff in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.casefile.composition import Parts
from tests.casefile.world import parts, settle
from tests.servers import Database


@pytest.fixture
def casefile(database: Database, tmp_path: Path) -> Iterator[Parts]:
    built = parts(database, tmp_path)
    settle(built)
    yield built
    built.close()
