"""One child over HTTP: her file now, as of a day, as known at a moment, page by page, two moments."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from tests.casefile.api.calling import Caller, accepted, fresh_id

LATE = {"late_reason": "补录纸质记录"}


def test_the_status_names_the_record_that_says_so(teacher: Caller, case_id: UUID):
    said = teacher.talk(case_id, mood="low")

    status = accepted(teacher.get(f"/v1/cases/{case_id}"))

    mood = status["facts"]["child.mood"]
    assert (mood["value"], mood["since"]) == ("low", "2026-11-19")
    assert mood["source"]["record_id"] == said["record_id"]
    assert status["last_contact"]["talk"] == "2026-11-19"


def test_the_file_is_read_as_of_a_day(teacher: Caller, case_id: UUID):
    teacher.talk(case_id, mood="low", occurred_on="2026-10-01", **LATE)
    teacher.talk(case_id, mood="calm")

    then = accepted(teacher.get(f"/v1/cases/{case_id}", as_of="2026-10-31"))

    assert then["facts"]["child.mood"]["value"] == "low"
    assert teacher.history(case_id, as_of="2026-10-31")["total"] == 2
    assert "etag" not in teacher.get(f"/v1/cases/{case_id}", as_of="2026-10-31").headers


def test_the_file_is_read_as_it_was_known(teacher: Caller, case_id: UUID):
    target = teacher.talk(case_id, mood="low")
    correction = {"target": target["record_id"], "changes": {"mood": "calm"}, "reason": "记错了"}
    teacher.post(f"/v1/cases/{case_id}/corrections", correction, if_match="*")

    now = accepted(teacher.get(f"/v1/cases/{case_id}"))
    then = accepted(teacher.get(f"/v1/cases/{case_id}", known_at=target["recorded_at"]))

    assert now["facts"]["child.mood"]["value"] == "calm"
    assert then["facts"]["child.mood"]["value"] == "low"


def test_a_plus_sign_that_was_not_escaped_is_understood(teacher: Caller, case_id: UUID):
    path = f"/v1/cases/{case_id}?known_at=2036-11-19T08:00:00+08:00"

    shown = accepted(teacher.client.get(path, headers=teacher.headers))

    assert shown["moment"]["known_at"] == "2036-11-19T08:00:00+08:00"


def test_a_bare_day_means_what_was_known_at_its_end(teacher: Caller, case_id: UUID):
    shown = accepted(teacher.get(f"/v1/cases/{case_id}", known_at="2036-11-19"))

    assert shown["moment"]["known_at"] == "2036-11-19T23:59:59.999999+08:00"


def test_a_correction_shows_the_old_value_who_when_and_why(teacher: Caller, case_id: UUID):
    target = teacher.talk(case_id, mood="low")["record_id"]
    correction = {"target": target, "changes": {"mood": "calm"}, "reason": "记错了"}
    teacher.post(f"/v1/cases/{case_id}/corrections", correction, if_match="*")

    row = accepted(teacher.get(f"/v1/cases/{case_id}/records/{target}"))

    [amendment] = row["amendments"]
    assert amendment["changes"] == [{"field": "mood", "from": "low", "to": "calm"}]
    assert amendment["reason"] == "记错了"
    assert amendment["by"]["staff"] == "t-101"
    assert row["corrected"]


def test_every_row_tells_both_clocks_and_the_lag(teacher: Caller, case_id: UUID):
    teacher.talk(case_id, occurred_on="2026-10-01", **LATE)

    row = teacher.history(case_id)["rows"][0]

    assert row["occurred_on"] == "2026-10-01"
    assert row["lag_days"] > 7
    assert row["late_reason"] == "补录纸质记录"


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_history_is_read_page_by_page(teacher: Caller, case_id: UUID, order: str):
    made = [teacher.talk(case_id)["record_id"] for _ in range(5)]

    pages = list(
        all_pages(teacher, f"/v1/cases/{case_id}/history", order=order, kind="talk", limit=2)
    )

    found = [row["record_id"] for page in pages for row in page["rows"]]
    assert found == (made if order == "oldest" else made[::-1])
    assert [len(page["rows"]) for page in pages] == [2, 2, 1]


def test_a_cursor_belongs_to_its_question(teacher: Caller, case_id: UUID):
    for _ in range(3):
        teacher.talk(case_id)
    path = f"/v1/cases/{case_id}/history"
    cursor = accepted(teacher.get(path, limit=1))["next"]

    for asked in ({"order": "oldest", "cursor": cursor}, {"cursor": "nonsense"}, {"cursor": "é"}):
        response = teacher.get(path, **asked)
        assert (response.status_code, response.json()["code"]) == (400, "wrong-cursor")
    assert teacher.get(path, limit=2, cursor=cursor).status_code == 200


def test_two_moments_are_compared(teacher: Caller, case_id: UUID):
    teacher.talk(case_id, mood="low", occurred_on="2026-10-01", **LATE)
    said = teacher.talk(case_id, mood="calm")

    diff = accepted(teacher.get(f"/v1/cases/{case_id}/diff", **{"from": "2026-10-31"}))

    [change] = [c for c in diff["changes"] if c["path"] == "child.mood"]
    assert (change["from"], change["to"]) == ("low", "calm")
    assert change["by"]["record_id"] == said["record_id"]
    assert [row["record_id"] for row in diff["records"] if row["kind"] == "talk"] == [
        said["record_id"]
    ]


def test_what_the_file_said_at_two_moments_is_compared(teacher: Caller, case_id: UUID):
    first = teacher.talk(case_id, mood="low")
    second = teacher.talk(case_id, mood="calm")
    moments = {"from_known_at": first["recorded_at"], "to_known_at": second["recorded_at"]}

    diff = accepted(teacher.get(f"/v1/cases/{case_id}/diff", **moments))

    assert [c["path"] for c in diff["changes"]] == ["child.mood"]


@pytest.mark.parametrize(
    ("path", "asked", "field"),
    [
        ("", {"as_of": "20261119"}, "as_of"),
        ("", {"as_of": "2026-02-30"}, "as_of"),
        ("", {"as_of": "1763510400"}, "as_of"),
        ("", {"known_at": "2026-02-30"}, "known_at"),
        ("", {"known_at": "2026-11-19T08:00:00"}, "known_at"),
        ("", {"asof": "2026-11-19"}, None),
        ("/history", {"limit": "0"}, "limit"),
        ("/history", {"limit": "1001"}, "limit"),
        ("/history", {"order": "sideways"}, "order"),
        ("/history", {"kind": "tolk"}, "kind"),
        ("/diff", {}, "from"),
        ("/diff", {"from": "2026-11-01", "to": "2026-11-01"}, "from"),
    ],
)
def test_a_parameter_that_cannot_be_right_is_named(
    teacher: Caller, case_id: UUID, path: str, asked: dict[str, Any], field: str | None
):
    response = teacher.get(f"/v1/cases/{case_id}{path}", **asked)

    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "wrong-parameter")
    assert problem.get("field") == field


def test_a_file_that_does_not_exist_is_not_there(teacher: Caller, case_id: UUID):
    paths = [f"/v1/cases/{fresh_id()}{path}" for path in ("", "/history", "/diff?from=2026-11-01")]

    answers = [teacher.client.get(path, headers=teacher.headers) for path in paths]
    record = teacher.get(f"/v1/cases/{case_id}/records/{fresh_id()}")

    assert [answer.json()["code"] for answer in answers] == ["case-not-found"] * 3
    assert record.json()["code"] == "record-not-found"


def all_pages(teacher: Caller, path: str, **asked: Any):
    response = teacher.get(path, **asked)
    while True:
        yield accepted(response)
        if "link" not in response.headers:
            return
        link = response.headers["link"].removeprefix("<").partition(">")[0]
        assert urlsplit(link).path == path
        response = teacher.client.get(link, headers=teacher.headers)
