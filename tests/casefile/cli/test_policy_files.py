"""Policy files on the command line: every fault with its place, what differs, what is shipped."""

from pathlib import Path

import pytest

from services.casefile.policies.bundles import bundle_names, bundle_text
from tests.casefile.cli.typed import Shell

TALKS = """policy: school-talks
version: 1
title: 每月谈心
effective_from: 2026-12-01
approved_by: leading-group
rules:
  - code: talk.monthly
    title: 班主任每月谈心
    shape: {shape: calendar, every: month}
    kinds: [talk]
    role: class_teacher
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_a_good_file_has_no_faults(shell: Shell):
    checked = shell("policy", "check", shell.file("talks.yaml", TALKS), "--offline")

    assert (checked.exit_code, checked.stdout) == (0, "")
    assert "没有发现问题" in checked.stderr


def test_every_fault_stands_at_its_line_and_column_with_a_remedy(shell: Shell):
    wrong = TALKS.replace("[talk]", "[tolk]").replace("2026-12-01", "2026-13-01")
    path = shell.file("wrong.yaml", wrong)

    checked = shell("policy", "check", path, "--offline", "--lang", "en")

    assert checked.exit_code == 1
    [line] = checked.stdout.splitlines()
    assert line.startswith(f"{path}:4:17 ")
    assert " → " in line


def test_of_several_files_each_fault_names_its_file(shell: Shell):
    good = shell.file("good.yaml", TALKS)
    bad = shell.file("bad.yaml", TALKS.replace("[talk]", "[tolk]"))
    empty = shell.file("empty.yaml", "")

    checked = shell("policy", "check", good, bad, empty, "--offline")

    assert checked.exit_code == 1
    assert {line.partition(":")[0] for line in checked.stdout.splitlines()} == {bad, empty}


def test_faults_come_as_json_for_machines(shell: Shell):
    path = shell.file("bad.yaml", TALKS.replace("[talk]", "[tolk]"))

    checked = shell("policy", "check", path, "--offline", "--json")

    assert '"where": "rules[0].kinds[0]"' in checked.stdout
    assert '"remedy"' in checked.stdout


def test_a_file_that_is_not_there_is_a_wrong_call(shell: Shell):
    assert shell("policy", "check", "nowhere.yaml", "--offline").exit_code == 2
    assert shell("policy", "diff", "nowhere.yaml", "bundle:three-ones").exit_code == 2
    assert shell("policy", "adopt").exit_code == 2
    assert shell("policy", "adopt", "x.yaml", "--bundle", "three-ones").exit_code == 2


def test_two_policies_are_compared_rule_by_rule(shell: Shell):
    old = shell.file("old.yaml", TALKS)
    new = shell.file("new.yaml", TALKS.replace("every: month", "every: iso_week"))

    changes = shell.told("policy", "diff", old, new)

    assert changes == [
        {
            "what": "changed",
            "rule": "talk.monthly",
            "field": "shape.every",
            "old": "month",
            "new": "iso_week",
        }
    ]
    assert "shape.every" in shell.done("policy", "diff", old, new)


def test_a_file_is_compared_with_a_bundle(shell: Shell):
    path = shell.file("mine.yaml", bundle_text("three-ones"))

    assert shell.told("policy", "diff", path, "bundle:three-ones") == []
    assert shell("policy", "diff", path, "bundle:nowhere").exit_code == 1


def test_every_bundle_is_listed_and_can_be_written_out(shell: Shell):
    listed = {policy["policy"] for policy in shell.told("policy", "bundles")}
    written = shell.done("policy", "show", "bundle:default-school", "--yaml")

    assert len(listed) == len(bundle_names()) >= 22
    path = shell.file("default.yaml", written)
    assert shell.told("policy", "diff", path, "bundle:default-school") == []
    assert "班主任每月谈心" in shell.done("policy", "show", "bundle:default-school")


@pytest.mark.parametrize("content", ["a: [", "- 1", "\x00", "a: &a [*a]", "!!python/name:os.x"])
def test_whatever_a_file_holds_the_answer_is_a_line_and_never_a_trace(shell: Shell, content: str):
    checked = shell("policy", "check", shell.file("odd.yaml", content), "--offline")

    assert checked.exit_code == 1
    assert checked.stdout.count(" → ") == len(checked.stdout.splitlines()) > 0
