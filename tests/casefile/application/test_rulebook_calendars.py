"""Terms, official days and closed days on file."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from services.casefile.application.submissions import NotOfItsForm
from services.casefile.composition import Parts
from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.refusals import Implausible
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.rulebooks.official_days import CalendarFileNotUsable, official
from tests.casefile.rulebooks.policies import AUTUMN, SPRING, county, load_terms
from tests.casefile.world import context, parts
from tests.servers import Database

SOURCE = "县教育局校历"
NEXT_AUTUMN = Term(code="2027-2028-1", starts_on=date(2027, 9, 1), ends_on=date(2028, 1, 21))


def changed(term: Term, **fields: date) -> Term:
    return msgspec.structs.replace(term, **fields)


def events(casefile: Parts) -> int:
    return len(casefile.recorder.stream(RULEBOOK))


def test_terms_on_file_are_those_of_the_calendar(casefile: Parts):
    load_terms(casefile, "county-schools")

    rulebook = casefile.rulebooks.fresh()
    assert rulebook.calendar("county-schools").terms == (AUTUMN, SPRING)
    assert rulebook.calendar("default").terms == ()


def test_the_same_terms_twice_are_one_event(casefile: Parts):
    load_terms(casefile)
    load_terms(casefile)

    assert events(casefile) == 1


def test_terms_changed_and_changed_back_are_three_events(casefile: Parts):
    load_terms(casefile)
    later = changed(SPRING, ends_on=date(2027, 7, 9))
    casefile.casefile.load_terms("default", (later,), SOURCE, county())

    casefile.casefile.load_terms("default", (SPRING,), SOURCE, county())

    assert events(casefile) == 3
    assert casefile.rulebooks.fresh().calendar("default").terms == (AUTUMN, SPRING)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ((SPRING, changed(AUTUMN, ends_on=date(2027, 2, 25))), "overlap"),
        ((AUTUMN, NEXT_AUTUMN), "hole"),
        ((AUTUMN, AUTUMN), "twice"),
        ((changed(AUTUMN, ends_on=date(2026, 9, 10)),), "one to eight months"),
        ((changed(AUTUMN, mid_on=date(2027, 3, 1)),), "within it"),
        ((changed(AUTUMN, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 20)),), "other years"),
    ],
)
def test_terms_that_cannot_be_are_refused(casefile: Parts, terms: tuple[Term, ...], why: str):
    with pytest.raises(Implausible) as refusal:
        casefile.casefile.load_terms("default", terms, SOURCE, county())

    assert why in refusal.value.data["why"]


def test_terms_with_a_hole_to_those_on_file_are_refused(casefile: Parts):
    casefile.casefile.load_terms("default", (AUTUMN,), SOURCE, county())

    with pytest.raises(Implausible, match="hole"):
        casefile.casefile.load_terms("default", (NEXT_AUTUMN,), SOURCE, county())


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": date(2026, 9, 7)},
        {"ends_on": date(2026, 11, 13)},
        {"mid_on": date(2026, 11, 23)},
    ],
)
def test_what_is_over_of_a_term_stays_as_it_was(casefile: Parts, fields: dict[str, date]):
    load_terms(casefile)

    with pytest.raises(Implausible, match="stays as it was"):
        casefile.casefile.load_terms("default", (changed(AUTUMN, **fields),), SOURCE, county())


def test_the_end_of_a_running_term_may_move(casefile: Parts):
    load_terms(casefile)
    longer = changed(AUTUMN, ends_on=date(2027, 1, 29), mid_on=AUTUMN.middle)

    with pytest.raises(Implausible):
        casefile.casefile.load_terms(
            "default", (changed(AUTUMN, ends_on=date(2026, 11, 10)),), SOURCE, county()
        )
    casefile.casefile.load_terms("default", (longer,), SOURCE, county())

    assert casefile.rulebooks.fresh().calendar("default").terms[0] == longer


def test_the_official_days_of_a_year_are_loaded_once(casefile: Parts):
    receipts = casefile.casefile.load_official_days((2025, 2026, 2027), county())
    again = casefile.casefile.load_official_days((2025, 2026, 2027), county())

    assert [r.is_replay for r in receipts] == [False, False]
    assert [r.record_id for r in again] == [r.record_id for r in receipts]
    assert events(casefile) == 2
    calendar = casefile.rulebooks.fresh().calendar("")
    assert calendar.is_official(2026, date(2099, 1, 1))
    assert not calendar.is_official(2027, date(2099, 1, 1))
    assert calendar.is_working_day(date(2026, 10, 10), date(2099, 1, 1))


def test_days_that_are_over_stay_as_they_were_announced(casefile: Parts):
    notice = official(2026)
    off = set(notice.off) - {date(2026, 10, 7)}
    casefile.casefile.load_notice(2026, off, notice.work, "县政府通知", county())

    with pytest.raises(Implausible, match="stays as it was announced"):
        casefile.casefile.load_notice(2026, notice.off, notice.work, "国务院办公厅", county())


def test_what_is_loaded_anew_leaves_days_that_are_over_alone(casefile: Parts):
    notice = official(2026)
    off = set(notice.off) - {date(2026, 10, 7)} | {date(2026, 12, 31)}
    casefile.casefile.load_notice(2026, off, notice.work, "县政府通知", county())

    casefile.casefile.load_official_days((2026,), county())

    calendar = casefile.rulebooks.fresh().calendar("")
    assert calendar.is_working_day(date(2026, 10, 7), date(2099, 1, 1))
    assert calendar.is_working_day(date(2026, 12, 31), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("off", "work"),
    [
        ([date(2028, 1, 1)], []),
        ([date(2027, 1, 2)], [date(2027, 1, 2)]),
        ([date(2027, 1, 1)], [date(2027, 1, 5)]),
    ],
)
def test_a_notice_that_cannot_be_is_refused(casefile: Parts, off: list[date], work: list[date]):
    with pytest.raises(Implausible):
        casefile.casefile.load_notice(2027, off, work, "国务院办公厅", county())


def test_a_phone_number_is_no_source(casefile: Parts):
    with pytest.raises(NotOfItsForm):
        casefile.casefile.load_notice(
            2027, [date(2027, 1, 1)], [], "打电话问的 13800138000", county()
        )


def test_a_day_is_closed_once(casefile: Parts):
    system = context(source="system")
    first = casefile.casefile.close_day(date(2026, 11, 19), system)
    again = casefile.casefile.close_day(date(2026, 11, 19), system)

    assert again.record_id == first.record_id
    assert events(casefile) == 1
    assert casefile.rulebooks.fresh().closed_until == date(2026, 11, 19)


def test_a_term_that_is_over_stays_whatever_the_site_s_file_says_later(
    database: Database, tmp_path: Path
):
    file = tmp_path / "calendar.toml"
    over = Term(code="2025-2026-2", starts_on=date(2026, 3, 1), ends_on=date(2026, 7, 3))
    built = parts(database, tmp_path, calendar_file=file)
    built.casefile.load_terms("default", (over,), SOURCE, county())
    file.write_text(
        "[[terms]]\ncode = '2025-2026-2'\nstarts_on = 2026-03-02\nends_on = 2026-07-10\n"
        "[[terms]]\ncode = '2026-2027-1'\nstarts_on = 2026-09-01\nends_on = 2027-01-22\n"
    )

    built.casefile.load_official_days((), county())

    assert built.rulebooks.fresh().calendar("default").terms == (over, AUTUMN)
    built.close()


def test_the_site_s_own_file_goes_first_and_brings_its_terms(database: Database, tmp_path: Path):
    file = tmp_path / "calendar.toml"
    file.write_text(
        "[2027]\noff = [2027-01-01]\nwork = [2027-01-03]\nsource = '国办发明电'\n"
        "[[terms]]\ncode = '2026-2027-1'\nstarts_on = 2026-09-01\nends_on = 2027-01-22\n"
    )
    built = parts(database, tmp_path, calendar_file=file)

    receipts = built.casefile.load_official_days((2027,), county())

    assert [receipt.kind for receipt in receipts] == ["holiday_notice", "term_calendar"]
    calendar = built.rulebooks.fresh().calendar("default")
    assert calendar.terms == (AUTUMN,)
    assert calendar.is_working_day(date(2027, 1, 3), date(2099, 1, 1))
    file.write_text("[2027]\noff = 3\nsource = 'x1'\n")
    with pytest.raises(CalendarFileNotUsable):
        built.casefile.load_official_days((2027,), county())
    built.close()
