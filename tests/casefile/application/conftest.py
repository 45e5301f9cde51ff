"""Children to command about."""

from uuid import UUID

import pytest

from services.casefile.composition import Parts
from tests.casefile.world import open_child


@pytest.fixture
def children(casefile: Parts) -> list[UUID]:
    return [open_child(casefile, name=f"禾苗{n}") for n in "甲乙丙丁戊"]
