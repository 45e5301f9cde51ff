"""R31: which village has a child director, who she is, and when she was last trained and assessed."""

from datetime import date
from typing import Any

from services.casefile.domain.stream_ids import staff_stream
from services.casefile.reports.readers import OFFICES
from services.casefile.reports.registry import definition
from services.casefile.reports.report import Share
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import drawn, row, rows

DIRECTOR, SUPERVISOR = staff_stream("d-201"), staff_stream("s-301")
CUT: dict[str, Any] = {"as_of": date(2025, 12, 31)}


def assessed(past: Bygone, on: str, year: int, outcome: str) -> None:
    past.told(DIRECTOR, "staff_assessment", on, year=year, outcome=outcome, assessed_by="township")


def trained(past: Bygone, on: str, **fields: Any) -> None:
    past.told(DIRECTOR, "worker_training", on, minutes=60, **({"training": "law"} | fields))


def test_of_the_villages_and_townships_so_many_have_somebody(past: Bygone):
    past.registered("village-2", "village", "town-1")
    past.registered("town-2", "township", "county-1")
    past.registered("village-3", "village", "town-2")
    past.write()

    report = drawn(past, "R31", unit="county-1", **CUT)

    first, second = (row(report, "units", branch=town) for town in ("town-1", "town-2"))
    assert (first["villages"], first["townships"]) == (Share(1, 2), Share(1, 1))
    assert (second["villages"], second["townships"]) == (Share(0, 1), Share(0, 1))
    missing = [(each["unit"], each["role"]) for each in rows(report, "without")]
    assert missing == [
        ("town-2", "child_supervisor"),
        ("village-2", "child_director"),
        ("village-3", "child_director"),
    ]


def test_trained_and_assessed_is_who_was_so_in_the_year_of_the_cut(past: Bygone):
    trained(past, "2025-03-01")
    assessed(past, "2026-01-10", 2025, "excellent")
    past.told(SUPERVISOR, "worker_training", "2024-03-01", training="law", minutes=60)
    past.write()

    before, after, later = (
        row(drawn(past, "R31", unit="county-1", as_of=day), "units", branch="town-1")
        for day in (date(2025, 2, 1), date(2025, 12, 31), date(2026, 2, 1))
    )

    assert before["trained"] == Share(0, 2)
    assert (after["trained"], after["assessed"]) == (Share(1, 2), Share(0, 2))
    assert (later["trained"], later["assessed"]) == (Share(0, 2), Share(0, 2))


def test_an_assessment_counts_for_the_year_it_is_about(past: Bygone):
    assessed(past, "2025-12-20", 2025, "competent")
    past.write()

    found = row(drawn(past, "R31", unit="county-1", **CUT), "units", branch="town-1")

    assert found["assessed"] == Share(1, 2)


def test_the_list_says_who_holds_the_post_since_when_and_what_came_last(past: Bygone):
    trained(past, "2025-03-01")
    trained(past, "2025-09-01", training="psychology")
    trained(past, "2025-10-01", training="first_aid", is_passed=False)
    assessed(past, "2025-01-10", 2024, "competent")
    assessed(past, "2025-12-10", 2025, "incompetent")
    assessed(past, "2025-12-20", 2025, "excellent")
    assessed(past, "2025-12-21", 2023, "basically_competent")
    past.write()

    report = drawn(past, "R31", unit="village-1", **CUT)

    [found] = rows(report, "people")
    assert found == {
        "staff": "d-201", "role": "child_director", "unit": "village-1",
        "since": date(2020, 9, 1), "trained_on": date(2025, 9, 1), "training": "psychology",
        "assessed_year": "2025", "outcome": "excellent",
    }  # fmt: skip


def test_whoever_left_holds_the_post_no_longer_and_whoever_moved_holds_it_since_then(
    past: Bygone,
):
    past.registered("village-2", "village", "town-1")
    past.told(DIRECTOR, "staff_move", "2025-04-01", role="child_director", unit="village-2",
              starts_on="2025-04-01")  # fmt: skip
    past.told(SUPERVISOR, "staff_departure", "2025-05-31", last_day="2025-05-31", reason="retired")
    past.write()

    report = drawn(past, "R31", unit="town-1", **CUT)

    [found] = rows(report, "people")
    assert (found["unit"], found["since"]) == ("village-2", date(2025, 4, 1))
    assert row(report, "units", branch="town-1")["townships"] == Share(0, 1)
    assert row(report, "units", branch="village-1")["villages"] == Share(0, 1)
    assert row(report, "units", branch="village-2")["villages"] == Share(1, 1)


def test_only_offices_draw_it():
    assert definition("R31").roles == OFFICES
    assert definition("R31").case_level
