"""PostgreSQL refuses root; Casefile as root runs it all the same, and never loosens a folder."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.casefile.embedded import PgBinaries
from services.casefile.embedded.errors import DataDirOfAnotherUser, FolderOutOfReach
from services.casefile.embedded.identity import Identity, identity_for
from tests.casefile.embedded.conftest import NewUser
from tests.casefile.embedded.steps import ask

NOBODY = pwd.getpwnam("nobody")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has this to prove")


@pytest.fixture
def open_place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="casefile-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def without_unshare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")


@pytest.fixture
def reachable_binaries(pg_binaries: PgBinaries) -> PgBinaries:
    try:
        Identity(uid=NOBODY.pw_uid, gid=NOBODY.pw_gid).reach(pg_binaries.folder)
    except FolderOutOfReach as refused:
        pytest.skip(str(refused))
    return pg_binaries


def user_namespace(process: str) -> Path:
    return (Path("/proc") / process / "ns" / "user").readlink()


@as_root
def test_for_root_the_server_runs_in_a_namespace_and_the_files_stay_roots(
    data_dir: Path, new_user: NewUser
) -> None:
    running = new_user(data_dir).start()

    assert ask(running, "SELECT 1") == [(1,)]
    assert user_namespace(str(running.pid)) != user_namespace("self")
    assert {path.stat().st_uid for path in data_dir.rglob("*")} == {0}


@as_root
@pytest.mark.usefixtures("without_unshare", "reachable_binaries")
def test_without_namespaces_an_ordinary_user_runs_it(open_place: Path, new_user: NewUser) -> None:
    running = new_user(open_place / "new").start()

    assert ask(running, "SELECT 1") == [(1,)]
    assert Path(f"/proc/{running.pid}").stat().st_uid == NOBODY.pw_uid
    assert open_place.stat().st_mode & 0o777 == 0o711


@as_root
@pytest.mark.usefixtures("reachable_binaries")
def test_the_owner_of_the_folder_stays_the_one_who_runs_it(
    open_place: Path, new_user: NewUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        first = new_user(open_place / "new")
        first.start()
        first.stop()

    again = new_user(open_place / "new").start()

    assert Path(f"/proc/{again.pid}").stat().st_uid == NOBODY.pw_uid


@as_root
@pytest.mark.usefixtures("without_unshare")
def test_a_folder_the_ordinary_user_cannot_enter_is_refused_and_left_as_it_was(
    open_place: Path, new_user: NewUser
) -> None:
    open_place.chmod(0o700)

    with pytest.raises(FolderOutOfReach) as refused:
        new_user(open_place / "new").start()

    assert (refused.value.user, refused.value.folder) == ("nobody", open_place)
    assert open_place.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use every folder")
def test_the_folder_of_another_user_is_refused() -> None:
    with pytest.raises(DataDirOfAnotherUser):
        identity_for(Path("/"), None)
