"""R13 by conduct (师德): duty kept, and no finding that an inspection upheld against the helper."""

from datetime import date
from typing import Any

import pytest

from services.casefile.reports.report import Report
from tests.casefile.history.bygone import Bygone
from tests.casefile.inspected import finding, inspector, opened
from tests.casefile.reports.drawn import drawn, row, rows
from tests.casefile.rulebooks.policies import policy, rule

DAY = "2025-10-10"
CUT: dict[str, Any] = {"since": date(2025, 9, 1), "until": date(2025, 10, 31)}


@pytest.fixture
def kept(past: Bygone) -> Bygone:
    """Two children, of whom each has a helper; every talk that was owed took place."""
    past.adopted(policy(effective_from=date(2025, 9, 1), rules=(rule(),)), "2025-08-01")
    children = [past.opened("2025-09-01") for _ in range(2)]
    for child, mentor in zip(children, ("t-101", "t-102"), strict=True):
        past.told(child, "pairing", "2025-09-02", pairing_kind="teacher", mentor=mentor)
        for day in ("2025-09-10", "2025-10-10"):
            past.told(child, "talk", day)
    past.write()
    return past


def raised(past: Bygone, *findings: tuple[str, str, str | None], worker: str = "t-102") -> None:
    """An inspection in October: each finding with its code, how grave, and what was decided."""
    past.on("2025-10-10")
    days = {"occurred_on": DAY, "starts_on": DAY, "ends_on": "2025-10-20"}
    commands = past.parts.casefile
    inspection = opened(past.parts, **days, until=DAY, since="2025-09-01", as_of=DAY)
    waits = {"occurred_on": DAY, "reply_by": "2025-10-15", "deadline": "2025-10-20"}
    about = [
        finding(finding_code=code, severity=severity, worker=worker, **waits)
        for code, severity, _ in findings
    ]
    ids = [commands.raise_finding(inspection, body, inspector()).record_id for body in about]
    past.on("2025-10-20")
    for one, (_, _, outcome) in zip(ids, findings, strict=True):
        if outcome is not None:
            body = {"occurred_on": "2025-10-20", "finding": str(one), "outcome": outcome}
            commands.decide_finding(inspection, body, inspector())
    past.on("2025-11-30")


def points(report: Report) -> dict[str, int]:
    return {each["mentor"]: each["points"] for each in rows(report, "children")}


def run(past: Bygone, formula: str = "teacher-ethics", unit: str = "school-1") -> Report:
    return drawn(past, "R13", unit=unit, formula=formula, **CUT)


def test_a_finding_that_was_upheld_costs_the_helper_the_points_for_conduct(kept: Bygone):
    raised(kept, ("privacy_breached", "serious", "upheld"))

    report = run(kept)

    assert points(report) == {"t-101": 100, "t-102": 50}
    assert row(report, "conduct", mentor="t-102")["finding_code"] == "privacy_breached"


def test_how_grave_it_is_and_what_it_is_about_decide_how_much(kept: Bygone):
    raised(kept, ("late_entry", "slight", "upheld"))
    assert points(run(kept))["t-102"] == 100

    raised(kept, ("privacy_breached", "slight", "upheld"))
    assert points(run(kept))["t-102"] == 80

    raised(kept, ("copied", "moderate", "upheld"))
    assert points(run(kept))["t-102"] == 50


def test_what_is_open_or_withdrawn_and_what_was_said_of_others_costs_nothing(kept: Bygone):
    raised(kept, ("privacy_breached", "serious", None), ("copied", "serious", "withdrawn"))
    raised(kept, ("copied", "serious", "upheld"), worker="d-201")

    report = run(kept)

    assert points(report) == {"t-101": 100, "t-102": 100}
    assert rows(report, "conduct") == []


def test_a_finding_counts_on_the_days_it_was_decided(kept: Bygone):
    raised(kept, ("privacy_breached", "serious", "upheld"))

    before = drawn(
        kept, "R13", unit="school-1", formula="teacher-ethics", since=date(2025, 9, 1),
        until=date(2025, 10, 19),
    )  # fmt: skip

    assert rows(before, "conduct") == []


def test_a_formula_that_does_not_look_at_conduct_freezes_what_it_always_froze(kept: Bygone):
    raised(kept, ("privacy_breached", "serious", "upheld"))

    [first, _] = run(kept, "duty-kept").data["inputs"]
    [against, _] = sorted(run(kept).data["inputs"], key=lambda each: each["mentor"], reverse=True)

    assert set(first) == {
        "case_id", "mentor", "class_unit", "rank_before", "rank_after", "serious_breaches",
        "titles", "kept", "owed",
    }  # fmt: skip
    assert [each["finding_code"] for each in against["upheld"]] == ["privacy_breached"]
