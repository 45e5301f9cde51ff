"""The page of policies names every field, shape and bundle there is, and its examples hold."""

import re
from textwrap import indent

import msgspec
import pytest

from services.casefile.domain.cadence import shapes
from services.casefile.domain.cadence.policy import Applies, Grace, Policy, Rule, Step
from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.bundles import bundles
from services.casefile.policies.checking import check
from services.casefile.policies.reading import read_policy
from tests.docs.listed import ROOT, blocks

PAGE = (ROOT / "docs" / "policies.md").read_text()
SHAPES = [
    struct
    for struct in vars(shapes).values()
    if isinstance(struct, type)
    and issubclass(struct, msgspec.Struct)
    and struct is not shapes._Shape
]
HEAD = """\
policy: some-school
version: 1
title: 方案
effective_from: 2026-09-01
approved_by: leading-group
rules:
  - code: some.rule
    title: 规则
"""


def mentioned(page: str) -> set[str]:
    return set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", page))))


@pytest.mark.parametrize("struct", [Policy, Rule, Applies, Grace, Step, *SHAPES], ids=str)
def test_every_field_is_explained(struct: type[msgspec.Struct]):
    within = " ".join(re.findall(r"^```yaml rule\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL))

    assert (
        set(struct.__struct_fields__) - mentioned(PAGE) - set(re.findall(r"\w+", within)) == set()
    )


def test_every_shape_has_its_paragraph_and_an_example():
    tags = {str(struct.__struct_config__.tag) for struct in SHAPES}

    assert tags == set(re.findall(r"^\*\*`(\w+)`\*\*", PAGE, flags=re.MULTILINE))
    assert tags == set(re.findall(r"^shape: \{shape: (\w+)", PAGE, flags=re.MULTILINE))


def test_the_policy_on_the_page_has_no_fault():
    [text] = blocks(PAGE, "yaml")

    assert check(read_policy(text, "page"), catalogue()) == []


@pytest.mark.parametrize("text", blocks(PAGE, "yaml rule"))
def test_each_rule_on_the_page_has_no_fault(text: str):
    role = "" if "obligor: parent" in text else "    role: class_teacher\n"

    assert check(read_policy(HEAD + role + indent(text, "    "), "page"), catalogue()) == []


def test_the_table_of_bundles_is_the_one_of_the_bundles():
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+?) \| (\d+) \| (.+) \|$", PAGE, flags=re.MULTILINE)

    assert rows == [
        (
            policy.policy,
            policy.title + (" — example" if policy.example else ""),
            str(len(policy.rules)),
            " ".join(sorted({*policy.seeds, *(s for r in policy.rules for s in r.seeds)})),
        )
        for policy in bundles()
    ]
