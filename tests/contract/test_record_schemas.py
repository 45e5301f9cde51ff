"""What clients may send: schema, example and labels of every kind."""

import json
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.domain.envelope import Submission
from services.casefile.domain.schemas import record_schema

RECORDS = Path(__file__).parents[2] / "schemas" / "records"
ALL = list(catalogue())
SENT = [k for k in ALL if k.slug not in ("keys", "absorption", "group_attendance")]


def named(kind: Kind) -> str:
    return kind.slug


def read(kind: Kind, what: str):
    return json.loads((RECORDS / f"{kind.slug}.v{kind.version}.{what}.json").read_text())


@pytest.mark.parametrize("kind", ALL, ids=named)
def test_the_schema_in_the_tree_is_the_one_of_the_type(kind: Kind):
    assert read(kind, "schema") == json.loads(msgspec.json.encode(record_schema(kind)))


@pytest.mark.parametrize("kind", SENT, ids=named)
def test_the_example_fits_its_schema_and_its_type(kind: Kind):
    example = read(kind, "example")

    Draft202012Validator(read(kind, "schema")).validate(example)
    envelope = set(Submission.__struct_fields__)
    msgspec.convert({k: v for k, v in example.items() if k not in envelope}, kind.type)


@pytest.mark.parametrize("kind", ALL, ids=named)
def test_no_field_of_a_kind_is_named_like_one_of_the_envelope(kind: Kind):
    assert not set(kind.type.__struct_fields__) & set(Submission.__struct_fields__)


def test_no_file_stands_for_a_kind_that_does_not_exist():
    known = {f"{k.slug}.v{v}" for k in ALL for v in range(1, k.version + 1)}

    assert {p.name.rsplit(".", 2)[0] for p in RECORDS.glob("*.json")} <= known
