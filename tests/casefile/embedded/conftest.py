"""A cluster made once and copied for every test, and users of it that always let go."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from services.casefile.embedded import EmbeddedPostgres, PgBinaries

NewUser = Callable[..., EmbeddedPostgres]


@pytest.fixture(scope="session")
def made_cluster(pg_binaries: PgBinaries, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "data"
    with EmbeddedPostgres(folder, pg_binaries, settings={"fsync": "off"}):
        return folder


@pytest.fixture
def data_dir(made_cluster: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_cluster, tmp_path / "data"))


@pytest.fixture
def new_user(pg_binaries: PgBinaries) -> Iterator[NewUser]:
    with ExitStack() as stack:
        yield partial(_user, stack, pg_binaries)


def _user(
    stack: ExitStack, binaries: PgBinaries, folder: Path, **wishes: object
) -> EmbeddedPostgres:
    user = EmbeddedPostgres(folder, binaries, **wishes)  # type: ignore[arg-type]
    stack.callback(user.stop, "immediate")
    return user
