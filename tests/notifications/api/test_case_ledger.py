"""The ledger of one child over HTTP: her notices with what came of each, and nothing of anybody else."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notifications.policy.intent import Intent
from services.notifications.state import notices
from services.notifications.state.connections import Connection
from tests.notifications.policy.world import CASE

TALK = "school-default/1/talk.monthly/2026-10"
VISIT = "school-default/1/visit.monthly/2026-10"
LEDGER = f"/v1/ledger/cases/{CASE}"
OTHER_CHILD = uuid4()


def owed(about: str, state: str, staff: str = "t-101", case: UUID = CASE, **more: Any) -> Intent:
    policy, version, rule, window = about.split("/")
    facts = {"policy": policy, "policy_version": int(version), "rule": rule, "window": window}
    return Intent(
        kind="missed", dedup=f"{case}/{about}|{state}", case_id=case, staff=(staff,),
        facts=facts | {"rung": "missed"}, **more,
    )  # fmt: skip


def told(held: Connection, *intents: Intent) -> list[UUID]:
    return [notice.id for notice in notices.write(held, intents)]


def delivered(held: Connection, ids: list[UUID], *, channel: str = "smtp", **more: Any) -> None:
    given = {"staff": "t-101", "template": "missed", "attempt": 1, "outcome": "delivered"} | more
    names = ", ".join(given)
    held.execute(
        f"INSERT INTO notifications.deliveries (notice_ids, channel, locale, {names})"
        f" VALUES (%s, %s, 'zh', {', '.join(['%s'] * len(given))})",
        [ids, channel, *given.values()],
    )


def test_each_notice_says_which_obligation_it_is_about_and_what_came_of_it(call, held):
    [made] = told(held, owed(TALK, "missed|r-1"))
    delivered(held, [made], outcome="failed", code="timeout")
    delivered(held, [made], attempt=2)

    page = call("inspector", "GET", LEDGER).json()

    [row] = page["rows"]
    assert row["about"] == {
        "policy": "school-default", "version": 1, "rule": "talk.monthly", "window": "2026-10",
    }  # fmt: skip
    assert (row["id"], row["kind"], row["rung"], row["staff"]) == (
        str(made), "missed", "missed", "t-101",
    )  # fmt: skip
    assert [(line["outcome"], line["code"]) for line in row["lines"]] == [
        ("failed", "timeout"),
        ("delivered", None),
    ]
    assert page["next"] is None


def test_of_a_digest_about_many_children_only_the_notices_of_this_one_are_told(call, held):
    [mine, other] = told(held, owed(TALK, "missed|r-1"), owed(TALK, "missed|r-2", case=OTHER_CHILD))
    delivered(held, [mine, other], template="digest")

    answer = call("inspector", "GET", LEDGER)

    [row] = answer.json()["rows"]
    assert [line["template"] for line in row["lines"]] == ["digest"]
    assert str(other) not in answer.text
    assert str(OTHER_CHILD) not in answer.text
    assert "r-2" not in answer.text


def test_a_step_that_waits_says_its_hour_and_one_that_was_stopped_says_when(call, held):
    told(held, owed(TALK, "missed|r-1", staff="lead-1", step=2))
    told(held, owed(VISIT, "missed|r-2", staff="lead-1", step=2))
    notices.write(held, [Intent(kind="stop", dedup="stop", stops=(f"{CASE}/{TALK}|missed|r-1",))])

    rows = call("inspector", "GET", LEDGER).json()["rows"]

    by_state = {row["state"]: row for row in rows}
    assert by_state["stopped"]["stopped_at"] >= by_state["stopped"]["created_at"]
    assert (by_state["waiting"]["stopped_at"], by_state["waiting"]["lines"]) == (None, [])
    assert by_state["waiting"]["step"] == 2


def test_what_is_about_no_obligation_says_so(call, held):
    told(held, Intent(kind="emergency", dedup=f"{CASE}/emergency/1|told", case_id=CASE,
                      staff=("t-101",), facts={"severity": "serious"}))  # fmt: skip

    [row] = call("inspector", "GET", LEDGER).json()["rows"]

    assert (row["kind"], row["about"]) == ("emergency", None)


def test_some_obligations_are_asked_for_by_name(call, held):
    told(held, owed(TALK, "missed|r-1"), owed(TALK, "overdue"), owed(VISIT, "overdue"))

    rows = call("inspector", "GET", f"{LEDGER}?about={TALK}&about=other/1/x/2026-10").json()["rows"]

    assert {row["about"]["rule"] for row in rows} == {"talk.monthly"}
    assert len(rows) == 2


def test_the_ledger_is_read_page_by_page_without_losing_a_notice(call, held):
    made = told(held, *(owed(TALK, f"missed|r-{n}") for n in range(5)))

    seen, after = [], ""
    while True:
        page = call("inspector", "GET", f"{LEDGER}?limit=2{after}").json()
        seen += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert len(seen) == len(set(seen)) == 5
    assert set(seen) == {str(each) for each in made}


@pytest.mark.parametrize(
    "wrong", ["after=", "after=7", f"after={UUID(int=7)}", "about=a/b", "limit=0"]
)
def test_a_question_that_cannot_be_is_refused_and_not_answered_with_nothing(call, held, wrong):
    told(held, owed(TALK, "overdue"))

    answer = call("inspector", "GET", f"{LEDGER}?{wrong}")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_does_not_begin_after_a_notice_of_another_child(call, held):
    [other] = told(held, owed(TALK, "overdue", case=OTHER_CHILD))

    answer = call("inspector", "GET", f"{LEDGER}?after={other}")

    assert (answer.status_code, answer.json()["code"]) == (422, "no-such-place")


def test_whom_a_report_names_does_not_read_who_was_told_of_the_child(call, held):
    held.execute("INSERT INTO notifications.hidden VALUES (gen_random_uuid(), %s, 'sup-1')", [CASE])

    assert call("supervisor", "GET", LEDGER).status_code == 403
    assert call("supervisor", "GET", f"{LEDGER}?reader=i-1").status_code == 403
    assert call("inspector", "GET", LEDGER).status_code == 200


def test_a_service_reads_for_somebody_it_names_and_for_nobody_a_report_names(call, held):
    held.execute("INSERT INTO notifications.hidden VALUES (gen_random_uuid(), %s, 'sup-1')", [CASE])

    unnamed = call("service", "GET", LEDGER)
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "reader-not-named")
    assert call("service", "GET", f"{LEDGER}?reader=sup-1").status_code == 403
    assert call("service", "GET", f"{LEDGER}?reader=i-1").status_code == 200


def test_what_was_told_of_findings_is_shown_to_those_who_inspect(call, held):
    [made] = told(held, Intent(kind="finding", dedup="i/finding/f|raised", case_id=CASE,
                               staff=("t-101",), facts={"finding_code": "copied"}))  # fmt: skip
    delivered(held, [made], template="finding")

    def seen(role, more=""):
        return len(call(role, "GET", f"{LEDGER}{more}").json()["rows"])

    assert [seen(role) for role in ("inspector", "county", "supervisor")] == [1, 1, 0]
    assert seen("supervisor", "?findings=true") == 0
    assert [seen("service", f"?reader=x-1{more}") for more in ("", "&findings=true")] == [0, 1]
    lines = [
        call(r, "GET", "/v1/ledger/staff/t-101").json()["rows"] for r in ("county", "supervisor")
    ]
    assert [len(rows) for rows in lines] == [1, 0]
