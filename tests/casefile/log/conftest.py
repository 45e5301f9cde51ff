"""A recorder and keyrings over a fresh database, closed after the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from services.casefile.log.kek import FileKekProvider, KekProvider
from services.casefile.log.keyring import Keyring
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.keyrings import kek_file
from tests.servers import Database


@pytest.fixture
def kek(tmp_path: Path) -> FileKekProvider:
    return kek_file(tmp_path)


@pytest.fixture
def open_ring(database: Database) -> Iterator[Callable[..., Keyring]]:
    with ExitStack() as opened:

        def open_ring(kek: KekProvider, remembered: int = 1_000, pause: float = 0) -> Keyring:
            ring = Keyring(database.keyring_app, kek, remembered=remembered, pause=pause)
            return opened.enter_context(closing(ring))

        yield open_ring


@pytest.fixture
def ring(open_ring: Callable[..., Keyring], kek: FileKekProvider) -> Keyring:
    return open_ring(kek)


@pytest.fixture
def other(open_ring: Callable[..., Keyring], kek: FileKekProvider) -> Keyring:
    return open_ring(kek)


@pytest.fixture
def recorder(database: Database) -> Iterator[CasefileRecorder]:
    with closing(CasefileRecorder.open(database.app)) as opened:
        yield opened
