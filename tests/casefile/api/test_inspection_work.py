"""The work of an inspection over HTTP: the sheets, findings and their answers, the closing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.casefile.composition import Parts
from services.casefile.following import Following
from tests.casefile.api.calling import Caller, accepted
from tests.casefile.api.inspecting import drawn, post, raised
from tests.casefile.inspected import answer, called, lots, order
from tests.casefile.world import open_child

Ask = Callable[[str], Caller]


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
