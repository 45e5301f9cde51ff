"""The page of the API names statuses, codes and addresses that exist."""

import json
import re

import msgspec

from services.casefile.api.asked import AskedHistory
from services.casefile.api.batches import Batch
from services.casefile.api.errors import STATUS, problem_types
from services.casefile.api.incoming import BATCH, USUAL
from services.casefile.api.listing import AskedPage
from services.casefile.domain.envelope import Submission
from tests.docs.listed import ROOT, blocks

PAGE = (ROOT / "docs" / "api.md").read_text()


def test_every_status_is_explained():
    explained = {int(status) for status in re.findall(r"\b([45]\d\d)\b", PAGE)}

    assert set(STATUS.values()) <= explained


def test_every_code_on_the_page_exists():
    named = set(re.findall(r"\b[45]\d\d `([a-z-]+)`", PAGE))

    assert named
    assert named <= set(problem_types())


def test_every_field_of_the_envelope_is_explained():
    explained = set(re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE))

    assert explained == set(Submission.__struct_fields__)


def test_the_bounds_are_the_real_ones():
    batch = msgspec.json.schema(Batch)["$defs"]["Batch"]["properties"]["records"]
    listed = AskedPage.model_json_schema()["properties"]["limit"]
    history = AskedHistory.model_json_schema()["properties"]["limit"]

    assert f"at most {USUAL >> 10} KiB" in PAGE
    assert f"1 to {batch['maxItems']} records, at most {BATCH >> 20} MiB" in PAGE
    assert f"{listed['maximum']} for lists and {history['maximum']} for a history" in PAGE


def test_every_json_example_is_json():
    assert [json.loads(block) for block in blocks(PAGE, "json")]
