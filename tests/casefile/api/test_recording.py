"""Commands over HTTP: what is answered when a record goes into the log."""

from uuid import UUID, uuid4

from fastapi import FastAPI

from services.casefile.composition import Parts
from tests.casefile.api.calling import Caller, accepted, caller, fresh_id, talk
from tests.casefile.world import child, open_child


def test_an_opened_case_is_answered_with_its_address(teacher: Caller):
    response = teacher.post("/v1/cases", child())

    case_id = accepted(response)["case_id"]
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/cases/{case_id}"
    assert response.headers["etag"] == f'"case:{case_id}:2"'
    assert accepted(teacher.get(f"/v1/cases/{case_id}"))["facts"]["status"]["value"] == "open"


def test_a_record_is_answered_with_its_place_in_the_log(teacher: Caller, case_id: UUID):
    response = teacher.record(case_id, "talk", talk(note="很好"))

    receipt = accepted(response)
    assert receipt["kind"] == "talk"
    assert receipt["version"] == 3
    assert response.headers["casefile-position"] == str(receipt["position"])
    assert response.headers["etag"] == f'"case:{case_id}:3"'
    assert response.headers["location"].endswith(f"/records/{receipt['record_id']}")
    shown = accepted(teacher.get(response.headers["location"]))
    assert shown["fields"] == {"place": "school", "minutes": 20, "note": "很好"}


def test_every_answer_forbids_caching(teacher: Caller, case_id: UUID):
    answers = [
        teacher.record(case_id, "talk", talk()),
        teacher.get(f"/v1/cases/{case_id}"),
        teacher.get("/v1/nowhere"),
        teacher.get("/livez"),
    ]

    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


def test_a_warning_comes_with_the_receipt(teacher: Caller):
    odd_area = child(resident_id="990101201503010027", sex="female")

    receipt = accepted(teacher.post("/v1/cases", odd_area))

    assert receipt["warnings"] == ["resident_id_area_unknown"]


def test_a_mocking_word_is_recorded_and_warned_of(teacher: Caller, case_id: UUID):
    receipt = accepted(teacher.record(case_id, "talk", talk(note="没出息")))

    assert receipt["warnings"] == ["wording_may_hurt"]


def test_a_record_is_corrected_and_annulled(teacher: Caller, case_id: UUID):
    target = teacher.talk(case_id)["record_id"]
    correction = {"target": target, "changes": {"minutes": 30}, "reason": "抄错了"}
    annulment = {"target": target, "ground": "entered_twice", "reason": "重复"}

    corrected = teacher.post(f"/v1/cases/{case_id}/corrections", correction, if_match="*")
    annulled = teacher.post(f"/v1/cases/{case_id}/annulments", annulment, if_match="*")

    assert (corrected.status_code, annulled.status_code) == (201, 201)
    row = accepted(teacher.get(f"/v1/cases/{case_id}/records/{target}"))
    assert row["fields"]["minutes"] == 30
    assert row["annulled"]
    assert [a["kind"] for a in row["amendments"]] == ["correction", "annulment"]


def test_a_case_is_transferred_closed_and_reopened(teacher: Caller, case_id: UUID):
    day = {"occurred_on": "2026-11-19"}
    path = f"/v1/cases/{case_id}"

    answers = [
        teacher.post(
            f"{path}/transfers", day | {"reason": "moved", "school": "school-2"}, if_match="*"
        ),
        teacher.post(f"{path}/closure", day | {"reason": "moved_away"}, if_match="*"),
        teacher.post(f"{path}/reopening", day | {"reason": "回来了"}, if_match="*"),
    ]

    assert [accepted(a)["kind"] for a in answers] == ["transfer", "closure", "reopening"]
    facts = accepted(teacher.get(path))["facts"]
    assert facts["child.school"]["value"] == "school-2"
    assert facts["status"]["value"] == "open"


def test_two_files_of_one_child_are_merged(app: FastAPI, product: Parts, case_id: UUID):
    survivor = open_child(product)
    body = {"occurred_on": "2026-11-19", "survivor": str(survivor), "reason": "同一儿童"}

    merged = caller(app, "county").post(f"/v1/cases/{case_id}/merge", body, if_match="*")

    assert accepted(merged)["kind"] == "merge"


def test_a_group_session_credits_the_children_present(teacher: Caller, product: Parts):
    present, absent = open_child(product), open_child(product)
    body = {
        "occurred_on": "2026-11-19",
        "session_kind": "forum",
        "unit": "school-1",
        "present": [str(present)],
        "absent": [str(absent)],
    }

    session = accepted(teacher.post("/v1/group-sessions", body))

    assert "session_id" in session
    assert teacher.history(present)["rows"][0]["kind"] == "group_attendance"
    assert teacher.history(absent)["total"] == 1


def test_a_unit_and_a_member_of_staff_have_records_of_their_own(app: FastAPI):
    county = caller(app, "county")
    home = {"occurred_on": "2026-11-19", "code": "home-1"}
    training = {"occurred_on": "2026-11-18", "training": "home_visits", "minutes": 90}

    trained = county.post("/v1/staff/t-101/records/worker_training", training)
    registered = county.post("/v1/units/home-1/records/unit_registration", home)

    assert accepted(trained)["staff"] == "t-101"
    assert registered.status_code == 403


def test_an_operator_registers_a_unit_under_its_own_address(app: FastAPI):
    body = {
        "occurred_on": "2026-11-19",
        "unit_name": "柳湾之家",
        "unit_kind": "home",
        "valid_from": "2026-11-19",
        "parent": "village-1",
    }
    path = "/v1/units/home-1/records/unit_registration"
    operator = caller(app, "operator")

    contradicting = operator.post(path, body | {"code": "home-2"})
    registered = operator.post(path, body)

    assert contradicting.status_code == 422
    assert contradicting.json()["field"] == "code"
    assert accepted(registered)["unit"] == "home-1"


def test_a_kind_that_comes_with_another_cannot_be_recorded(teacher: Caller, case_id: UUID):
    for kind in ("keys", "opening", "absorption", "group_attendance", "correction", "no_such"):
        assert teacher.record(case_id, kind, talk()).status_code == 404


def test_nothing_is_recorded_for_a_child_who_is_not_on_file(teacher: Caller):
    unknown = teacher.record(uuid4(), "talk", talk())
    nonsense = teacher.record("nonsense", "talk", talk())

    assert unknown.json()["code"] == nonsense.json()["code"] == "case-not-found"


def test_a_batch_answers_every_record_and_may_be_sent_again(
    teacher: Caller, product: Parts, case_id: UUID
):
    other = open_child(product)
    good = {"case_id": str(case_id), "kind": "talk", "record": talk(record_id=fresh_id())}
    late = {"case_id": str(other), "kind": "diary", "record": {"occurred_on": "2026-11-19"}}
    stray = {"case_id": fresh_id(), "kind": "talk", "record": talk(record_id=fresh_id())}
    batch = {"records": [good, late, stray]}

    first = teacher.post("/v1/batch", batch)
    second = teacher.post("/v1/batch", batch)

    assert [r["status"] for r in first.json()["results"]] == [201, 422, 404]
    assert [r["status"] for r in second.json()["results"]] == [200, 422, 404]
    assert first.json()["results"][0]["receipt"] == second.json()["results"][0]["receipt"]
    assert first.json()["results"][1]["problem"]["code"] == "record-id-required"
    assert first.json()["stored"] == 1
    assert teacher.history(case_id)["total"] == 2


def test_a_batch_is_bounded_and_holds_no_command_that_needs_a_version(
    teacher: Caller, case_id: UUID
):
    def item(kind: str) -> dict[str, object]:
        return {"case_id": str(case_id), "kind": kind, "record": talk(record_id=fresh_id())}

    too_many = teacher.post("/v1/batch", {"records": [item("talk")] * 501})
    exclusive = teacher.post("/v1/batch", {"records": [item("closure")]})

    assert too_many.status_code == 422
    assert exclusive.json()["results"][0]["status"] == 404
