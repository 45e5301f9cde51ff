"""A flag asks; the one it is about answers; a third one decides."""

from datetime import date
from typing import Any

import pytest

from services.casefile.domain.envelope import Author
from services.casefile.domain.families.flag import (
    FlagDecided,
    FlagExplained,
    FlaggedSignal,
    FlagRaised,
    FlagSettled,
    NotAboutYou,
    NotAnsweredYet,
    OwnFlag,
    RaisedByYou,
)
from services.casefile.domain.families.staff import StaffRegistered
from services.casefile.domain.refusals import Implausible
from tests.casefile.domain.scenario import TEACHER, Scenario, scenario

INSPECTOR = Author("i-501", "inspector", "county-1")
COUNTY = Author("c-401", "county_officer", "county-1")
SIGNAL = FlaggedSignal(rule="late_share", odd=60, whole=120, base=0.04, peers=31, days=15)


def raised(**more: Any) -> FlagRaised:
    options: dict[str, Any] = {
        "since": date(2025, 11, 1),
        "until": date(2026, 10, 31),
        "signals": (SIGNAL,),
        "panel_position": 7,
        "answer_by": date(2026, 11, 10),
    }
    return FlagRaised(**(options | more))


def flagged(today: str = "2026-11-05") -> Scenario:
    """A teacher about whom an inspector asks."""
    post = StaffRegistered(
        staff=TEACHER.staff, role="class_teacher", unit="class-31", starts_on=date(2020, 9, 1)
    )
    staff = scenario(today).given(post, "2020-09-01")
    return staff.record(raised(), "2026-11-04", recorded_by=INSPECTOR)


def test_a_flag_is_answered_by_the_one_it_is_about_and_decided_by_a_third() -> None:
    staff = flagged()
    flag = staff.last_id

    staff.record(FlagExplained(flag=flag, explanation="产假后照登记本补录"), "2026-11-05")
    staff.record(
        FlagDecided(flag=flag, outcome="upheld", reason="登记本对不上"),
        "2026-11-05",
        recorded_by=COUNTY,
    )

    assert staff.facts[f"flag_decisions.{flag}"] == "upheld"


def test_nobody_explains_for_somebody_else() -> None:
    staff = flagged()

    with pytest.raises(NotAboutYou):
        staff.record(
            FlagExplained(flag=staff.last_id, explanation="代答"), "2026-11-05", recorded_by=COUNTY
        )


def test_whoever_raised_it_does_not_decide_it() -> None:
    staff = flagged()

    with pytest.raises(RaisedByYou):
        staff.record(
            FlagDecided(flag=staff.last_id, outcome="dismissed", reason="没有问题"),
            "2026-11-05",
            recorded_by=INSPECTOR,
        )


def test_nobody_raises_or_decides_a_flag_about_themselves() -> None:
    staff = flagged()

    with pytest.raises(OwnFlag):
        staff.record(
            FlagDecided(flag=staff.last_id, outcome="dismissed", reason="没有问题"), "2026-11-05"
        )
    with pytest.raises(OwnFlag):
        staff.record(raised(answer_by=date(2026, 12, 1)), "2026-11-05")


def upheld(staff: Scenario) -> FlagDecided:
    return FlagDecided(flag=staff.last_id, outcome="upheld", reason="未作说明")


def test_nothing_is_upheld_while_there_is_time_to_answer() -> None:
    before, on_the_day = flagged("2026-11-05"), flagged("2026-11-10")

    for staff in (before, on_the_day):
        with pytest.raises(NotAnsweredYet):
            staff.record(upheld(staff), "2026-11-05", recorded_by=COUNTY)


def test_silence_does_not_keep_a_flag_open_for_ever() -> None:
    staff = flagged("2026-11-11")
    decision = upheld(staff)

    staff.record(decision, "2026-11-11", recorded_by=COUNTY)

    assert staff.facts[f"flag_decisions.{decision.flag}"] == "upheld"


def test_what_is_decided_is_neither_answered_nor_decided_again() -> None:
    staff = flagged()
    flag = staff.last_id
    decision = FlagDecided(flag=flag, outcome="dismissed", reason="已核对")
    staff.record(decision, "2026-11-05", recorded_by=COUNTY)

    with pytest.raises(FlagSettled):
        staff.record(decision, "2026-11-05", recorded_by=COUNTY)
    with pytest.raises(FlagSettled):
        staff.record(FlagExplained(flag=flag, explanation="补充说明"), "2026-11-05")


def test_there_is_time_to_answer() -> None:
    staff = flagged()

    with pytest.raises(Implausible):
        staff.record(raised(answer_by=date(2026, 11, 7)), "2026-11-05", recorded_by=INSPECTOR)
