"""Boards across children, compliance and metrics, over what a clock would have followed."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.casefile.api.cursors import cursor
from services.casefile.composition import Parts
from services.casefile.following import Following
from tests.casefile.api.calling import Caller, accepted, caller
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
from tests.casefile.world import parts, settle
from tests.servers import Database

CALL_RULE = talk_rule(code="call.monthly", kinds=["family_call"], obligor="parent")
CALL_RULE.pop("role")
LAST = (MONTH_AFTER_NEXT - timedelta(days=1)).isoformat()
BOARDS = ("/v1/obligations", "/v1/obligations/upcoming", "/v1/obligations/counts")


@pytest.fixture(scope="module")
def hands() -> Hands:
    return Hands()


@pytest.fixture(scope="module")
def product(database: Database, secrets: Path, hands: Hands) -> Iterator[Parts]:
    with closing(parts(database, secrets, clock=hands)) as built:
        settle(built)
        yield built


@pytest.fixture(autouse=True)
def today(hands: Hands) -> Iterator[None]:
    yield
    hands.at = NOON


@pytest.fixture(scope="module")
def children(app: FastAPI, product: Parts, followed: Following, hands: Hands) -> list[UUID]:
    """Two children of one class, of whom one was talked with; and somebody who answers for both."""
    rules = [talk_rule(), CALL_RULE]
    quota = talk_rule(code="talk.quota", subject="worker", distinct_children=2)
    for document in (policy(rules=rules), policy(policy="school-quota", rules=[quota])):
        accepted(caller(app, "county").post("/v1/policies", document))
    teacher, pair = caller(app, "teacher"), [open_today(product), open_today(product)]
    for case_id in pair:
        body = {"role": "class_teacher", "staff": "t-101", "unit": "class-31"}
        body |= {"occurred_on": THIS_MONTH.isoformat(), "late_reason": "补录"}
        accepted(teacher.record(case_id, "worker", body))
    talk = {"occurred_on": TODAY.isoformat(), "place": "school"}
    accepted(teacher.record(pair[0], "talk", talk))
    product.rulebooks.fresh()
    followed.catch_up()
    return pair


@pytest.fixture(scope="module")
def county(app: FastAPI) -> Caller:
    return caller(app, "county")


def rows(caller: Caller, path: str, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = accepted(caller.get(path, **asked))["rows"]
    return found


def test_the_board_says_who_owes_what_to_whom(county: Caller, children: list[UUID]):
    found = rows(county, "/v1/obligations", rule="talk.monthly", school="school-1")

    states = {row["subject_id"]: row["state"] for row in found}
    assert states[str(children[0])] == "fulfilled"
    assert states[str(children[1])] in ("open", "due_soon")
    assert {row["accountable"] for row in found} == {"t-101"}


def test_the_board_is_asked_for_some_states_only(county: Caller, children: list[UUID]):
    asked = {"rule": "talk.monthly", "state": ["fulfilled", "late"], "policy": "school-talks"}

    found = rows(county, "/v1/obligations", **asked)

    assert [row["subject_id"] for row in found] == [str(children[0])]


def test_a_teacher_sees_what_she_owes_herself(app: FastAPI, children: list[UUID]):
    teacher, colleague = caller(app, "teacher"), caller(app, "colleague")

    mine = rows(teacher, "/v1/obligations")

    assert {row["accountable"] for row in mine} == {"t-101"}
    assert rows(colleague, "/v1/obligations") == []
    assert colleague.get("/v1/obligations", accountable="t-101").status_code == 403
    asked = {"since": THIS_MONTH.isoformat(), "until": LAST, "accountable": "t-101"}
    assert colleague.get("/v1/compliance", **asked).status_code == 403


def test_what_comes_next_is_asked_for_by_the_hour(
    county: Caller, children: list[UUID], hands: Hands
):
    hands.move_to(NEXT_MONTH - timedelta(days=3))

    week = rows(county, "/v1/obligations/upcoming", hours=168, rule="talk.monthly")
    hour = rows(county, "/v1/obligations/upcoming", hours=1, rule="talk.monthly")

    assert {(row["what"], row["subject_id"]) for row in week} >= {("due", str(children[1]))}
    assert hour == []


def test_obligations_are_counted_by_whatever_one_likes(county: Caller, children: list[UUID]):
    for by, of in (("accountable", "t-101"), ("school", "school-1"), ("township", "town-1")):
        found = rows(county, "/v1/obligations/counts", by=by, rule="talk.monthly")

        assert [row["of"] for row in found] == [of]
        assert (found[0]["subjects"], found[0]["fulfilled"]) == (2, 1)


def test_every_rate_says_of_how_many_and_parents_are_counted_apart(
    county: Caller, product: Parts, followed: Following, children: list[UUID], hands: Hands
):
    hands.move_to(NEXT_MONTH + timedelta(days=20))
    for case_id in children:
        product.casefile.declare(case_id, "case", hands())
    followed.catch_up()
    asked = {"since": THIS_MONTH.isoformat(), "until": LAST, "by": "rule"}

    answer = accepted(county.get("/v1/compliance", **asked))

    by_obligor = {row["obligor"]: row for row in answer["rows"]}
    staff, parent = by_obligor["staff"], by_obligor["parent"]
    assert staff["kept"] == {"n": 1, "of": 2, "rate": 0.5}
    assert (staff["counts"]["missed"], staff["version"]) == (1, 1)
    assert parent["kept"] == {"n": 0, "of": 2, "rate": 0.0}
    assert staff["cells"]["in_window_in_time"] == 1
    assert answer["position"] > 0
    assert (answer["since"], answer["until"]) == (asked["since"], asked["until"])


def test_boards_are_read_page_by_page(county: Caller, children: list[UUID]):
    everything = rows(county, "/v1/obligations", limit=200)

    found, response = [], county.get("/v1/obligations", limit=1)
    while True:
        found += accepted(response)["rows"]
        if "link" not in response.headers:
            break
        link = response.headers["link"].removeprefix("<").partition(">")[0]
        response = county.client.get(link, headers=county.headers)

    assert found == everything
    assert len(found) > 2


def test_a_quota_says_how_many_children_of_how_many(
    app: FastAPI, county: Caller, children: list[UUID], hands: Hands
):
    asked = {"policy": "school-quota", "rule": "talk.quota"}

    [row] = rows(county, "/v1/obligations/quotas", **asked, staff="t-101")
    everybody = rows(county, "/v1/obligations/quotas", **asked)

    assert (row["n"], row["of"], row["staff"]) == (1, 2, "t-101")
    assert row["children"] == [str(children[0])]
    assert {each["staff"] for each in everybody} == {"t-101", "t-102"}
    colleague = caller(app, "colleague")
    assert {r["staff"] for r in rows(colleague, "/v1/obligations/quotas")} == {"t-102"}
    assert colleague.get("/v1/obligations/quotas", staff="t-101").status_code == 403
    assert county.get("/v1/obligations/quotas").status_code == 422
    forged = cursor(("x",), repr(("/v1/obligations/quotas", [])))
    assert county.get("/v1/obligations/quotas", cursor=forged).status_code == 400
    nothing = asked | {"rule": "talk.nothing"}
    assert county.get("/v1/obligations/quotas", **nothing).status_code == 422


@pytest.mark.parametrize("path", BOARDS)
def test_a_board_refuses_what_it_does_not_know(county: Caller, children: list[UUID], path: str):
    for asked in ({"state": "lost"}, {"nonsense": 1}, {"limit": 201}, {"by": "name"}, {"hours": 0}):
        name = next(iter(asked))
        known = {"by": path.endswith("counts"), "hours": path.endswith("upcoming")}
        if known.get(name, True):
            assert county.get(path, **asked).status_code == 422
    assert county.get(path, cursor="bm9uc2Vuc2U").status_code == 400


def test_compliance_needs_its_days(county: Caller, children: list[UUID]):
    backwards = {"since": LAST, "until": date(2020, 1, 1).isoformat()}

    assert county.get("/v1/compliance").status_code == 422
    assert county.get("/v1/compliance", **backwards).status_code == 422


def test_what_is_undecided_is_a_gauge_without_anybody_s_data(
    app: FastAPI, county: Caller, children: list[UUID], hands: Hands
):
    operator = caller(app, "operator")
    hands.move_to(MONTH_AFTER_NEXT + timedelta(days=60))

    response = operator.get("/metrics")

    lines = dict(line.rsplit(" ", 1) for line in response.text.splitlines() if line[0] != "#")
    assert float(lines["casefile_obligations_undecided"]) > 0
    assert float(lines["casefile_oldest_undecided_seconds"]) > 86_400
    follower = 'casefile_follower_position{follower="obligations"}'
    assert lines[follower] == lines["casefile_log_head"]
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert not any(str(case_id) in response.text for case_id in children)
    assert county.get("/metrics").status_code == 403
