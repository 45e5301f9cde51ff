"""A sealed value opens in its place with its key, and otherwise says which of four states it is in."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.casefile.domain.personal import PersonalState, Sealed, Withheld
from services.casefile.log.data_key import DataKey, KeyState
from services.casefile.log.sealing import Present, reveal, seal
from tests.casefile.log.keyrings import data_key

STREAM = UUID("018f0000-0000-7000-8000-000000000001")
KEY = data_key("welfare")
TAMPERED = Withheld(PersonalState.TAMPERED)


def sealed(value: Any = "slept badly", key: DataKey = KEY) -> Sealed:
    return seal(value, key, stream_id=STREAM, version=7, path="note")


def revealed(
    found: Sealed,
    key: KeyState | None = KEY,
    *,
    stream_id: UUID = STREAM,
    version: int = 7,
    path: str = "note",
    commitment: bytes = KEY.commitment,
) -> Present | Withheld:
    return reveal(
        found, key, stream_id=stream_id, version=version, path=path, commitment=commitment
    )


def with_one_bit_flipped(blob: bytes, at: int) -> bytes:
    return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None, max_examples=50)
@given(json_values)
def test_a_value_in_its_place_is_present(value: Any) -> None:
    assert revealed(sealed(value)) == Present(value)


def test_a_sealed_value_survives_json() -> None:
    stored = msgspec.json.encode(sealed())

    assert revealed(msgspec.json.decode(stored, type=Sealed)) == Present("slept badly")
    assert b"slept" not in stored


def test_sealing_the_same_again_gives_other_bytes() -> None:
    assert sealed().blob != sealed().blob


@pytest.mark.parametrize(
    "place",
    [{"stream_id": uuid4()}, {"version": 8}, {"path": "mood"}],
    ids=["another stream", "another version", "another field"],
)
def test_a_value_found_in_another_place_is_tampered(place: dict[str, Any]) -> None:
    assert revealed(sealed(), **place) == TAMPERED


CLAIMS = pytest.mark.parametrize(
    "claim", [{"version": 8}, {"path": "mood"}], ids=["another version", "another field"]
)


@CLAIMS
def test_a_value_that_claims_the_place_it_was_moved_to_is_tampered(claim: dict[str, Any]) -> None:
    moved = msgspec.structs.replace(sealed(), **claim)

    assert revealed(moved, **claim) == TAMPERED


@CLAIMS
def test_a_value_that_claims_a_place_it_does_not_lie_in_is_tampered(claim: dict[str, Any]) -> None:
    pretending = msgspec.structs.replace(sealed(), **claim)

    assert revealed(pretending) == TAMPERED


def test_a_value_that_names_another_key_is_tampered() -> None:
    renamed = msgspec.structs.replace(sealed(), key="identity#1")

    assert revealed(renamed) == TAMPERED


@pytest.mark.parametrize("at", [0, 11, 12, -16, -1], ids=lambda at: f"byte {at}")
def test_a_value_with_one_bit_flipped_is_tampered(at: int) -> None:
    whole = sealed()

    flipped = msgspec.structs.replace(
        whole, blob=with_one_bit_flipped(whole.blob, at % len(whole.blob))
    )

    assert revealed(flipped) == TAMPERED


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_a_value_cut_short_is_tampered(length: int) -> None:
    whole = sealed()

    assert revealed(msgspec.structs.replace(whole, blob=whole.blob[:length])) == TAMPERED


def test_a_value_sealed_with_another_key_is_tampered() -> None:
    forged = sealed("slept well", key=data_key("welfare"))

    assert revealed(forged) == TAMPERED


def test_a_value_rewritten_together_with_its_key_is_tampered() -> None:
    swapped = data_key("welfare")
    forged = sealed("slept well", key=swapped)

    found = revealed(forged, swapped, commitment=KEY.commitment)

    assert swapped.id == KEY.id
    assert revealed(forged, swapped, commitment=swapped.commitment) == Present("slept well")
    assert found == TAMPERED


@pytest.mark.parametrize(
    "state", [PersonalState.ERASED, PersonalState.KEY_UNAVAILABLE, PersonalState.TAMPERED]
)
def test_without_a_key_the_value_is_in_the_state_of_its_key(state: PersonalState) -> None:
    assert revealed(sealed(), state) == Withheld(state)


def test_without_any_word_of_its_key_a_value_is_unavailable() -> None:
    assert revealed(sealed(), None) == Withheld(PersonalState.KEY_UNAVAILABLE)
