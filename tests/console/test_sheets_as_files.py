"""The sheets of an inspection, and what moved since the last one, taken away as files."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from services.casefile.console.pages.inspection_changes import as_report
from services.casefile.reports.since_last_rows import ChangeCount, ChangedRecord, CutThen, SinceLast
from tests.console.asking import Somebody
from tests.console.county import County
from tests.console.taken import tables


def test_units_have_their_names_in_a_spreadsheet_and_their_codes_for_programs(
    inspector: Somebody, county: County
):
    path = f"/inspections/{county.inspection}/examination-sheet"

    drawn = tables(inspector, f"{path}.json")["cases"]
    text = inspector.get(f"{path}.csv").content.decode("utf-8-sig")

    code = next(row["unit"] for row in drawn if row["unit"])
    assert re.search(rf'"[^"(]+ \({code}\)"', text)


def test_a_sheet_as_a_file_holds_every_file_that_was_drawn(inspector: Somebody, county: County):
    base = f"/inspections/{county.inspection}"

    examined = inspector.get(f"{base}/examination-sheet.json?limit=1").json()
    called = tables(inspector, f"{base}/callback-sheet.json?limit=1")

    drawn = {row["case"] for row in examined["tables"][0]["rows"]}
    assert len(drawn) == examined["stamp"]["children"] > 1
    assert {row["case"] for row in called["reached"]} == drawn


def test_a_sheet_as_a_file_says_what_was_seen_already(inspector: Somebody, county: County):
    base = f"/inspections/{county.inspection}"

    examined = tables(inspector, f"{base}/examination-sheet.json")["records"]
    called = tables(inspector, f"{base}/callback-sheet.json")["contacts"]

    # Others examine the same talk again in the county that all share: the last time counts.
    end = str(county.talk)[-8:]
    minutes = tables(inspector, f"{base}/minutes.json")["examinations"]
    last = [row["result"] for row in minutes if row["record"].endswith(end)][-1]
    talk = next(row for row in examined if row["record"] == str(county.talk))
    assert (talk["result"], talk["called_back"], talk["state"]) == (
        last,
        "not_confirmed",
        "corrected",
    )
    assert last in ("differs", "agrees")
    contact = next(row for row in called if row["record"] == str(county.talk))
    assert contact["result"] == "not_confirmed"


def test_what_moved_between_inspections_is_counted_and_listed_in_one_file():
    record = ChangedRecord(
        case_id=uuid4(), version=4, position=40, record_id=uuid4(), kind="talk",
        occurred_on=date(2026, 9, 1), recorded_at=datetime(2026, 9, 3, tzinfo=UTC), lag_days=2,
        performed_by="t-01", recorded_by="t-01", state="current", change="back_filled",
    )  # fmt: skip
    found = SinceLast(
        unit="c000", earlier=cut_then(date(2026, 8, 1), 30), later=cut_then(date(2026, 9, 5), 50),
        counts=(ChangeCount("back_filled", 1, 1),), came=0, went=0, rules=(),
    )  # fmt: skip

    report = as_report(found, [record])

    counts, rules, records = (list(table.rows) for table in report.tables)
    assert counts == [("back_filled", 1, 1)]
    assert rules == []
    assert [(row[0], row[1], row[2]) for row in records] == [
        ("talk", "back_filled", record.case_id)
    ]
    assert (report.stamp.cut.as_of, report.stamp.cut.position) == (date(2026, 9, 5), 50)


def cut_then(as_of: date, position: int) -> CutThen:
    known_at = datetime(2026, 9, 6, tzinfo=UTC)
    return CutThen(
        inspection_id=uuid4(), as_of=as_of, known_at=known_at, position=position, cases=9
    )


def test_a_first_inspection_has_no_file_of_what_moved_and_says_why(
    inspector: Somebody, county: County
):
    earlier = data_of_changes(inspector, county)["earlier"]["inspection_id"]

    answer = inspector.get(f"/inspections/{earlier}/changes.csv")

    assert answer.status_code == 404
    assert inspector.get(f"/inspections/{earlier}/changes").status_code == 200


def data_of_changes(somebody: Somebody, county: County) -> dict[str, Any]:
    found: dict[str, Any] = somebody.get(f"/inspections/{county.inspection}/changes.json").json()
    return found["data"]


def test_that_a_child_was_carried_out_is_on_her_own_list_of_who_took_what(
    inspector: Somebody, county: County
):
    inspector.get(f"/cases/{county.case_id}.csv?purpose=family_request")

    listed = inspector.get(f"/reports/R12.json?case_id={county.case_id}").text

    assert '"overview v1"' in listed
    assert "family_request" in listed
