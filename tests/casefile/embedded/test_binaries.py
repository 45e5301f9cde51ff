"""Which PostgreSQL is found."""

from pathlib import Path

import pytest

from services.casefile.embedded import PgBinaries, find_pg_binaries
from services.casefile.embedded.binaries import system_folders, wheel_folders
from services.casefile.embedded.errors import PostgresBinariesMissing


def fake(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("version", "major"), [("18.4", 18), ("15.18 (Debian 15.18-0)", 15), ("19beta1", 19)]
)
def test_the_major_version_is_read(tmp_path: Path, version: str, major: int) -> None:
    assert PgBinaries(fake(tmp_path / "bin", version)).major() == major


def test_a_named_folder_may_be_the_one_above_bin(tmp_path: Path) -> None:
    binaries = fake(tmp_path / "bin", "17.2")

    assert find_pg_binaries(tmp_path).folder == find_pg_binaries(binaries).folder == binaries


def test_a_named_folder_without_postgres_is_refused_though_others_exist(tmp_path: Path) -> None:
    with pytest.raises(PostgresBinariesMissing) as refused:
        find_pg_binaries(tmp_path)

    assert refused.value.searched == (tmp_path, tmp_path / "bin")


def test_a_postgres_too_old_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PostgresBinariesMissing):
        find_pg_binaries(fake(tmp_path / "bin", "14.9"))


def test_unnamed_the_wheel_comes_before_the_system() -> None:
    known = [*wheel_folders(), *system_folders()]

    assert find_pg_binaries().folder == next(
        folder for folder in known if PgBinaries(folder).are_complete()
    )
