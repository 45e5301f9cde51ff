"""Policies over HTTP: checked with their lines, adopted once, shown with their versions, withdrawn."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI

from services.casefile.composition import Parts
from tests.casefile.api.calling import Caller, accepted, caller
from tests.casefile.api.owing import (
    MONTH_AFTER_NEXT,
    NEXT_MONTH,
    THIS_MONTH,
    TODAY,
    Hands,
    policy,
    talk_rule,
)
from tests.casefile.world import parts, settle
from tests.servers import Database

YAML = "application/yaml"
WRONG = """policy: school-talks
version: 1
title: 每月谈心
effective_from: 2026-13-01
approved_by: leading-group
rules:
  - code: talk.monthly
    title: 班主任每月谈心
    shape: {shape: calendar, evry: month}
    kinds: [talk]
"""


@pytest.fixture(scope="module")
def product(database: Database, secrets: Path) -> Iterator[Parts]:
    with closing(parts(database, secrets, clock=Hands())) as built:
        settle(built)
        yield built


@pytest.fixture(scope="module")
def county(app: FastAPI) -> Caller:
    return caller(app, "county")


def written(document: dict[str, Any]) -> bytes:
    return yaml.safe_dump(document, allow_unicode=True).encode()


def adopt(county: Caller, code: str, **fields: Any) -> dict[str, Any]:
    return accepted(county.post("/v1/policies", policy(policy=code, **fields)))


def test_an_adopted_policy_is_shown_with_who_approved_of_it(county: Caller, teacher: Caller):
    response = county.post("/v1/policies", policy(policy="plain-talks"))

    receipt = accepted(response)
    shown = accepted(teacher.get("/v1/policies/plain-talks"))
    assert (response.status_code, receipt["policy"], receipt["kind"]) == (
        201, "plain-talks", "policy",
    )  # fmt: skip
    assert shown["in_force"] == shown["shown"] == 1
    assert shown["document"]["rules"][0]["title"] == "班主任每月谈心"
    [version] = shown["versions"]
    assert (version["approved_by"], version["recorded_by"]) == ("leading-group", "c-401")
    assert version["record_id"] == receipt["record_id"]


def test_yaml_and_json_say_the_same(county: Caller):
    document = policy(policy="two-tongues")
    first = county.post("/v1/policies", document)

    again = county.send("/v1/policies", written(document), content_type=YAML)

    assert accepted(again)["record_id"] == accepted(first)["record_id"]


def test_a_key_gets_the_first_answer_again_and_no_other_document(county: Caller):
    document = policy(policy="keyed-talks")
    first = county.send("/v1/policies", written(document), content_type=YAML, idempotency_key="k-1")

    again = county.send("/v1/policies", written(document), content_type=YAML, idempotency_key="k-1")
    other = county.send(
        "/v1/policies", written(document | {"title": "别的"}), content_type=YAML,
        idempotency_key="k-1",
    )  # fmt: skip

    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 422


def test_every_fault_is_told_with_its_line_and_a_remedy(county: Caller):
    checked = accepted(county.send("/v1/policies/check", WRONG.encode(), content_type=YAML))
    refused = county.send("/v1/policies", WRONG.encode(), content_type=YAML)

    assert not checked["usable"]
    told = {(fault["line"], fault["where"]) for fault in checked["faults"]}
    assert {(4, "effective_from"), (9, "rules[0].shape.evry")} <= told
    assert all(fault["remedy"] for fault in checked["faults"])
    assert (refused.status_code, refused.json()["code"]) == (422, "policy-not-usable")
    assert refused.json()["faults"] == checked["faults"]


def test_faults_are_told_in_the_language_that_is_asked_for(county: Caller):
    chinese = county.send("/v1/policies/check", WRONG.encode(), content_type=YAML)
    english = county.send(
        "/v1/policies/check", WRONG.encode(), content_type=YAML, accept_language="en"
    )

    told = [accepted(answer)["faults"][0]["problem"] for answer in (chinese, english)]
    assert told[0] != told[1]
    assert told[1].isascii()


def test_a_check_stores_nothing(county: Caller):
    checked = accepted(county.post("/v1/policies/check", policy(policy="only-checked")))

    assert checked == {"usable": True, "faults": []}
    assert county.get("/v1/policies/only-checked").status_code == 404


def test_a_later_version_takes_over_on_its_day(county: Caller):
    adopt(county, "two-versions")
    adopt(county, "two-versions", version=2, effective_from=NEXT_MONTH.isoformat(), title="新")

    before = accepted(county.get("/v1/policies/two-versions"))
    after = accepted(county.get("/v1/policies/two-versions", on=NEXT_MONTH.isoformat()))
    first = accepted(county.get("/v1/policies/two-versions", version=1, on=NEXT_MONTH.isoformat()))

    assert (before["in_force"], after["in_force"]) == (1, 2)
    assert (after["document"]["title"], first["document"]["title"]) == ("新", "每月谈心")
    last_day = (NEXT_MONTH - timedelta(days=1)).isoformat()
    assert [v["last_day"] for v in after["versions"]] == [last_day, None]


def test_a_version_that_does_not_follow_is_refused(county: Caller):
    adopt(county, "overlaps")

    response = county.post("/v1/policies", policy(policy="overlaps", title="另一份"))

    assert response.status_code == 422
    assert {fault["where"] for fault in response.json()["faults"]} == {"version", "effective_from"}


def test_a_withdrawn_policy_holds_until_its_last_day(county: Caller):
    adopt(county, "withdrawn")
    body = {"last_day": TODAY.isoformat(), "approved_by": "leading-group"}

    receipt = accepted(county.post("/v1/policies/withdrawn/withdraw", body))

    assert receipt["kind"] == "policy_end"
    shown = accepted(county.get("/v1/policies/withdrawn", on=NEXT_MONTH.isoformat()))
    assert (shown["in_force"], shown["shown"]) == (None, 1)
    assert shown["versions"][0]["withdrawn"]


def test_policies_are_listed_page_by_page(county: Caller):
    for number in range(3):
        adopt(county, f"listed-{number}")

    found, cursor = [], None
    while cursor is not None or not found:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = accepted(county.get("/v1/policies", **asked))
        found += [(row["policy"], row["version"]) for row in page["rows"]]
        cursor = page["next"]

    assert len(found) == len(set(found))
    assert {("listed-0", 1), ("listed-1", 1), ("listed-2", 1)} <= set(found)


@pytest.mark.parametrize("name", ["teacher", "supervisor", "inspector"])
def test_who_does_not_make_the_rules_reads_them(app: FastAPI, name: str):
    reader = caller(app, name)

    assert reader.get("/v1/policies").status_code == 200
    assert reader.post("/v1/policies", policy()).status_code == 403
    assert reader.post("/v1/calendars", {}).status_code == 403


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"policy: [", YAML, 422),
        (b"\xff\xfe", YAML, 422),
        (b"", YAML, 422),
        (b"a: &a [*a]", YAML, 422),
        (b"[]", "application/json", 400),
        (b"policy: x", "text/yaml", 415),
        (b"x" * 300_000, YAML, 413),
    ],
)
def test_what_is_no_policy_is_refused(county: Caller, content: bytes, media: str, status: int):
    response = county.send("/v1/policies", content, content_type=media)

    assert response.status_code == status
    assert response.json()["remedy"]


def test_a_policy_that_was_never_adopted_is_not_there(county: Caller):
    body = {"last_day": TODAY.isoformat(), "approved_by": "leading-group"}

    assert county.get("/v1/policies/nowhere").json()["code"] == "policy-not-found"
    assert county.get("/v1/policies/No%20Where").json()["code"] == "policy-not-found"
    assert county.post("/v1/policies/nowhere/withdraw", body).status_code == 409


def test_terms_and_days_off_are_loaded_and_listed(county: Caller, teacher: Caller):
    terms = {
        "calendar": "town-schools",
        "terms": [
            {
                "code": f"{THIS_MONTH.year}-{THIS_MONTH.year + 1}-1",
                "starts_on": NEXT_MONTH.isoformat(),
                "ends_on": MONTH_AFTER_NEXT.isoformat(),
            }
        ],
        "source": "青石镇校历",
    }
    year = THIS_MONTH.year + 2
    notice = {"year": year, "off": [f"{year}-05-01"], "source": "县办通知"}

    receipts = [
        accepted(county.post("/v1/calendars", terms)),
        accepted(county.post("/v1/calendars/notices", notice)),
    ]

    assert [receipt["kind"] for receipt in receipts] == ["term_calendar", "holiday_notice"]
    shown = accepted(teacher.get("/v1/calendars"))
    assert shown["calendars"][0]["calendar"] == "town-schools"
    assert shown["calendars"][0]["terms"] == terms["terms"]
    assert shown["notices"][0]["off"] == [f"{year}-05-01"]


def test_terms_that_overlap_are_refused(county: Caller):
    term = {"starts_on": NEXT_MONTH.isoformat(), "ends_on": MONTH_AFTER_NEXT.isoformat()}
    year = THIS_MONTH.year
    terms = [term | {"code": f"{year}-{year + 1}-1"}, term | {"code": f"{year}-{year + 1}-2"}]
    body = {"calendar": "overlapping", "terms": terms, "source": "校历"}

    response = county.post("/v1/calendars", body)

    assert (response.status_code, response.json()["field"]) == (422, "terms")


def test_a_rule_that_names_no_kind_is_told_before_it_is_stored(county: Caller):
    rules = [talk_rule(kinds=["tolk"])]

    response = county.post("/v1/policies", policy(policy="misspelt", rules=rules))

    assert response.status_code == 422
    assert response.json()["faults"][0]["where"] == "rules[0].kinds[0]"
