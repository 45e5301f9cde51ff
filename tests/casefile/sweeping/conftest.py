"""The product with its clock, on the first day of March of a year to come."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.casefile.sweeping.lives import at_ten
from tests.casefile.sweeping.rehearsal import Rehearsal, rehearsal
from tests.servers import Database


@pytest.fixture
def march(database: Database, tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(database, tmp_path, at_ten(date(2036, 3, 1))) as begun:
        yield begun
