"""What other services are promised: schemas, examples, and nothing personal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator

from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.log.mapper import CasefileMapper
from services.casefile.publishing.asyncapi import TOPIC, asyncapi
from services.casefile.publishing.cloudevents import attributes, to_json, to_kafka
from services.casefile.publishing.data import PersonalFieldPublished, published_fields
from services.casefile.publishing.message import (
    WITHHELD,
    Message,
    is_published,
    message_of,
    type_of,
)
from services.casefile.publishing.schema import message_schema
from tests.contract.compatible import differences
from tools.golden import GOLDEN, MOMENT, STREAM, VERSION
from tools.messages import MESSAGES, POSITION, document, example

ALL = list(catalogue())
PUBLISHED = [kind for kind in ALL if is_published(kind)]
NAMES = {type_of(kind) for kind in PUBLISHED} | {WITHHELD}
RELEASED = MESSAGES / "released"


def named(kind: Kind) -> str:
    return kind.slug


def stored(kind: Kind) -> dict[str, Any]:
    return json.loads((GOLDEN / f"{kind.topic}.json").read_text())


def message(kind: Kind) -> Message:
    mapper, event = CasefileMapper(catalogue()), stored(kind)
    state = event["state"].encode()
    return message_of(mapper.entry(STREAM, VERSION, event["topic"], state, POSITION, MOMENT))


@pytest.mark.parametrize("kind", ALL, ids=named)
def test_every_kind_says_what_others_are_told_or_why_nothing(kind: Kind):
    declared = kind.declared

    assert (declared.publishes is None) is not (declared.private is None)
    if declared.private is not None:
        assert set(json.loads(message(kind).data)) == {"stream", "stream_id"}
        assert message(kind).type == WITHHELD


@pytest.mark.parametrize("kind", PUBLISHED, ids=named)
def test_the_schema_in_the_tree_is_the_one_of_the_message(kind: Kind):
    path = MESSAGES / f"{type_of(kind)}.schema.json"

    assert json.loads(path.read_text()) == message_schema(kind)


@pytest.mark.parametrize("kind", PUBLISHED, ids=named)
def test_the_example_is_what_is_sent_and_fits_its_schema(kind: Kind):
    known = json.loads((MESSAGES / f"{type_of(kind)}.example.json").read_text())

    assert known == example(kind)
    Draft202012Validator(message_schema(kind)).validate(known["data"])


def sealed_texts(at_rest: Any, shown: Any) -> Iterator[str]:
    """What readers see of the values that are sealed at rest."""
    if isinstance(at_rest, list) and at_rest and at_rest[0] == "$sealed":
        yield str(shown)
    elif isinstance(at_rest, list):
        for inner, seen in zip(at_rest, shown, strict=True):
            yield from sealed_texts(inner, seen)
    elif isinstance(at_rest, dict):
        for name, inner in at_rest.items():
            yield from sealed_texts(inner, shown.get(name) if shown else None)


@pytest.mark.parametrize("kind", PUBLISHED, ids=named)
def test_nothing_that_is_sealed_at_rest_is_in_the_message(kind: Kind):
    at_rest = json.loads(stored(kind)["state"])["rec"]
    personal = list(sealed_texts(at_rest, stored(kind)["shown"]["fields"]))

    sent = to_json(message(kind)).decode()

    assert [text for text in personal if text in sent] == []
    assert "$sealed" not in sent


def test_the_examples_do_hold_something_personal():
    talk = catalogue().slug("talk")
    at_rest = json.loads(stored(talk)["state"])["rec"]

    assert list(sealed_texts(at_rest, stored(talk)["shown"]["fields"]))


def test_a_personal_field_cannot_be_published():
    talk = catalogue().slug("talk")
    original = talk.declared
    object.__setattr__(talk, "declared", type(original)("talk", "Talk", publishes=("note",)))
    try:
        with pytest.raises(PersonalFieldPublished):
            published_fields(talk)
    finally:
        object.__setattr__(talk, "declared", original)


@pytest.mark.parametrize("kind", PUBLISHED, ids=named)
def test_every_released_schema_still_holds(kind: Kind):
    for path in RELEASED.glob(f"*/{type_of(kind)}.schema.json"):
        assert differences(json.loads(path.read_text()), message_schema(kind)) == []


def test_no_released_type_is_gone():
    released = {path.name for path in RELEASED.glob("*/*.schema.json")}

    assert released
    assert released <= {f"{name}.schema.json" for name in NAMES}


def test_what_breaks_a_reader_is_found_out():
    old = {
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
        "required": ["a"],
    }

    assert differences(old, old) == []
    more = {"properties": old["properties"] | {"c": {"type": "string"}}, "required": ["a"]}
    assert differences(old, more) == []
    assert differences(old, {"properties": {"a": {"type": "string"}}, "required": ["a"]})
    assert differences(old, {"properties": old["properties"], "required": []})
    assert differences(old, {"properties": old["properties"], "required": ["a", "b"]})
    other = {"properties": old["properties"] | {"a": {"type": "integer"}}, "required": ["a"]}
    assert differences(old, other)


def test_the_standard_library_of_cloudevents_reads_what_we_write():
    found = message(catalogue().slug("obligation_missed"))
    record = to_kafka(found)

    event = from_binary_event(
        KafkaMessage(dict(record.headers), record.key.decode(), record.value), JSONFormat()
    )

    assert event.get_id() == found.id
    assert event.get_type() == found.type
    assert event.get_extension("position") == str(POSITION)
    assert event.get_data() == json.loads(found.data)


def test_the_message_is_the_same_bytes_on_kafka_and_over_http():
    found = message(catalogue().slug("talk"))

    assert to_kafka(found).value in to_json(found)
    assert {n.removeprefix("ce_") for n, _ in to_kafka(found).headers} - {"content-type"} == set(
        attributes(found)
    )


def test_every_header_that_is_sent_is_in_the_asyncapi_document():
    talk = message(catalogue().slug("talk"))
    whole = msgspec.structs.replace(
        talk, correlation="01900000-0000-7000-8000-00000000cafe", causation=talk.key
    )
    described = asyncapi(catalogue(), "1")["components"]["schemas"]["headers"]

    sent, least = dict(to_kafka(whole).headers), dict(to_kafka(talk).headers)

    assert sent.keys() == described["properties"].keys()
    assert least.keys() == set(described["required"])
    trace = f"00-0190000000007000800000000000cafe-{POSITION:016x}-01"
    assert sent["ce_traceparent"] == trace.encode()


def test_a_correlation_that_is_no_trace_is_sent_without_one():
    talk = msgspec.structs.replace(message(catalogue().slug("talk")), correlation="batch 7")

    sent = dict(to_kafka(talk).headers)

    assert sent["ce_correlationid"] == b"batch 7"
    assert "ce_traceparent" not in sent


def test_the_asyncapi_document_is_the_one_of_the_kinds():
    path = Path(MESSAGES).parent / "asyncapi.yaml"

    assert path.read_text() == document()
    known = yaml.safe_load(path.read_text())
    assert known["channels"]["events"]["address"] == TOPIC
    assert set(known["components"]["messages"]) == NAMES
