"""What an import stores, and what it leaves alone."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.casefile.composition import Parts
from services.casefile.domain.facts import value
from tests.casefile.importing.ledgers import (
    events,
    imported,
    ledger,
    name,
    of_child,
    places,
    register_no,
    roster_row,
    small_ledger,
)
from tests.casefile.world import context, open_child


def stream_of(casefile: Parts, number: int):
    case_id = casefile.identities.case_of(school_register_no=register_no(number))
    assert case_id is not None
    return casefile.streams.fresh(case_id)


def test_a_ledger_becomes_children_and_their_records(casefile: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx", children=3, talks=2)

    outcome = imported(casefile, path)

    assert outcome.is_clean
    assert [(t.kind, t.stored) for t in outcome.tallies if t.rows] == [("opening", 3), ("talk", 6)]
    talks = [e for e in stream_of(casefile, 1).entries if e.kind.slug == "talk"]
    assert [(e.occurred_on, e.rec.minutes, e.env.source) for e in talks] == [
        (date(2026, 10, 1), 20, "import"),
        (date(2026, 10, 2), 20, "import"),
    ]
    assert {e.env.performed_by.staff for e in talks} == {"t-101"}
    assert {e.env.recorded_by.staff for e in talks} == {"o-1"}


def test_importing_the_same_ledger_again_changes_nothing(casefile: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx")
    imported(casefile, path)
    before = events(casefile)

    again = imported(casefile, path)

    assert again.is_clean
    assert (again.stored, again.unchanged) == (0, 9)
    assert events(casefile) == before


def test_rows_added_to_a_ledger_are_the_only_ones_stored(casefile: Parts, tmp_path: Path) -> None:
    imported(casefile, small_ledger(tmp_path / "first.xlsx", children=2, talks=1))

    outcome = imported(casefile, small_ledger(tmp_path / "second.xlsx", children=3, talks=2))

    assert (outcome.stored, outcome.unchanged) == (1 + 4, 2 + 2)


def test_two_rows_that_say_the_same_are_two_records(casefile: Parts, tmp_path: Path) -> None:
    same = of_child(0, minutes=15)
    path = ledger(tmp_path / "ledger.xlsx", opening=[roster_row(0)], talk=[same, same])

    imported(casefile, path)
    again = imported(casefile, path)

    assert again.unchanged == 3
    assert sum(e.kind.slug == "talk" for e in stream_of(casefile, 0).entries) == 2


def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    casefile: Parts, tmp_path: Path
) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx", home_visit=[of_child(7, met=["child"])])
    before = events(casefile)

    outcome = imported(casefile, path, is_dry_run=True)

    assert (outcome.stored, outcome.refused) == (9, 1)
    assert places(outcome.problems) == [("家访", 2, "儿童学籍号")]
    assert events(casefile) == before
    assert casefile.identities.case_of(school_register_no=register_no(0)) is None


def test_a_dry_run_finds_what_the_run_finds(casefile: Parts, tmp_path: Path) -> None:
    grant = {"scheme": "hardship_relief", "starts_on": date(2026, 9, 1)}
    path = small_ledger(
        tmp_path / "ledger.xlsx",
        enrolment=[of_child(0, **grant), of_child(0, **grant)],
        family_call=[
            of_child(
                1, mode="phone", connected=False, initiated_by="child", parties=["child"], minutes=3
            )
        ],
    )

    foreseen = imported(casefile, path, is_dry_run=True)
    happened = imported(casefile, path)

    assert foreseen.problems == happened.problems
    assert foreseen.tallies == happened.tallies
    assert places(happened.problems) == [("亲情电话", 2, "时长(分钟)"), ("纳入保障", 3, "")]


def test_all_or_nothing_stores_nothing_beside_one_bad_row(casefile: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx", home_visit=[of_child(7, met=["child"])])
    before = events(casefile)

    refused = imported(casefile, path, all_or_nothing=True)
    good = imported(casefile, small_ledger(tmp_path / "good.xlsx"), all_or_nothing=True)

    assert refused.is_dry_run
    assert refused.refused == 1
    assert good.stored == 9
    assert events(casefile) > before


def test_good_rows_are_stored_beside_bad_ones(casefile: Parts, tmp_path: Path) -> None:
    visits = [of_child(0, met=["child"]), of_child(7, met=["child"])]

    outcome = imported(casefile, small_ledger(tmp_path / "ledger.xlsx", home_visit=visits))

    assert (outcome.stored, outcome.refused) == (10, 1)


def test_a_child_on_file_with_other_data_is_not_overwritten(
    casefile: Parts, tmp_path: Path
) -> None:
    open_child(casefile, name=name(0), school_register_no=register_no(0), late_reason="补录")

    same = imported(casefile, ledger(tmp_path / "same.xlsx", opening=[roster_row(0)]))
    other = imported(
        casefile,
        ledger(tmp_path / "other.xlsx", opening=[roster_row(0, birth_date=date(2015, 4, 1))]),
    )

    assert (same.unchanged, same.problems) == (1, [])
    assert places(other.problems) == [("儿童名册", 2, "出生日期")]
    assert value(stream_of(casefile, 0).facts, "child.birth_year") == 2015


def test_what_was_corrected_since_does_not_come_back(casefile: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx", children=1, talks=1)
    imported(casefile, path)
    stream = stream_of(casefile, 0)
    talk = next(e for e in stream.entries if e.kind.slug == "talk")
    correction = {"target": str(talk.record_id), "changes": {"minutes": 45}, "reason": "写错"}
    casefile.casefile.correct(stream.id, correction, context())

    again = imported(casefile, path)

    assert (again.unchanged, again.stored) == (2, 0)
    assert stream_of(casefile, 0).records[talk.record_id].rec.minutes == 45


def test_a_name_that_is_not_the_one_on_file_is_refused_and_never_repeated(
    casefile: Parts, tmp_path: Path
) -> None:
    row = of_child(0) | {"child.name": "另一个人"}

    outcome = imported(
        casefile, ledger(tmp_path / "ledger.xlsx", opening=[roster_row(0)], talk=[row])
    )

    assert places(outcome.problems) == [("谈心", 2, "儿童姓名")]
    assert "另一个人" not in repr(outcome)
    assert "禾苗" not in repr(outcome)


def test_two_numbers_of_two_children_are_refused(casefile: Parts, tmp_path: Path) -> None:
    resident = "990101201503011222"
    row = of_child(0) | {"child.resident_id": resident}
    path = ledger(
        tmp_path / "ledger.xlsx",
        opening=[roster_row(0), roster_row(1, resident_id=resident)],
        talk=[row],
    )

    outcome = imported(casefile, path)

    assert [(p.sheet, p.row) for p in outcome.problems] == [("谈心", 2)]
    assert [(w.sheet, w.row) for w in outcome.warnings] == [("儿童名册", 3)]


def test_a_child_without_any_number_is_refused(untouched: Parts, tmp_path: Path) -> None:
    row = roster_row(0)
    del row["school_register_no"]

    outcome = imported(untouched, ledger(tmp_path / "ledger.xlsx", opening=[row]))

    assert outcome.refused == 1


def test_every_fault_of_a_row_is_reported(casefile: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx", children=1, talks=1)
    book = load_workbook(path)
    page = book["谈心"]
    page["D2"], page["F2"], page["G2"] = "昨天", "操场上", "二十分钟"
    book.save(path)

    outcome = imported(casefile, path)

    assert places(outcome.problems) == [
        ("谈心", 2, "发生日期"),
        ("谈心", 2, "地点"),
        ("谈心", 2, "时长(分钟)"),
    ]
    assert all(p.what and p.remedy and not p.what.isascii() for p in outcome.problems)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (roster_row(0, occurred_on=date(2027, 1, 1)), "发生日期"),
        (roster_row(0, birth_date=date(2026, 9, 2)), "出生日期"),
        (roster_row(0, resident_id="990101201503011223"), "身份证号码"),
        (roster_row(0, village="village-9"), "村(居)"),
        (roster_row(0, birth_date=date(1999, 1, 1)), "出生日期"),
    ],
)
def test_the_rules_refuse_a_row_by_its_column(
    untouched: Parts, tmp_path: Path, row, column
) -> None:
    outcome = imported(untouched, ledger(tmp_path / "ledger.xlsx", opening=[row]))

    assert places(outcome.problems) == [("儿童名册", 2, column)]
    assert not outcome.problems[0].what.isascii()


def test_a_payment_may_stand_before_the_grant_it_belongs_to(
    casefile: Parts, tmp_path: Path
) -> None:
    scheme = {"scheme": "orphan_allowance"}
    path = small_ledger(
        tmp_path / "ledger.xlsx",
        disbursement=[of_child(0, **scheme, amount_fen=125_050, payee="guardian")],
        enrolment=[of_child(0, **scheme, starts_on=date(2026, 9, 1))],
    )

    outcome = imported(casefile, path)

    assert outcome.is_clean
    paid = next(e for e in stream_of(casefile, 0).entries if e.kind.slug == "disbursement")
    assert paid.rec.amount_fen == 125_050


def test_units_and_staff_come_with_the_ledger_in_any_order(casefile: Parts, tmp_path: Path) -> None:
    since = date(2024, 9, 1)
    path = ledger(
        tmp_path / "ledger.xlsx",
        unit_registration=[
            {
                "code": "x-class",
                "unit_name": "五(2)班",
                "unit_kind": "class",
                "valid_from": since,
                "parent": "x-school",
            },
            {
                "code": "x-school",
                "unit_name": "云溪小学",
                "unit_kind": "school",
                "valid_from": since,
                "parent": "town-1",
            },
        ],
        staff_registration=[
            {
                "staff": "x-1",
                "directory.name": "云溪老师",
                "role": "class_teacher",
                "unit": "x-class",
                "starts_on": since,
            }
        ],
        opening=[roster_row(0, school="x-school", class_unit="x-class")],
        talk=[of_child(0, performed_by="x-1")],
    )

    foreseen = imported(casefile, path, is_dry_run=True)
    first = imported(casefile, path)
    again = imported(casefile, path)

    assert foreseen.is_clean
    assert first.stored == foreseen.stored == 5
    assert (again.stored, again.unchanged, again.problems) == (0, 5, [])
    assert casefile.directory.name_of("x-1") == "云溪老师"


def test_a_unit_registered_with_other_data_is_not_overwritten(
    casefile: Parts, tmp_path: Path
) -> None:
    row = {"code": "school-1", "unit_name": "另一所小学", "unit_kind": "school", "parent": "town-1"}
    path = ledger(
        tmp_path / "ledger.xlsx", unit_registration=[row | {"valid_from": date(2020, 9, 1)}]
    )

    outcome = imported(casefile, path)

    assert places(outcome.problems) == [("单位", 2, "名称")]


def test_only_chosen_sheets_are_imported(casefile: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx")

    outcome = imported(casefile, path, sheets=("儿童名册",))

    assert [(t.kind, t.stored) for t in outcome.tallies] == [("opening", 3)]
