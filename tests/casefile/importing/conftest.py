"""A product for files that must leave it as it is."""

from collections.abc import Iterator

import pytest

from services.casefile.composition import Parts
from tests.casefile.world import parts, settle
from tests.servers import Template


@pytest.fixture(scope="module")
def untouched(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Shared by the tests that are refused: what one of them stores, the next one trips over."""
    with template.clone() as database:
        built = parts(database, tmp_path_factory.mktemp("untouched"))
        settle(built)
        yield built
        built.close()
