"""An office at the command line: adopts, waits, sees the miss, enters it late, withdraws."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec import yaml

from services.casefile.composition import Parts, obligation_models, read_models
from services.casefile.following import Following, Upkeep
from tests.casefile.api.owing import (
    MONTH_AFTER_NEXT,
    NEXT_MONTH,
    NOON,
    THIS_MONTH,
    TODAY,
    Hands,
    open_today,
    policy,
    talk_rule,
)
from tests.casefile.cli.typed import Shell
from tests.casefile.world import context, parts, settle
from tests.servers import Database

TERMS = f"""
[[terms]]
code = "{THIS_MONTH.year}-{THIS_MONTH.year + 1}-1"
starts_on = {THIS_MONTH.isoformat()}
ends_on = {MONTH_AFTER_NEXT.isoformat()}
calendar = "town-schools"
source = "青石镇校历"

[{THIS_MONTH.year + 2}]
off = [{THIS_MONTH.year + 2}-05-01]
source = "县办通知"
"""


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def built(database: Database, tmp_path: Path, hands: Hands) -> Iterator[Parts]:
    with closing(parts(database, tmp_path, clock=hands)) as made:
        settle(made)
        yield made


@pytest.fixture
def shell(built: Parts, database: Database, tmp_path: Path) -> Shell:
    return Shell(tmp_path, database)


@pytest.fixture
def document(shell: Shell) -> str:
    return shell.file("talks.yaml", yaml.encode(policy()).decode())


def follow(built: Parts, database: Database) -> None:
    every = [*read_models(built), *obligation_models(built)]
    Upkeep(database.app, built.recorder, built.mapper, every).prepare()
    with closing(Following(database.app, built.recorder, built.mapper, every)) as following:
        following.catch_up()


def test_an_adopted_policy_is_listed_shown_and_compared(shell: Shell, document: str):
    first = shell("policy", "adopt", document, "--by", "s-301")
    again = shell("policy", "adopt", document)

    assert (first.exit_code, again.exit_code) == (0, 0)
    [version] = shell.told("policy", "list")
    assert (version["policy"], version["version"], version["recorded_by"]) == (
        "school-talks", 1, "s-301",
    )  # fmt: skip
    assert "班主任每月谈心" in shell.done("policy", "show", "school-talks")
    assert shell.told("policy", "diff", document, "adopted:school-talks") == []
    assert shell("policy", "show", "school-nothing").exit_code == 1
    assert shell("policy", "diff", document, "adopted:school-talks@x").exit_code == 2


def test_a_bundle_is_adopted_as_the_office_wants_it(shell: Shell):
    shell.done(
        "calendar", "terms", shell.file("terms.toml", TERMS.replace("town-schools", "default"))
    )
    adopted = shell(
        "policy", "adopt", "--bundle", "class-teacher-monthly-talk", "--as", "our-talks",
        "--effective-from", NEXT_MONTH.isoformat(), "--approved-by", "county-office",
        "--unit", "town-1", "--version", "3",
    )  # fmt: skip

    assert adopted.exit_code == 0, adopted.output
    shown = shell.told("policy", "show", "our-talks", "--on", NEXT_MONTH.isoformat())
    assert (shown["version"], shown["unit"], shown["approved_by"]) == (3, "town-1", "county-office")


def test_what_does_not_follow_what_is_adopted_is_refused_with_its_line(shell: Shell, document: str):
    shell.done("policy", "adopt", document)
    other = shell.file("other.yaml", Path(document).read_text().replace("每月谈心", "另一份", 1))

    checked = shell("policy", "check", other)
    refused = shell("policy", "adopt", other)

    assert (checked.exit_code, refused.exit_code) == (1, 1)
    assert f"{other}:" in checked.stdout
    assert checked.stdout == refused.stderr


def test_a_rule_that_no_child_matches_is_found_against_the_roster(
    shell: Shell, built: Parts, database: Database
):
    open_today(built)
    follow(built, database)
    rules = [talk_rule(applies={"population": ["in_difficulty"]})]
    path = shell.file("nobody.yaml", yaml.encode(policy(rules=rules)).decode())

    online = shell("policy", "check", path)
    offline = shell("policy", "check", path, "--offline")

    assert (online.exit_code, offline.exit_code) == (1, 0)
    assert len(online.stdout.splitlines()) == 1


def test_a_miss_is_seen_on_the_board_and_stays_beside_what_is_entered_late(
    shell: Shell, built: Parts, database: Database, document: str, hands: Hands
):
    case_id = str(open_today(built))
    shell.done("policy", "adopt", document)
    built.rulebooks.fresh()
    hands.move_to(NEXT_MONTH + timedelta(days=20))
    built.casefile.declare(UUID(case_id), "case", hands())
    follow(built, database)

    [missed] = shell.told("obligations", "board", "--state", "missed")["rows"]
    body = {"occurred_on": TODAY.isoformat(), "late_reason": "补录"}
    built.casefile.record(UUID(case_id), "talk", body, context())
    built.casefile.declare(UUID(case_id), "case", hands())
    follow(built, database)

    assert missed["subject_id"] == case_id
    [late] = shell.told("obligations", "board", "--state", "late")["rows"]
    assert late["missed"] == missed["missed"]
    days = ("--since", THIS_MONTH.isoformat(), "--until", NEXT_MONTH.isoformat())
    [total] = shell.told("obligations", "compliance", *days)["rows"]
    assert total["kept"] == {"n": 0, "of": 1, "rate": 0.0}
    assert "0/1" in shell.done("obligations", "compliance", *days)


def test_one_child_s_obligations_are_listed_with_who_answered(
    shell: Shell, built: Parts, document: str
):
    case_id = str(open_today(built))
    shell.done("policy", "adopt", document)
    built.casefile.record(
        UUID(case_id), "talk", {"occurred_on": THIS_MONTH.isoformat(), "late_reason": "补录"},
        context(),
    )  # fmt: skip

    rows = shell.told("case", "obligations", case_id)["rows"]
    spans = shell.told(
        "case", "accountability", case_id, "--rule", "talk.monthly",
        "--since", THIS_MONTH.isoformat(), "--until", THIS_MONTH.isoformat(),
    )["spans"]  # fmt: skip

    assert [row["state"] for row in rows] == ["fulfilled"]
    assert [span["owed"] for span in spans] == [True]
    assert "已办结" in shell.done("case", "obligations", case_id)
    assert shell("case", "obligations", case_id, "--state", "lost").exit_code == 2
    assert shell("case", "obligations", case_id, "--after", "nonsense").exit_code == 2
    assert shell("case", "obligations", str(UUID(int=7))).exit_code == 1


def test_what_if_says_what_another_policy_would_have_missed(
    shell: Shell, built: Parts, document: str
):
    open_today(built)
    shell.done("policy", "adopt", document)
    rules = [talk_rule(shape={"shape": "calendar", "every": "iso_week"})]
    other = shell.file("weekly.yaml", yaml.encode(policy(rules=rules)).decode())
    since = (THIS_MONTH - timedelta(days=35)).isoformat()

    answer = shell.told("policy", "what-if", other, "--since", since, "--until", str(NOON.date()))

    [rule] = answer["rules"]
    assert (rule["rule"], rule["as_it_is"]["owed"] >= 0) == ("talk.monthly", True)
    assert rule["supposed"]["owed"] > 0
    shown = shell.done("policy", "what-if", other, "--since", since, "--until", str(NOON.date()))
    assert "talk.monthly" in shown


def test_terms_and_days_off_are_loaded_from_a_file(shell: Shell):
    path = shell.file("calendar.toml", TERMS)

    shell.done("calendar", "terms", path)
    shell.done("calendar", "terms", path)
    shell.done("calendar", "days", "2026")

    shown = shell.told("calendar", "show")
    assert [each["calendar"] for each in shown["calendars"]] == ["town-schools"]
    assert {2026, THIS_MONTH.year + 2} <= {notice["year"] for notice in shown["notices"]}
    assert "town-schools" in shell.done("calendar", "show")
    assert shell("calendar", "terms", shell.file("bad.toml", "[x")).exit_code == 2


def test_a_withdrawn_policy_is_no_longer_in_force(shell: Shell, document: str):
    shell.done("policy", "adopt", document)
    day = (TODAY + timedelta(days=1)).isoformat()

    shell.done("policy", "withdraw", "school-talks", "--last-day", day, "--approved-by", "county")

    assert shell.told("policy", "list", "--on", day) != []
    assert shell.told("policy", "list", "--on", MONTH_AFTER_NEXT.isoformat()) == []
    again = shell("policy", "withdraw", "never-there", "--last-day", day, "--approved-by", "county")
    assert again.exit_code == 1


def test_without_a_board_the_commands_say_what_to_start(shell: Shell):
    asked = shell("obligations", "board")

    assert asked.exit_code == 1
    assert "casefile clock" in asked.stderr
