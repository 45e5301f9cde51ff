"""What pages show is also taken away as a file: the first page, a child, a record, two days, a worker, a flag."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest

from services.casefile.console.registry import all_pages
from services.casefile.console.sessions import Sessions
from tests.console.asking import Somebody
from tests.console.county import County, tokens
from tests.console.taken import address, days_ago, tables

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
