"""Inspections over HTTP: who may, what comes back, and what an outsider can check."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from services.casefile.composition import Parts
from services.casefile.following import Following
from tests.casefile.api.calling import Caller, accepted, caller, fresh_id
from tests.casefile.application.test_inspecting import called, examined, finding, lots, order
from tests.casefile.world import open_child

Ask = Callable[[str], Caller]


@pytest.fixture(scope="module")
def as_role(app: FastAPI) -> Ask:
    return lambda name: caller(app, name)


@pytest.fixture(scope="module")
def inspector(app: FastAPI) -> Caller:
    return caller(app, "inspector")


@pytest.fixture(scope="module")
def children(product: Parts) -> list[UUID]:
    return [open_child(product, name=f"禾苗{n}") for n in "甲乙丙丁戊己"]


@pytest.fixture
def inspection(inspector: Caller, children: list[UUID]) -> str:
    return str(accepted(inspector.post("/v1/inspections", order()))["inspection_id"])


def post(who: Caller, inspection: str, what: str, body: Any, **headers: str) -> dict[str, Any]:
    return accepted(who.post(f"/v1/inspections/{inspection}/{what}", body, **headers))


def drawn(who: Caller, inspection: str, **fields: Any) -> list[str]:
    post(who, inspection, "samples", lots(**fields))
    shown = accepted(who.get(f"/v1/inspections/{inspection}"))
    return [case for sample in shown["samples"] for case in sample["cases"]]


def raised(who: Caller, inspection: str, **fields: Any) -> str:
    return str(post(who, inspection, "findings", finding(**fields))["record_id"])


def answer(found: str, **fields: Any) -> dict[str, Any]:
    body = {"occurred_on": "2026-11-20", "finding": found, "text": "当日确有谈心"}
    return body | fields


def test_an_opened_inspection_has_an_etag_and_its_cut(inspector: Caller, inspection: str):
    response = inspector.get(f"/v1/inspections/{inspection}")

    shown = accepted(response)
    assert response.headers["etag"] == f'"inspection:{inspection}:{shown["version"]}"'
    assert (shown["unit"], shown["state"], shown["as_of"]) == ("town-1", "open", "2026-11-19")
    known = inspector.get(
        f"/v1/inspections/{inspection}", {"if-none-match": response.headers["etag"]}
    )
    assert known.status_code == 304


def test_the_same_key_opens_one_inspection(inspector: Caller, children: list[UUID]):
    key = fresh_id()

    first = inspector.post("/v1/inspections", order(), idempotency_key=key)
    again = inspector.post("/v1/inspections", order(), idempotency_key=key)

    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"


def test_nobody_else_opens_one(as_role: Ask, children: list[UUID]):
    statuses = {
        name: as_role(name).post("/v1/inspections", order()).status_code
        for name in ("teacher", "child_director", "supervisor", "county", "operator", "service")
    }

    assert statuses == {
        "teacher": 403, "child_director": 403, "supervisor": 403, "county": 201, "operator": 403,
        "service": 403,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"unit": "school-2"}, 422, "scope-empty"),
        ({"unit": "nowhere"}, 422, "unit-not-found"),
        ({"known_at": "1999-01-01T00:00:00+08:00", "as_of": "1999-01-01"}, 404, None),
        ({"as_of": "2999-01-01"}, 422, "cut-ahead"),
        ({"position": 7}, 422, "not-of-its-form"),
        ({"inspection_kind": "party"}, 422, "not-of-its-form"),
        ({"since": None}, 422, "not-of-its-form"),
    ],
)
def test_what_cannot_be_inspected_is_refused(
    inspector: Caller, children: list[UUID], fields: dict[str, Any], status: int, code: str | None
):
    refused = inspector.post("/v1/inspections", order(**fields))

    assert refused.status_code == status
    assert code is None or refused.json()["code"] == code
    assert refused.json()["remedy"]


def test_an_outsider_redraws_the_sample(inspector: Caller, inspection: str):
    cases = drawn(inspector, inspection, sample_size=3)
    page = accepted(inspector.get(f"/v1/inspections/{inspection}/population", limit=1000))

    ids = [row["case_id"] for row in page["rows"]]
    keyed = sorted(ids, key=lambda each: sha256(f"20261120-3861:{each}".encode()).hexdigest())
    shown = accepted(inspector.get(f"/v1/inspections/{inspection}"))["samples"][0]
    assert cases == keyed[:3]
    assert shown["population_hash"] == sha256("".join(f"{i}\n" for i in ids).encode()).hexdigest()
    redrawn = accepted(inspector.get(f"/v1/inspections/{inspection}/samples/20261120-3861/redraw"))
    assert (redrawn["agrees"], redrawn["cases"]) == (True, cases)


def test_the_population_comes_in_pages(inspector: Caller, inspection: str):
    path = f"/v1/inspections/{inspection}/population"
    first = accepted(inspector.get(path, limit=2))

    second = accepted(inspector.get(path, limit=2, cursor=first["next"]))

    assert first["population_size"] >= 6
    assert len({row["case_id"] for row in (*first["rows"], *second["rows"])}) == 4


def test_a_sample_larger_than_the_population_says_how_many_there_are(
    inspector: Caller, inspection: str
):
    refused = inspector.post(f"/v1/inspections/{inspection}/samples", lots(sample_size=4999))

    assert (refused.status_code, refused.json()["code"]) == (422, "sample-too-large")
    assert refused.json()["population"] >= 6


def test_a_seed_used_again_is_refused(inspector: Caller, inspection: str):
    drawn(inspector, inspection)

    refused = inspector.post(f"/v1/inspections/{inspection}/samples", lots(sample_size=1))

    assert (refused.status_code, refused.json()["code"]) == (409, "seed-already-used")


def test_the_sheets_show_the_files_as_they_stood(
    inspector: Caller, teacher: Caller, product: Parts
):
    child = open_child(product, name="禾苗庚")
    before = teacher.talk(child, occurred_on="2026-11-18")["record_id"]
    card = {
        "occurred_on": "2026-11-18",
        "verified_with": ["guardian"],
        "outcome": "first",
        "guardian": {"name": "禾奶奶", "relation": "paternal_grandmother", "phone": "13800138000"},
    }
    accepted(teacher.record(child, "contact_card", card))
    inspection = str(accepted(inspector.post("/v1/inspections", order()))["inspection_id"])
    teacher.talk(child, occurred_on="2026-11-18", minutes=5)
    size = accepted(inspector.get(f"/v1/inspections/{inspection}/population"))["population_size"]
    drawn(inspector, inspection, sample_size=size)

    examination = sheet(inspector, inspection, "examination", child)
    callback = sheet(inspector, inspection, "callback", child)

    assert examination["name"] == "禾苗庚"
    talks = [row for row in examination["records"] if row["kind"] == "talk"]
    assert [row["record_id"] for row in talks] == [before]
    assert talks[0]["ask_for"] == ["paper_card", "child_heard"]
    assert callback["reached"]["guardian.phone"] == "13800138000"
    assert [contact["record_id"] for contact in callback["contacts"]] == [before]

    post(inspector, inspection, "callbacks", called(child, UUID(before)))
    contact = sheet(inspector, inspection, "callback", child)["contacts"][0]
    assert contact["result"] == "confirmed"
    confirmed = teacher.history(child)["rows"][0]
    assert (confirmed["kind"], confirmed["fields"]["target"]) == ("confirmation", before)


def sheet(who: Caller, inspection: str, name: str, child: UUID) -> dict[str, Any]:
    path: str | None = f"/v1/inspections/{inspection}/{name}-sheet?limit=2"
    while path is not None:
        response = who.get(path)
        for row in accepted(response)["rows"]:
            if row["case"] == str(child):
                return dict(row)
        link = response.headers.get("link")
        path = link.partition(">")[0].lstrip("<") if link else None
    raise AssertionError(child)


def test_teachers_read_what_is_about_them_and_nothing_else(
    as_role: Ask, inspector: Caller, inspection: str, followed: Following
):
    mine = raised(inspector, inspection, worker="t-101", text="记录与照片不符")
    raised(inspector, inspection, worker="t-102")
    followed.catch_up()
    teacher, colleague = as_role("teacher"), as_role("colleague")

    rows = accepted(teacher.get("/v1/findings", inspection_id=inspection))["rows"]
    shown = teacher.get(f"/v1/inspections/{inspection}/findings/{mine}")
    refused = colleague.get(f"/v1/inspections/{inspection}/findings/{mine}")

    assert [row["finding"] for row in rows] == [mine]
    assert accepted(shown)["text"] == "记录与照片不符"
    assert (refused.status_code, refused.json()["code"]) == (403, "not-concerned")
    for path in ("", "/minutes", "/examination-sheet", "/population", "/changes"):
        assert teacher.get(f"/v1/inspections/{inspection}{path}").status_code == 403
    assert teacher.get("/v1/inspections").status_code == 403


def test_a_finding_is_answered_and_settled(as_role: Ask, inspector: Caller, inspection: str):
    found = raised(inspector, inspection, worker="t-101")
    teacher, colleague = as_role("teacher"), as_role("colleague")
    path = f"/v1/inspections/{inspection}/explanations"

    assert colleague.post(path, answer(found)).json()["code"] == "not-concerned"
    assert inspector.post(path, answer(found)).status_code == 403
    post(teacher, inspection, "explanations", answer(found))
    post(teacher, inspection, "rectifications", answer(found, measure="document_supplied"))
    decision = {"occurred_on": "2026-11-20", "finding": found, "outcome": "rectified"}
    post(inspector, inspection, "decisions", decision)

    shown = accepted(inspector.get(f"/v1/inspections/{inspection}/findings/{found}"))
    assert shown["state"] == "settled"
    assert [said["kind"] for said in shown["said"]] == [
        "explanation", "rectification", "finding_decision",
    ]  # fmt: skip
    assert shown["said"][0]["text"] == "当日确有谈心"


def test_closing_names_the_version_and_counts_what_is_open(inspector: Caller, inspection: str):
    path = f"/v1/inspections/{inspection}/closure"
    body = {"occurred_on": "2026-11-20", "outcome": "completed", "summary": "总体良好"}
    found = raised(inspector, inspection, worker="t-101")

    assert inspector.post(path, body).status_code == 428
    assert inspector.post(path, body, if_match=f'"inspection:{inspection}:1"').status_code == 412
    refused = inspector.post(path, body, if_match="*")
    assert (refused.json()["code"], refused.json()["findings"]) == ("findings-open", 1)
    closed = inspector.post(path, body | {"leaves_open": True}, if_match="*")

    assert closed.status_code == 201
    late = inspector.post(f"/v1/inspections/{inspection}/samples", lots())
    assert late.json()["code"] == "inspection-already-closed"
    minutes = accepted(inspector.get(f"/v1/inspections/{inspection}/minutes"))
    tables = {table["name"]: table["rows"] for table in minutes["tables"]}
    assert [row[0] for row in tables["findings"]] == [found]
    assert minutes["paragraphs"][-1]["figures"][0]["value"] == "总体良好"


def test_the_list_shows_what_is_overdue(inspector: Caller, inspection: str, followed: Following):
    raised(inspector, inspection, worker="t-101")
    followed.catch_up()

    rows = accepted(inspector.get("/v1/inspections", unit="town-1", limit=200))["rows"]

    [row] = [row for row in rows if row["inspection_id"] == inspection]
    assert (row["findings"], row["unsettled"]) == (1, 1)


def test_the_records_since_the_last_inspection_are_told_apart(
    as_role: Ask, inspector: Caller, teacher: Caller, product: Parts, followed: Following
):
    child = open_child(product, name="禾苗辛", school="school-2", class_unit=None)
    leaving = open_child(product, name="禾苗子", school="school-2", class_unit=None)
    kept = teacher.talk(child, occurred_on="2026-11-16")["record_id"]
    scope = {"unit": "school-2"}
    first = accepted(inspector.post("/v1/inspections", order(**scope, as_of="2026-11-17")))
    back_filled = teacher.talk(child, occurred_on="2026-11-15", minutes=30)["record_id"]
    added = teacher.talk(child, occurred_on="2026-11-18", minutes=10)["record_id"]
    correction = {"target": kept, "changes": {"minutes": 25}, "reason": "笔误更正"}
    teacher.post(f"/v1/cases/{child}/corrections", correction, if_match="*")
    moves = {"occurred_on": "2026-11-18", "reason": "school_change", "school": "school-1"}
    accepted(teacher.post(f"/v1/cases/{leaving}/transfers", moves, if_match="*"))
    notice = {"year": 2031, "off": ["2031-01-01"], "source": "县办通知"}
    accepted(as_role("county").post("/v1/calendars/notices", notice))
    new = open_child(product, name="禾苗壬", school="school-2", class_unit=None)
    second = accepted(inspector.post("/v1/inspections", order(**scope)))
    teacher.talk(child, occurred_on="2026-11-19")
    followed.catch_up()

    path = f"/v1/inspections/{second['inspection_id']}/changes"
    told = accepted(inspector.get(path))
    rows = accepted(inspector.get(f"{path}/records", change="back_filled"))["rows"]
    page = accepted(inspector.get(f"{path}/records", limit=1))
    came = accepted(inspector.get(f"{path}/cases", movement="came"))["rows"]
    went = accepted(inspector.get(f"{path}/cases", movement="went"))["rows"]

    assert told["earlier"]["inspection_id"] == first["inspection_id"]
    counts = {each["change"]: each["records"] for each in told["counts"] if each["records"]}
    assert counts == {
        "added": 1, "back_filled": 1, "corrected": 1, "opened": 1, "handed_over": 1,
    }  # fmt: skip
    assert [(rule["kind"], rule["what"]) for rule in told["rules"]] == [("holiday_notice", "2031")]
    assert [row["record_id"] for row in rows] == [back_filled]
    assert page["rows"][0]["record_id"] == back_filled
    assert page["next"] is not None
    following = accepted(inspector.get(f"{path}/records", cursor=page["next"]))["rows"]
    assert following[0]["record_id"] == added
    assert (told["came"], came, told["went"], went) == (1, [str(new)], 1, [str(leaving)])


def test_a_first_inspection_has_nothing_to_compare_with(
    inspector: Caller, product: Parts, followed: Following
):
    open_child(product, name="禾苗癸", school=None, class_unit=None, village="village-1")
    opened = accepted(inspector.post("/v1/inspections", order(unit="village-1")))
    followed.catch_up()

    refused = inspector.get(f"/v1/inspections/{opened['inspection_id']}/changes")

    assert (refused.status_code, refused.json()["code"]) == (404, "no-earlier-inspection")


@pytest.mark.parametrize("what", ["samples", "examinations", "findings"])
def test_an_inspection_there_is_not_is_not_found(inspector: Caller, what: str):
    bodies = {
        "samples": lots(),
        "examinations": examined(uuid4(), uuid4()),
        "findings": finding(worker="t-101"),
    }

    for where in (fresh_id(), "x"):
        refused = inspector.post(f"/v1/inspections/{where}/{what}", bodies[what])
        assert (refused.status_code, refused.json()["code"]) == (404, "inspection-not-found")
    assert inspector.get(f"/v1/inspections/{fresh_id()}").status_code == 404
