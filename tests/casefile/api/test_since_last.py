"""What was recorded since the last inspection, and how it is told apart."""

from collections.abc import Callable

from services.casefile.composition import Parts
from services.casefile.following import Following
from tests.casefile.api.calling import Caller, accepted
from tests.casefile.inspected import order
from tests.casefile.world import open_child

Ask = Callable[[str], Caller]


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
