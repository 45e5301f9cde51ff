"""A child's file, two days of it, and what an inspector works on: each is also taken away as a file."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.console.pages.inspection_changes import as_report
from services.casefile.console.registry import all_pages
from services.casefile.console.sessions import Sessions
from services.casefile.reports.since_last_rows import ChangeCount, ChangedRecord, CutThen, SinceLast
from tests.console.addresses import filled
from tests.console.asking import Somebody
from tests.console.county import County, tokens

VIEWS = (
    "/cases/{case}",
    "/cases/{case}/diff",
    "/inspections/{inspection}/examination-sheet",
    "/inspections/{inspection}/callback-sheet",
    "/inspections/{inspection}/changes",
    "/cases/{case}/records/{talk}",
    "/inspections/{inspection}",
    "/inspections/{inspection}/samples/20261120-3861",
    "/inspections/{inspection}/findings/{finding}",
    "/backfill/{worker}",
    "/flags/{worker}/{flag}",
    "/rulebook/boarders-weekly-call",
    "/reports",
)
MEDIA = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def address(view: str, county: County) -> str:
    return filled(view, county)


def tables(somebody: Somebody, path: str) -> dict[str, list[dict[str, Any]]]:
    answer = somebody.get(path)
    assert answer.status_code == 200, answer.text
    return {table["name"]: table["rows"] for table in answer.json()["tables"]}


def days_ago(days: int) -> str:
    return str(day_in_china(system_clock()) - timedelta(days))


@pytest.mark.parametrize("ending", MEDIA)
@pytest.mark.parametrize("view", VIEWS)
def test_the_page_offers_itself_as_a_file_and_the_file_is_there(
    inspector: Somebody, county: County, view: str, ending: str
):
    path = address(view, county)

    page, answer = inspector.read(path), inspector.get(f"{path}.{ending}")

    assert f'href="{path}.{ending}"' in page
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(MEDIA[ending])


def test_only_forms_choices_pictures_and_the_making_itself_have_no_file(tmp_path: Path):
    pages = all_pages(Sessions.from_file(tmp_path / "session.key", tokens()))

    without = {page.path for page in pages if not page.files and page.submit is None}

    assert without == {
        "/compliance.svg",
        "/reports/{code}.svg",
        "/making",
        "/units/{code}/new",
        "/staff/{code}/new",
        "/cases/{case_id}/new",
    }


@pytest.mark.parametrize("view", VIEWS)
def test_whoever_may_not_see_the_page_gets_no_file_of_it(
    stranger: Somebody, county: County, view: str
):
    answer = stranger.get(f"{address(view, county)}.csv")

    assert answer.status_code == 401
    assert county.name not in answer.text


def test_the_file_of_a_child_has_the_facts_of_the_page_and_where_each_comes_from(
    inspector: Somebody, county: County
):
    shown = re.findall(r"<dt", inspector.read(f"/cases/{county.case_id}"))

    rows = tables(inspector, f"/cases/{county.case_id}.json")["overview"]

    assert len(rows) == len(shown)
    name = next(row for row in rows if row["fact"] == "child.name")
    assert name["says"] == {"name": county.name}
    assert (name["kind"], name["since"]) == ("opening", days_ago(30))
    assert name["version"] >= 1
    assert name["recorded_at"]


def test_the_first_page_is_a_file_too(teacher: Somebody):
    page, found = teacher.read("/"), tables(teacher, "/home.json")

    assert 'href="/home.csv"' in page
    assert {"today", "mine", "missed", "late"} <= found.keys()
    assert len(found["mine"]) == page.count("<li data-step>")


def test_the_file_of_a_worker_has_every_rule_with_its_counts(inspector: Somebody, county: County):
    path = address("/backfill/{worker}", county)

    rows = tables(inspector, f"{path}.json")["signals"]

    assert len(rows) == inspector.read(path).partition("</table>")[0].count("<tr data-step>") > 0
    assert all(row["share"]["of"] and row["says"] for row in rows)


def test_the_file_of_a_flag_holds_question_answers_and_who_gave_them(
    inspector: Somebody, county: County
):
    found = tables(inspector, f"{address('/flags/{worker}/{flag}', county)}.json")

    assert found["signals"]
    assert found["said"][0]["kind"] == "flag"
    assert all(row["staff"] for row in found["said"])


def test_the_file_of_a_record_has_what_it_says_and_its_amendments(
    inspector: Somebody, county: County
):
    found = tables(inspector, f"/cases/{county.case_id}/records/{county.annulled}.json")

    said = {row["fact"]: row["says"] for row in found["record"]}
    assert said["kind"] == {"kind": "talk"}
    assert said["annulled"] == {"annulled": True}
    assert [row["kind"] for row in found["amendments"]] == ["annulment"]
    assert found["amendments"][0]["says"]["reason"]


def test_a_spreadsheet_of_a_child_reads_in_words(inspector: Somebody, county: County):
    text = inspector.get(f"/cases/{county.case_id}.csv").content.decode("utf-8-sig")

    rows = list(csv.reader(StringIO(text)))

    assert any("项目" in row and "取值" in row for row in rows)
    assert any(county.name in row for row in rows)


def test_the_file_of_a_moment_before_there_was_anything_is_empty_and_says_which_moment(
    inspector: Somebody, county: County
):
    found = inspector.get(f"/cases/{county.case_id}.json?as_of=2020-01-01").json()

    assert found["tables"][0]["rows"] == []
    assert found["stamp"]["cut"]["as_of"] == "2020-01-01"


def test_a_timeline_taken_away_of_a_past_moment_says_which_moment(
    inspector: Somebody, county: County
):
    found = inspector.get(f"/cases/{county.case_id}/timeline.json?as_of={days_ago(10)}").json()

    assert found["stamp"]["cut"]["as_of"] == days_ago(10)


def test_two_days_as_a_file_say_what_reads_differently_and_who_entered_it(
    inspector: Somebody, county: County
):
    asked = f"clock=happened&before={days_ago(30)}&after={days_ago(0)}"
    page = inspector.read(f"/cases/{county.case_id}/diff?{asked}")

    found = tables(inspector, f"/cases/{county.case_id}/diff.json?{asked}")

    assert len(found["diff"]) == page.count("<tr data-step>") > 0
    assert all(row["before"] != row["after"] for row in found["diff"])
    assert all(row["kind"] and row["version"] and row["recorded_at"] for row in found["diff"])
    assert all(row["staff"] and row["role"] and row["unit"] for row in found["diff"])
    assert {"correction", "annulment"} <= {row["kind"] for row in found["records"]}


def test_two_days_of_which_one_had_no_file_are_no_claim_that_nothing_changed(
    inspector: Somebody, county: County
):
    path = f"/cases/{county.case_id}/diff.json?clock=known&before=2020-01-01"

    found = inspector.get(path).json()

    assert found["tables"][0]["rows"] == []
    assert "其中一天尚未建档" in found["tables"][0]["notes"][0]


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
