"""The sources' own figures come out exactly, with what they are parts of; and the same twice."""

from datetime import date
from pathlib import Path

import pytest

from services.casefile.domain.stream_ids import unit_stream
from services.casefile.exporting.marking import Mark
from services.casefile.exporting.rendering import FORMATS, Format, render
from services.casefile.reports.report import Share, Suppressed
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.county import surveyed_county, surveyed_school
from tests.casefile.reports.drawn import OPERATOR, drawn, pinned, row, rows


def test_the_survey_of_250_children_comes_out(past: Bygone):
    surveyed_county(past)

    report = drawn(past, "R7", unit="county-1")

    def share(dimension: str, value: str) -> Share:
        return row(report, "distribution", dimension=dimension, value=value)["share"]

    assert share("hukou", "agricultural") == Share(247, 250)
    assert share("age", "under_7") == Share(108, 250)
    assert share("difficulty", "family_poverty") == Share(76, 250)
    assert share("guardian_type", "grandparent") == Share(144, 250)
    assert [share("hukou", "agricultural").percent, share("age", "under_7").percent] == [98.8, 43.2]
    assert share("difficulty", "family_poverty").percent == 30.4
    assert share("guardian_type", "grandparent").percent == 57.6
    assert [share("attainment", name).part for name in ("excellent", "good", "fair")] == [
        34, 51, 165,
    ]  # fmt: skip
    assert report.stamp.children == 250


def test_17_of_155_pupils_are_eleven_percent_and_not_ten(past: Bygone):
    surveyed_school(past)

    report = drawn(past, "R6", unit="school-2")

    found = row(report, "rates", rate="left_behind_share")["share"]
    assert (found, found.percent) == (Share(17, 155), 11.0)
    assert row(report, "rates", rate="filing")["share"] == Share(17, 17)


def test_whoever_may_not_read_cases_sees_no_small_counts(past: Bygone):
    surveyed_county(past)

    report = drawn(past, "R7", OPERATOR, unit="county-1")

    hukou = [r["share"] for r in rows(report, "distribution") if r["dimension"] == "hukou"]
    assert hukou == [Suppressed(5), Suppressed(5)]
    guardians = [
        r["share"] for r in rows(report, "distribution") if r["dimension"] == "guardian_type"
    ]
    assert guardians == [Share(144, 250), Share(106, 250)]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_question_is_the_same_file(past: Bygone, tmp_path: Path, form: Format):
    surveyed_school(past)
    cut = pinned(past)
    known = {"as_of": cut.as_of, "known_at": cut.known_at, "position": cut.position}
    mark = Mark(staff="i-901", purpose="inspection", at=cut.known_at)

    def once(name: str) -> bytes:
        report = drawn(past, "R6", unit="county-1", **known)
        render(report, form, "zh", tmp_path / name, mark=mark)
        return (tmp_path / name).read_bytes()

    assert once("one") == once("two")


def test_units_are_called_what_they_were_called_at_the_cut(past: Bygone, tmp_path: Path):
    school = unit_stream("school-2")
    past.told(school, "unit_renaming", "2025-11-01", unit_name="希望小学", valid_from="2025-11-01")
    surveyed_school(past)

    before = drawn(past, "R7", unit="town-1", as_of=date(2025, 10, 1))
    after = drawn(past, "R7", unit="town-1", as_of=date(2025, 12, 1))
    render(after, "csv", "zh", tmp_path / "after.csv")

    assert before.names["school-2"] == "柳湾小学"
    assert after.names["school-2"] == "希望小学"
    told = (tmp_path / "after.csv").read_text("utf-8-sig")
    assert "希望小学 (school-2)" in told
    assert "单位及其下级 青石镇 (town-1)" in told


def test_the_information_form_of_a_term_is_drawn_as_of_its_first_day(past: Bygone):
    past.opened("2025-08-20")
    past.opened("2025-10-10")
    past.write()

    autumn, spring = (
        drawn(past, "R7", unit="town-1", as_of=day) for day in (date(2025, 9, 1), date(2026, 2, 23))
    )

    assert (autumn.stamp.children, spring.stamp.children) == (1, 2)
    again = drawn(past, "R7", unit="town-1", as_of=date(2025, 9, 1))
    assert rows(again, "distribution") == rows(autumn, "distribution")
