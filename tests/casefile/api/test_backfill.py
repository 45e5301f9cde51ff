"""The panel and the flags over HTTP: who sees whom, who may ask, answer and decide."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI

from services.casefile.composition import Parts
from services.casefile.following import Following
from services.casefile.readmodels.backfill import Backfill, BackfillAsked, TooManyRecords
from services.casefile.readmodels.pages import Pool
from tests.casefile.api.calling import HOLDERS, accepted, caller
from tests.casefile.world import context, open_child
from tests.servers import Database

FIRST = date(2026, 3, 1)
WINDOW = {"since": "2026-03-01", "until": "2026-11-20"}
ANNOUNCED = "2026-11-16"
ASKED = WINDOW | {"announced_on": ANNOUNCED, "answer_by": "2026-11-30"}
CRAMMER = "t-101"
HONEST = tuple(f"t-{number}" for number in range(601, 611))


@pytest.fixture(scope="module")
def county(product: Parts, database: Database, followed: Following) -> Iterator[UUID]:
    """A child whose ten other teachers write things down the next day, and one before the visit."""
    operator = context(source="system")
    for staff in HONEST:
        body = {"staff": staff, "role": "class_teacher", "unit": "class-31"}
        hired = body | {"occurred_on": "2020-09-01", "starts_on": "2020-09-01"}
        product.casefile.record_staff(staff, "staff_registration", hired, operator)
    case = open_child(product)
    chance = Random(1)
    for staff in (*HONEST, CRAMMER):
        for _ in range(30):
            on = FIRST + timedelta(days=chance.randrange(240))
            talk = {"occurred_on": on.isoformat(), "performed_by": staff, "late_reason": "补录"}
            product.casefile.record(case, "talk", talk, context(source="import"))
    date_back(database, chance)
    followed.catch_up()
    yield case


def date_back(database: Database, chance: Random) -> None:
    """No service may say when the database took a record; the owner of an invented county does."""
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute("ALTER TABLE casefile.stored_events DISABLE TRIGGER ALL")
        rows = connection.execute(
            "SELECT notification_id, convert_from(state, 'UTF8')::jsonb -> 'env' "
            "FROM casefile.stored_events WHERE topic = 'TalkHeld'"
        ).fetchall()
        for position, env in rows:
            on = date.fromisoformat(env["occurred_on"])
            late = date.fromisoformat(ANNOUNCED) - timedelta(days=chance.randint(1, 13))
            is_crammed = env["performed_by"]["staff"] == CRAMMER
            entered = max(on, late) if is_crammed else on + timedelta(days=1)
            connection.execute(
                "UPDATE casefile.stored_events SET recorded_at = %s, state = convert_to("
                "replace(convert_from(state, 'UTF8'), '\"source\":\"import\"', "
                "'\"source\":\"web\"'), 'UTF8') WHERE notification_id = %s",
                [datetime.combine(entered, time(10), UTC), position],
            )
        connection.execute("ALTER TABLE casefile.stored_events ENABLE TRIGGER ALL")


def test_the_panel_says_whom_to_ask_and_why(app: FastAPI, county: UUID) -> None:
    panel = accepted(caller(app, "inspector").get("/v1/backfill", announced_on=ANNOUNCED, **WINDOW))

    first = panel["rows"][0]
    assert (panel["worth_asking"], panel["tested"]) == (1, 11)
    assert (first["subject"], first["outcome"], first["records"]) == (CRAMMER, "worth_asking", 30)
    late = next(s for s in first["signals"] if s["rule"] == "late_share")
    assert late["says"]["zh"].startswith("30 条记录中有")
    assert late["says"]["en"].endswith("compared have 1% or less.")
    assert {row["outcome"] for row in panel["rows"][1:]} == {"usual"}


def test_pages_of_the_panel_are_of_one_answer(app: FastAPI, county: UUID) -> None:
    inspector = caller(app, "inspector")
    found: list[str] = []
    asked: dict[str, Any] = WINDOW | {"limit": 4}

    while True:
        page = accepted(inspector.get("/v1/backfill", **asked))
        found += [row["subject"] for row in page["rows"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]

    assert sorted(found) == sorted((*HONEST, CRAMMER))


def test_the_panel_can_be_of_units_and_narrowed(app: FastAPI, county: UUID) -> None:
    inspector = caller(app, "inspector")

    by_unit = accepted(inspector.get("/v1/backfill", by="unit", **WINDOW))
    elsewhere = accepted(inspector.get("/v1/backfill", under="village-1", **WINDOW))
    one = accepted(inspector.get("/v1/backfill", staff=CRAMMER, **WINDOW))

    assert [(r["subject"], r["outcome"]) for r in by_unit["rows"]] == [
        ("class-31", "too_few_peers")
    ]
    assert elsewhere["rows"] == []
    assert [row["subject"] for row in one["rows"]] == [CRAMMER]


def test_those_who_work_do_not_see_the_panel(app: FastAPI, county: UUID) -> None:
    for name in ("teacher", "child_director", "operator", "service"):
        assert caller(app, name).get("/v1/backfill", **WINDOW).status_code == 403


def test_days_in_the_wrong_order_are_refused(app: FastAPI) -> None:
    asked = {"since": "2026-11-20", "until": "2026-03-01"}

    assert caller(app, "inspector").get("/v1/backfill", **asked).status_code == 422


def test_too_many_records_are_refused_with_what_to_do(pool: Pool, county: UUID) -> None:
    asked = BackfillAsked(since=FIRST, until=date(2026, 11, 20))

    with pytest.raises(TooManyRecords):
        Backfill(pool, most=100).report(asked)


def test_a_panel_is_kept_until_a_later_place_in_the_log_is_asked_for(
    pool: Pool, product: Parts, followed: Following, county: UUID
) -> None:
    asked, panels = BackfillAsked(since=FIRST, until=date(2026, 11, 20)), Backfill(pool)
    first = panels.report(asked)
    talk = {"occurred_on": "2026-11-19", "place": "school"}
    told = product.casefile.record(county, "talk", talk, context())
    followed.catch_up()

    assert panels.report(asked) is first
    assert panels.report(asked, told.position).position >= told.position


def raise_flag(app: FastAPI, **more: Any) -> str:
    inspector = caller(app, "inspector")
    body = ASKED | {"question": "请说明集中录入的原因"} | more
    receipt = accepted(inspector.post(f"/v1/staff/{CRAMMER}/flags", body))
    return str(receipt["record_id"])


def test_a_flag_goes_from_asked_to_answered_to_decided(
    app: FastAPI, county: UUID, followed: Following
) -> None:
    flag = raise_flag(app)
    path = f"/v1/staff/{CRAMMER}/flags/{flag}"
    inspector, mine, county_office = (caller(app, n) for n in ("inspector", "teacher", "county"))

    asked = accepted(mine.get(path))
    accepted(mine.post(f"{path}/explanation", {"explanation": "网络中断,照登记本补录"}))
    refused = inspector.post(f"{path}/decision", {"outcome": "dismissed", "reason": "已核对"})
    accepted(
        county_office.post(f"{path}/decision", {"outcome": "dismissed", "reason": "登记本相符"})
    )
    decided = accepted(mine.get(path))
    followed.catch_up()

    assert asked["state"] == "open"
    assert {s["rule"] for s in asked["raised"]["fields"]["signals"]} >= {"late_share", "surge"}
    assert asked["raised"]["fields"]["question"] == "请说明集中录入的原因"
    assert refused.status_code == 409
    assert decided["state"] == "dismissed"
    assert decided["decision"]["recorded_by"]["staff"] == HOLDERS["county"].staff
    rows = accepted(mine.get("/v1/flags", state="dismissed"))["rows"]
    assert [(row["flag"], row["staff"]) for row in rows] == [(flag, CRAMMER)]


def test_nobody_sees_a_flag_about_somebody_else_but_those_who_audit(
    app: FastAPI, county: UUID, followed: Following
) -> None:
    flag = raise_flag(app, record_id="0193a1c0-5b7e-4c3a-9f00-6d2f4a1b0c77")
    followed.catch_up()
    path = f"/v1/staff/{CRAMMER}/flags/{flag}"
    colleague, supervisor = caller(app, "colleague"), caller(app, "supervisor")

    assert colleague.get(path).status_code == 403
    assert colleague.get("/v1/flags", staff=CRAMMER).status_code == 403
    assert accepted(colleague.get("/v1/flags"))["rows"] == []
    assert accepted(supervisor.get(path))["flag"] == flag
    assert supervisor.post(f"{path}/decision", {}).status_code == 403
    listed = accepted(supervisor.get("/v1/flags", under="school-1", state="open"))["rows"]
    assert flag in [row["flag"] for row in listed]


def test_a_flag_rests_on_what_the_panel_says(app: FastAPI, county: UUID) -> None:
    inspector = caller(app, "inspector")

    honest = inspector.post(f"/v1/staff/{HONEST[0]}/flags", ASKED)
    made_up = inspector.post(f"/v1/staff/{CRAMMER}/flags", ASKED | {"signals": []})
    by_hand = caller(app, "operator").post(f"/v1/staff/{CRAMMER}/records/flag", {})

    assert (honest.status_code, honest.json()["code"]) == (409, "nothing-to-ask")
    assert made_up.status_code == 422
    assert by_hand.status_code == 404


def test_what_is_written_in_a_flag_is_sealed(
    app: FastAPI, county: UUID, database: Database
) -> None:
    raise_flag(app, record_id="0193a1c0-5b7e-4c3a-9f00-6d2f4a1b0c78", question="金丝雀一号")

    with psycopg.connect(database.app) as connection:
        found = connection.execute(
            "SELECT count(*) FROM casefile.stored_events "
            "WHERE position(convert_to('金丝雀', 'UTF8') IN state) > 0"
        ).fetchone()

    assert found == (0,)
