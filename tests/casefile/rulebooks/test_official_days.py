"""Which days are official, what is only a guess, and what a site may say itself."""

from datetime import date
from pathlib import Path

import pytest

from services.casefile.domain.cadence.calendar import Term
from services.casefile.rulebooks.official_days import CalendarFileNotUsable, official, read_site

# The notice for 2026: days off that are no weekend, and days worked that are one.
OFF_2026 = (
    "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 "
    "10-01 10-02 10-05 10-06 10-07"
)
WORK_2026 = "01-04 02-14 02-28 05-09 09-20 10-10"


def days(year: int, listed: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in listed.split()}


def test_2026_is_as_it_was_announced():
    notice = official(2026)

    assert {day for day in notice.off if day.weekday() < 5} == days(2026, OFF_2026)
    assert set(notice.work) == days(2026, WORK_2026)


def test_a_year_without_a_notice_has_none():
    assert official(2027) is None
    assert official(2099) is None


def test_every_year_on_record_names_days_of_its_own_only():
    for year in range(2018, 2027):
        notice = official(year)
        assert {day.year for day in (*notice.off, *notice.work)} == {year}


def site(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "calendar.toml"
    file.write_text(text, "utf-8")
    return file


GOOD = """
[2027]
off = [2027-01-01, 2027-02-05]
work = [2027-01-03]
source = "国办发明电〔2026〕7号"

[[terms]]
calendar = "county-schools"
code = "2026-2027-1"
starts_on = 2026-09-01
ends_on = 2027-01-22
mid_on = 2026-11-09
source = "县教育局校历"
"""


def test_a_site_s_file_says_days_and_terms(tmp_path: Path):
    read = read_site(site(tmp_path, GOOD))

    assert official(2027, read).off == (date(2027, 1, 1), date(2027, 2, 5))
    assert official(2027, read).source == "国办发明电〔2026〕7号"
    assert official(2026, read) == official(2026)
    [calendar] = read.terms
    assert (calendar.calendar, calendar.source) == ("county-schools", "县教育局校历")
    assert calendar.terms == (
        Term(
            code="2026-2027-1",
            starts_on=date(2026, 9, 1),
            ends_on=date(2027, 1, 22),
            mid_on=date(2026, 11, 9),
        ),
    )


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("[2027\n", "file", "line 1"),
        ("[2027]\noff = [2027-02-30]\n", "file", "line 2"),
        ("[2027]\noff = [2027-01-01]\n", "2027", "source"),
        ("[2027]\noff = ['monday']\nsource = 'x1'\n", "2027.off[0]", "date"),
        ("[2027]\noff = [2027-01-01]\nsource = 'x1'\nwrok = []\n", "2027", "wrok"),
        ("[next_year]\noff = []\n", "file", "neither a year nor terms"),
        ("[[terms]]\ncode = 'autumn'\n", "terms[0].code", "regex"),
        ("terms = 3\n", "terms", "array"),
    ],
)
def test_a_fault_in_the_file_is_said_with_its_place(
    tmp_path: Path, text: str, where: str, problem: str
):
    with pytest.raises(CalendarFileNotUsable) as refusal:
        read_site(site(tmp_path, text))

    assert refusal.value.data["where"] == where
    assert problem in refusal.value.data["problem"]


def test_a_file_that_is_not_there_or_no_text_is_said_so(tmp_path: Path):
    with pytest.raises(CalendarFileNotUsable, match="No such file"):
        read_site(tmp_path / "absent.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CalendarFileNotUsable, match="UTF-8"):
        read_site(binary)
