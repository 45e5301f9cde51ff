"""The bundles that are shipped: sound, sourced, and each worked through for a term."""

import csv
from pathlib import Path

import pytest

from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.bundles import (
    BundleNotFound,
    bundle,
    bundle_document,
    bundle_names,
    bundle_text,
    bundles,
)
from services.casefile.policies.checking import check
from tests.casefile.policies import (
    test_bundles_by_day_and_level,
    test_bundles_by_event,
    test_bundles_by_week_and_month,
    test_bundles_of_many_ones,
    test_bundles_of_units,
)

ROOT = Path(__file__).parents[3]
WORKED = (
    *test_bundles_by_day_and_level.TERMS,
    *test_bundles_by_event.TERMS,
    *test_bundles_by_week_and_month.TERMS,
    *test_bundles_of_many_ones.TERMS,
    *test_bundles_of_units.TERMS,
)
# What is no cadence in groups B, C, D and E: roles, numbers of children, goals, tags.
NO_CADENCE = {
    "C02", "C03", "C04", "C06", "C07", "C09", "C10", "C11", "C12", "C13", "C14", "C15", "C16",
    "C17", "C18", "C19", "C20", "C21", "C22", "C23", "C24", "C25", "C26", "C27", "C28", "C29",
    "C32", "C36", "C37", "C40", "D01", "D16", "D18", "D19", "D20", "D21", "D22", "D23",
}  # fmt: skip
NAMED_BY_THE_SOURCES = (
    "五个一", "八个一", "十个一", "54321", "三多、二知、一沟通", "三知、三多、三沟通", "三个一",
    "每周一谈、每月一通、每季一访、每期一聚、每年一陪", "期初、期中、期末", "半月走访",
    "每学期三次联系", "班主任每月谈心", "2 2 2", "四个一", "每周微信视频", "强制报告",
    "风险升级后走访", "分级走访", "期初计划、平时记录、期末总结", "每月座谈会",
)  # fmt: skip


def seeds() -> set[str]:
    with (ROOT / "docs" / "coverage.tsv").open(newline="") as file:
        return {row["id"] for row in csv.DictReader(file, delimiter="\t")}


def named(policy: Policy) -> set[str]:
    return {*policy.seeds, *(seed for rule in policy.rules for seed in rule.seeds)}


@pytest.mark.parametrize("name", bundle_names())
def test_a_bundle_has_no_fault(name: str):
    document = bundle_document(name)

    assert check(document, catalogue()) == []
    assert document.policy.policy == name


@pytest.mark.parametrize("policy", bundles(), ids=lambda p: p.policy)
def test_each_rule_names_where_it_comes_from(policy: Policy):
    assert all(rule.seeds for rule in policy.rules)
    assert named(policy) <= seeds()


def test_every_cadence_of_the_sources_has_a_home():
    cadences = {seed for seed in seeds() if seed[0] in "BCDE"} - NO_CADENCE

    assert cadences - {seed for policy in bundles() for seed in named(policy)} == set()


def test_the_bundles_the_sources_name_are_there():
    titles = " ".join(policy.title for policy in bundles())

    assert [name for name in NAMED_BY_THE_SOURCES if name not in titles] == []


@pytest.mark.parametrize("policy", bundles(), ids=lambda p: p.policy)
def test_every_rule_but_a_quota_was_worked_by_hand(policy: Policy):
    asked = {rule.code for rule in policy.rules if rule.subject != "worker"}
    worked = {rule for term in WORKED if term.bundle == policy.policy for rule in term.expected}

    # A rise in risk is worked through in a bundle of its own.
    assert asked - worked <= {"visit.risk_raised"}


def test_a_frequency_by_level_says_that_it_is_an_example():
    levels = bundle("visits-by-level")

    assert levels.example
    assert "示例" in levels.title
    assert all(rule.example and "示例" in rule.title for rule in levels.rules)


def test_what_nobody_may_waive_names_the_law():
    rules = bundle("mandatory-report").rules

    assert all(rule.never_waivable and "第十一条" in (rule.note or "") for rule in rules)


def test_what_parents_owe_is_no_duty_of_staff():
    assert {(r.obligor, r.role) for r in bundle("parents-five-ones").rules} == {("parent", None)}


def test_the_text_of_a_bundle_is_there_to_copy():
    assert bundle_text("three-ones").startswith("policy: three-ones\n")


@pytest.mark.parametrize("name", ["nothing", "../bundles/three-ones", ""])
def test_no_other_file_is_taken_for_a_bundle(name: str):
    with pytest.raises(BundleNotFound):
        bundle(name)
