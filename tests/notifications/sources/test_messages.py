"""What a message has to be, and what is said of one that is not."""

import json
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.notifications.consuming.applying import CHANGES, KNOWN
from services.notifications.consuming.data import Declaration
from services.notifications.consuming.declaring import DECLARED
from services.notifications.messages import NotReadable, parse, parse_json, to_json
from tests.notifications.given import headers, message, value

EXAMPLES = Path("schemas/messages")


def test_both_forms_give_the_same_message_and_it_can_be_kept() -> None:
    sent = message(7, population="left_behind")
    assert parse(headers(sent), value(sent)) == sent
    assert parse_json(to_json(sent)) == sent


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.example.json")), ids=lambda p: p.name)
def test_every_example_that_casefile_publishes_can_be_read(example: Path) -> None:
    found = parse_json(example.read_bytes())
    if found.type in CHANGES:
        msgspec.convert(found.data, CHANGES[found.type].form)
    if found.type in DECLARED:
        msgspec.convert(found.data, Declaration)


def test_every_type_the_state_is_built_from_is_published() -> None:
    published = {
        path.name.removesuffix(".example.json") for path in EXAMPLES.glob("*.example.json")
    }
    assert published >= KNOWN


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("position", "-1"), ("position", "٣"), ("position", "1" * 19), ("streamversion", "0"),
        ("streamversion", " 1"), ("partitionkey", "case-1"), ("type", "x" * 201),
        ("id", "a\x00b"), ("time", "yesterday"), ("time", "2026-13-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_an_attribute_that_cannot_be_is_not_readable(name: str, content: str) -> None:
    sent = message(7)
    with pytest.raises(NotReadable) as unreadable:
        parse(headers(sent, **{name: content}), value(sent))
    assert content not in unreadable.value.reason


@hypothesis_given(st.binary(max_size=200) | st.text().map(lambda t: json.dumps([t]).encode()))
def test_whatever_arrives_is_read_or_not_readable(anything: bytes) -> None:
    sent = message(7)
    for read in (
        lambda: parse_json(anything),
        lambda: parse(headers(sent), anything),
        lambda: parse([("ce_id", anything), ("ce_position", anything)], b"{}"),
    ):
        with suppress(NotReadable):
            read()
