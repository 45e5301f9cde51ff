"""What is owed to one child, over HTTP: judged at any moment, page by page, and who answered."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.casefile.composition import Parts
from services.casefile.domain.cadence.obligation import declaration_id
from tests.casefile.api.calling import Caller, accepted, caller
from tests.casefile.api.owing import (
    MONTH_AFTER_NEXT,
    NEXT_MONTH,
    NOON,
    THIS_MONTH,
    TODAY,
    Hands,
    month_after,
    open_today,
    policy,
    talk_rule,
)
from tests.casefile.world import parts, settle
from tests.servers import Database

CALL_RULE = {
    "code": "call.weekly",
    "title": "父母每周来电",
    "shape": {"shape": "calendar", "every": "iso_week"},
    "kinds": ["family_call"],
    "obligor": "parent",
}
STRICT = talk_rule(code="talk.strict", never_waivable=True, note="县里规定，任何人不得免除")


@pytest.fixture(scope="module")
def hands() -> Hands:
    return Hands()


@pytest.fixture(scope="module")
def product(database: Database, secrets: Path, hands: Hands) -> Iterator[Parts]:
    with closing(parts(database, secrets, clock=hands)) as built:
        settle(built)
        yield built


@pytest.fixture(scope="module", autouse=True)
def rules(app: FastAPI, product: Parts) -> None:
    document = policy(rules=[talk_rule(), CALL_RULE, STRICT])
    accepted(caller(app, "county").post("/v1/policies", document))
    product.rulebooks.fresh()


@pytest.fixture(autouse=True)
def today(hands: Hands) -> Iterator[None]:
    yield
    hands.at = NOON


@pytest.fixture
def case_id(product: Parts) -> UUID:
    return open_today(product)


def owed(caller: Caller, case_id: UUID, **asked: Any) -> list[dict[str, Any]]:
    page = accepted(caller.get(f"/v1/cases/{case_id}/obligations", **asked))
    rows: list[dict[str, Any]] = page["rows"]
    return rows


def talk(caller: Caller, case_id: UUID, on: date = TODAY) -> dict[str, Any]:
    record = caller.record(case_id, "talk", {"occurred_on": on.isoformat(), "place": "school"})
    return accepted(record)


def miss(product: Parts, hands: Hands, case_id: UUID, on: date = MONTH_AFTER_NEXT) -> None:
    """A day comes on which the clock declares what was missed."""
    hands.move_to(on + timedelta(days=15))
    product.casefile.declare(case_id, "case", hands())


def test_a_talk_proves_this_month_s_obligation(teacher: Caller, case_id: UUID):
    receipt = talk(teacher, case_id)

    [row] = owed(teacher, case_id, rule="talk.monthly")

    assert (row["state"], row["in_window"], row["entered_in_time"]) == ("fulfilled", True, True)
    assert [proof["record_id"] for proof in row["proofs"]] == [receipt["record_id"]]
    assert row["window"] == f"{THIS_MONTH:%Y-%m}"
    assert (row["title"], row["seeds"]) == ("班主任每月谈心", ["B01"])
    assert row["answerable"][-1]["unit"] == "class-31"


def test_what_was_not_known_yet_was_still_owed(teacher: Caller, case_id: UUID):
    recorded_at = datetime.fromisoformat(talk(teacher, case_id)["recorded_at"])
    before = (recorded_at - timedelta(microseconds=1)).isoformat()

    then = owed(teacher, case_id, known_at=before, rule="talk.monthly", until=TODAY.isoformat())
    now = owed(teacher, case_id, rule="talk.monthly")

    assert [row["outcome"] for row in then] == ["open"]
    assert [row["outcome"] for row in now] == ["fulfilled"]


def test_what_had_not_happened_by_a_day_does_not_count_on_that_day(
    teacher: Caller, case_id: UUID, hands: Hands
):
    hands.move_to(NEXT_MONTH + timedelta(days=10))
    talk(teacher, case_id, NEXT_MONTH + timedelta(days=9))
    asked = {"rule": "talk.monthly", "since": NEXT_MONTH.isoformat()}

    before = owed(teacher, case_id, as_of=(NEXT_MONTH + timedelta(days=8)).isoformat(), **asked)
    after = owed(teacher, case_id, as_of=(NEXT_MONTH + timedelta(days=9)).isoformat(), **asked)

    assert ([r["outcome"] for r in before], [r["outcome"] for r in after]) == (
        ["open"], ["fulfilled"],
    )  # fmt: skip


def test_a_miss_stays_when_the_talk_is_entered_after_all(
    teacher: Caller, product: Parts, case_id: UUID, hands: Hands
):
    miss(product, hands, case_id)
    asked = {"rule": "talk.monthly", "since": NEXT_MONTH.isoformat()}
    asked |= {"until": (MONTH_AFTER_NEXT - timedelta(days=1)).isoformat()}
    [missed] = owed(teacher, case_id, **asked)

    body = {"occurred_on": NEXT_MONTH.isoformat(), "late_reason": "补录纸质记录"}
    accepted(teacher.record(case_id, "talk", body))
    product.casefile.declare(case_id, "case", hands())

    [late] = owed(teacher, case_id, **asked)
    assert (missed["state"], late["state"]) == ("missed", "late")
    assert late["missed"] == missed["missed"]
    assert late["made_good"]["kind"] == "obligation_fulfilled"
    assert (late["in_window"], late["entered_in_time"]) == (True, False)


def test_a_miss_can_be_neither_annulled_nor_corrected_nor_said_by_hand(
    app: FastAPI, product: Parts, case_id: UUID, hands: Hands
):
    miss(product, hands, case_id)
    county = caller(app, "county")
    row = owed(county, case_id, rule="talk.monthly", state="missed")[0]
    target = row["missed"]["record_id"]
    annulment = {"target": target, "ground": "entered_in_error", "reason": "不应算"}
    correction = {"target": target, "changes": {"counted": 1}, "reason": "改"}
    path = f"/v1/cases/{case_id}"

    refused = [
        county.post(f"{path}/annulments", annulment, if_match="*").status_code,
        county.post(f"{path}/corrections", correction, if_match="*").status_code,
        county.record(case_id, "obligation_missed", {}).status_code,
        county.post("/v1/units/school-1/records/duty_missed", {}).status_code,
        caller(app, "operator").post("/v1/staff/t-101/records/quota_missed", {}).status_code,
    ]

    assert refused == [409, 409, 404, 404, 404]
    assert owed(county, case_id, rule="talk.monthly", state="missed")[0]["missed"] == row["missed"]


def test_no_record_can_take_the_place_of_a_miss_to_come(
    teacher: Caller, product: Parts, case_id: UUID, hands: Hands
):
    hands.move_to(MONTH_AFTER_NEXT + timedelta(days=15))
    key = f"{NEXT_MONTH:%Y-%m}"
    taken = declaration_id(case_id, "missed", "school-talks", 1, "talk.monthly", key)
    body = {"occurred_on": MONTH_AFTER_NEXT.isoformat(), "record_id": str(taken)}
    batch = {"records": [{"case_id": str(case_id), "kind": "talk", "record": body}]}

    answer = teacher.record(case_id, "talk", body)
    [result] = accepted(teacher.post("/v1/batch", batch))["results"]

    assert (answer.status_code, answer.json()["field"]) == (422, "record_id")
    assert result["status"] == 422
    product.casefile.declare(case_id, "case", hands())
    missed = owed(teacher, case_id, rule="talk.monthly", state="missed")
    assert str(taken) in [row["missed"]["record_id"] for row in missed]


def test_a_parent_s_call_is_owed_by_the_parent(teacher: Caller, case_id: UUID):
    rows = owed(teacher, case_id, obligor="parent")

    assert rows
    assert {row["rule"] for row in rows} == {"call.weekly"}


def test_obligations_are_read_page_by_page_the_newest_first(
    teacher: Caller, case_id: UUID, hands: Hands
):
    hands.move_to(month_after(MONTH_AFTER_NEXT))
    everything = owed(teacher, case_id, limit=200)

    found, asked = [], {"limit": 3}
    response = teacher.get(f"/v1/cases/{case_id}/obligations", **asked)
    while True:
        found += accepted(response)["rows"]
        if "link" not in response.headers:
            break
        link = response.headers["link"].removeprefix("<").partition(">")[0]
        response = teacher.client.get(link, headers=teacher.headers)

    assert found == everything
    starts = [row["starts_on"] for row in found]
    assert starts == sorted(starts, reverse=True)
    assert len(found) > 6


def test_who_owed_the_talk_is_said_for_every_day(teacher: Caller, case_id: UUID):
    since, until = THIS_MONTH - timedelta(days=3), TODAY
    asked = {"rule": "talk.monthly", "since": since.isoformat(), "until": until.isoformat()}

    found = accepted(teacher.get(f"/v1/cases/{case_id}/accountability", **asked))

    spans = found["spans"]
    assert (spans[0]["since"], spans[-1]["until"]) == (since.isoformat(), until.isoformat())
    assert [span["owed"] for span in spans] == [False, True]
    ends = [date.fromisoformat(span["until"]) for span in spans[:-1]]
    assert [end + timedelta(days=1) for end in ends] == [
        date.fromisoformat(span["since"]) for span in spans[1:]
    ]


def test_a_waiver_needs_somebody_else_s_approval_and_its_rule(app: FastAPI, case_id: UUID):
    supervisor, path = caller(app, "supervisor"), f"/v1/cases/{case_id}/waivers"
    body = {
        "policy": "school-talks",
        "rule": "talk.monthly",
        "reason": "in_hospital",
        "approved_by": "c-401",
        "starts_on": NEXT_MONTH.isoformat(),
        "expires_on": (MONTH_AFTER_NEXT - timedelta(days=1)).isoformat(),
    }

    waived = supervisor.post(path, body)
    answers = [
        supervisor.post(path, body | {"approved_by": "s-301"}),
        supervisor.post(path, body | {"rule": "talk.strict"}),
        supervisor.post(path, body | {"rule": "talk.never"}),
        supervisor.post(path, body | {"reason": "no_time"}),
        caller(app, "teacher").post(path, body),
    ]

    assert accepted(waived)["kind"] == "waiver"
    assert [answer.status_code for answer in answers] == [422, 409, 409, 422, 403]


def test_a_waived_window_is_neither_missed_nor_fulfilled(
    app: FastAPI, product: Parts, case_id: UUID, hands: Hands
):
    body = {
        "policy": "school-talks", "rule": "talk.monthly", "reason": "in_hospital",
        "approved_by": "c-401", "starts_on": NEXT_MONTH.isoformat(),
        "expires_on": (MONTH_AFTER_NEXT - timedelta(days=1)).isoformat(),
    }  # fmt: skip
    supervisor = caller(app, "supervisor")
    waiver = accepted(supervisor.post(f"/v1/cases/{case_id}/waivers", body))

    miss(product, hands, case_id)

    [row] = owed(supervisor, case_id, rule="talk.monthly", state="waived")
    assert row["window"] == f"{NEXT_MONTH:%Y-%m}"
    assert row["waiver"]["record_id"] == waiver["record_id"]
    assert row["missed"] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "forgotten"},
        {"rule": "a'b"},
        {"since": "2026-12-01", "until": "2026-11-01"},
        {"limit": 201},
        {"until": "soon"},
    ],
)
def test_a_question_that_cannot_be_right_is_refused(
    teacher: Caller, case_id: UUID, asked: dict[str, Any]
):
    assert teacher.get(f"/v1/cases/{case_id}/obligations", **asked).status_code == 422


def test_a_child_who_is_not_there_owes_nobody_an_answer(teacher: Caller):
    nobody = f"/v1/cases/{UUID(int=7)}"
    asked = {"rule": "talk.monthly", "since": "2026-09-01", "until": "2026-09-30"}

    assert teacher.get(f"{nobody}/obligations").status_code == 404
    assert teacher.get(f"{nobody}/accountability", **asked).status_code == 404
    long = asked | {"until": "2036-09-30"}
    assert teacher.get(f"{nobody}/accountability", **long).status_code == 422
