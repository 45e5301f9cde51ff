"""The blind index finds a value again without holding it."""

from pathlib import Path

import pytest

from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.keyring_errors import SecretFileUnsafe

SECRET = bytes(range(32))
INDEX = BlindIndex(SECRET)


def test_equal_values_have_equal_digests() -> None:
    assert INDEX.digest("name", "陈小禾") == BlindIndex(SECRET).digest("name", "陈小禾")


def test_the_digest_depends_on_value_field_and_secret() -> None:
    digests = {
        INDEX.digest("name", "G2024001"),
        INDEX.digest("name", "G2024002"),
        INDEX.digest("school_register_no", "G2024001"),
        BlindIndex(SECRET[::-1]).digest("name", "G2024001"),
    }

    assert len(digests) == 4
    assert {len(digest) for digest in digests} == {32}


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "blind-index.key"

    made = [BlindIndex.create_file(path), BlindIndex.create_file(path)]

    assert made == [True, False]
    assert path.stat().st_mode & 0o777 == 0o600
    first, second = BlindIndex.from_file(path), BlindIndex.from_file(path)
    assert first.digest("name", "陈小禾") == second.digest("name", "陈小禾")


def test_a_secret_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blind-index.key"
    BlindIndex.create_file(path)
    path.chmod(0o644)

    with pytest.raises(SecretFileUnsafe):
        BlindIndex.from_file(path)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        BlindIndex(b"short")
