"""The schema of policies in the tree: it is the one of the types, and every bundle fits it."""

import json
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.bundles import bundle_names, bundle_text
from services.casefile.policies.checking import check
from services.casefile.policies.reading import read_policy, read_values
from services.casefile.policies.schema import policy_schema

SCHEMAS = Path(__file__).parents[2] / "schemas"
SCHEMA = json.loads((SCHEMAS / "policy.v1.schema.json").read_text())
EXAMPLE = (SCHEMAS / "policy.v1.example.yaml").read_text()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_schema_in_the_tree_is_the_one_of_the_types():
    assert json.loads(msgspec.json.encode(policy_schema())) == SCHEMA


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", bundle_names())
def test_a_bundle_fits_the_schema(name: str):
    VALIDATOR.validate(read_values(bundle_text(name)))


def test_the_example_fits_the_schema_and_has_no_fault():
    VALIDATOR.validate(read_values(EXAMPLE))

    assert check(read_policy(EXAMPLE, "example"), catalogue()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("every: month", "every: moth"),
        ("2026-09-01", "tomorrow"),
        ("version: 2", "version: two"),
        ("least: 3", "last: 3"),
        ("title: 清溪", "title: 13800138000 清溪"),
        ("shape: {shape: calendar, every: iso_week}", "shape: {every: iso_week}"),
    ],
)
def test_what_cannot_be_read_does_not_fit_either(old: str, new: str):
    assert EXAMPLE.count(old) == 1
    assert not VALIDATOR.is_valid(read_values(EXAMPLE.replace(old, new)))
