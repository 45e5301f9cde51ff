"""R21: which children the state's registers hold, and the list to compare with."""

from datetime import date
from uuid import UUID

from services.casefile.reports.report import Share, Suppressed
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import OPERATOR, drawn, row, rows, table

NATIONAL = "national_child_welfare"
KIND = "external_registration"


def registered(past: Bygone) -> list[UUID]:
    """One entered and then struck off, one found to differ, one nobody looked for."""
    children = [past.opened("2025-09-01") for _ in range(3)]
    gone, differs, _ = children
    past.told(gone, KIND, "2025-09-05", register=NATIONAL, state="entered", number="GD-441900-7")
    past.told(gone, KIND, "2025-10-05", register=NATIONAL, state="struck_off")
    past.told(differs, KIND, "2025-09-06", register=NATIONAL, state="confirmed")
    past.told(differs, KIND, "2025-10-06", register=NATIONAL, state="differs")
    past.told(differs, KIND, "2025-09-07", register="provincial", state="entered")
    past.write()
    return children


def test_a_register_holds_so_many_of_so_many_and_says_which_it_does_not(past: Bygone):
    registered(past)

    report = drawn(past, "R21", unit="county-1")

    found = {(e["dimension"], e["value"]): e["share"] for e in rows(report, "registers")}
    assert found == {
        (NATIONAL, "struck_off"): Share(1, 3),
        (NATIONAL, "differs"): Share(1, 3),
        (NATIONAL, "nobody_looked"): Share(1, 3),
        ("provincial", "entered"): Share(1, 3),
        ("provincial", "nobody_looked"): Share(2, 3),
    }
    unit = row(report, "units", dimension=NATIONAL, branch="town-1")
    assert unit["share"] == Share(1, 3)


def test_a_child_stood_in_the_register_until_it_was_struck_off(past: Bygone):
    gone, *_ = registered(past)

    report = drawn(past, "R21", unit="county-1", as_of=date(2025, 9, 30))

    found = row(report, "children", case=gone, register=NATIONAL)
    assert (found["external_state"], found["since"]) == ("entered", date(2025, 9, 5))
    assert row(report, "units", dimension=NATIONAL, branch="town-1")["share"] == Share(2, 3)


def test_the_list_has_a_line_for_every_child_and_register_and_no_number(past: Bygone):
    gone, differs, unknown = registered(past)

    report = drawn(past, "R21", unit="county-1")

    assert len(rows(report, "children")) == 6
    states = {
        case: row(report, "children", case=case, register=NATIONAL)["external_state"]
        for case in (gone, differs, unknown)
    }
    assert states == {gone: "struck_off", differs: "differs", unknown: "nobody_looked"}
    assert "GD-441900-7" not in str(table(report, "children").rows)


def test_what_was_confirmed_by_mistake_is_not_counted(past: Bygone):
    child = past.opened("2025-09-01")
    wrong = past.told(child, KIND, "2025-09-05", register=NATIONAL, state="entered")
    past.write()
    past.on("2025-12-20")
    past.annul(child, wrong)

    report = drawn(past, "R21", unit="county-1")

    assert row(report, "units", dimension=NATIONAL, branch="town-1")["share"] == Share(0, 1)


def test_whoever_may_not_read_cases_sees_no_list_and_no_small_share(past: Bygone):
    registered(past)

    report = drawn(past, "R21", OPERATOR, unit="county-1")

    assert [each.name for each in report.tables] == ["registers", "units"]
    assert {type(each["share"]) for each in rows(report, "registers")} == {Suppressed}
