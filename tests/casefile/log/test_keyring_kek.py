"""The file of key encryption keys: private, replaced whole, and followed by every process."""

import stat
from pathlib import Path

import pytest

from services.casefile.log.kek import FileKekProvider
from services.casefile.log.keyring_errors import EpochUnknown, KeyTampered, SecretFileUnsafe
from tests.casefile.log.keyrings import kek_file

DEK = bytes(range(32))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    kek_file(tmp_path)
    (tmp_path / "kek.json").chmod(mode)

    with pytest.raises(SecretFileUnsafe):
        FileKekProvider(tmp_path / "kek.json")


def test_a_missing_key_file_is_refused_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(SecretFileUnsafe):
        FileKekProvider(tmp_path / "kek.json")

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_key_file_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "kek.json"
    path.touch(0o600)
    path.write_text('{"current": "a", "epochs": {"a": "c2VjcmV0"')

    with pytest.raises(SecretFileUnsafe) as refused:
        FileKekProvider(path)

    assert "c2VjcmV0" not in str(refused.value)


def test_the_key_file_is_readable_by_its_owner_only_even_after_a_change(tmp_path: Path) -> None:
    kek = kek_file(tmp_path)
    made = (tmp_path / "kek.json").stat().st_mode

    kek.new_epoch()

    assert stat.S_IMODE(made) == 0o600
    assert stat.S_IMODE((tmp_path / "kek.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["kek.json"]


def test_creating_a_key_file_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kek.json"
    assert FileKekProvider.create_file(path)
    before = path.read_bytes()

    assert not FileKekProvider.create_file(path)

    assert path.read_bytes() == before


def test_a_wrapped_key_opens_only_where_it_was_wrapped_for(tmp_path: Path) -> None:
    kek = kek_file(tmp_path)
    epoch = kek.current_epoch()

    wrapped = kek.wrap(epoch, DEK, b"child|welfare")

    assert kek.unwrap(epoch, wrapped, b"child|welfare") == DEK
    with pytest.raises(KeyTampered):
        kek.unwrap(epoch, wrapped, b"sibling|welfare")
    with pytest.raises(KeyTampered):
        kek.unwrap(epoch, wrapped[:8], b"child|welfare")


def test_every_process_sees_a_new_epoch_and_the_end_of_an_old_one(tmp_path: Path) -> None:
    kek = kek_file(tmp_path)
    other = FileKekProvider(tmp_path / "kek.json")
    old = kek.current_epoch()
    wrapped = other.wrap(old, DEK, b"")

    new = kek.new_epoch()
    kek.destroy(old)

    assert other.current_epoch() == new != old
    with pytest.raises(EpochUnknown):
        other.unwrap(old, wrapped, b"")


def test_the_current_epoch_cannot_be_destroyed(tmp_path: Path) -> None:
    kek = kek_file(tmp_path)

    with pytest.raises(ValueError, match="current epoch"):
        kek.destroy(kek.current_epoch())


def test_destroying_an_epoch_again_changes_nothing(tmp_path: Path) -> None:
    kek = kek_file(tmp_path)
    old = kek.current_epoch()
    kek.new_epoch()
    kek.destroy(old)
    before = (tmp_path / "kek.json").read_bytes()

    kek.destroy(old)

    assert (tmp_path / "kek.json").read_bytes() == before
