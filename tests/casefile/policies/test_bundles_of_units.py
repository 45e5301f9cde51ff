"""A small term of one school, home, village or township under each bundle that asks it for work."""

import pytest

from services.casefile.policies.bundles import bundle
from tests.casefile.policies.worked import (
    MONTHS,
    WEEKS,
    Worked,
    but,
    did,
    each,
    given,
    in_form,
    outcomes,
)

TERMS = [
    Worked(
        "eight-ones-a",
        unit="village",
        given=[did("09-10", "circular"), did("01-30", "self_inspection")],
        expected={
            "proposal.school_year": {"fulfilled": "2026-2027"},
            "site.term": {"missed": "term"},  # a week after the term
        },
    ),
    Worked(
        "eight-ones-b",
        unit="home",
        given=each("09-05 09-12 09-13", "home_session"),
        expected={"home.weekly": {"fulfilled": "W36 W37", "missed": but(WEEKS, "W36 W37")}},
    ),
    Worked(
        "ten-ones",
        unit="home",
        given=each("09-05 01-16", "home_session"),
        expected={
            "home.weekly": {"fulfilled": "W36 2027-W02", "missed": but(WEEKS, "W36 2027-W02")}
        },
    ),
    Worked(
        "ten-ones",
        unit="school",
        given=[did("12-30", "self_inspection")],
        expected={"site.term": {"fulfilled": "term"}},
    ),
    Worked(
        "activity-home",
        unit="home",
        given=[
            did("09-05", "home_session", roll_called=True),
            did("09-12", "home_session", roll_called=False),
        ],
        expected={"home.weekly": {"fulfilled": "W36", "missed": but(WEEKS, "W36")}},
    ),
    Worked(
        "activity-home",
        unit="school",
        given=each("09-20 11-20", "leading_group_meeting"),
        expected={
            "discussion.monthly": {
                "fulfilled": "2026-09 2026-11",
                "missed": "2026-10 2026-12 2027-01",
            }
        },
    ),
    Worked(
        "activities",
        unit="home",
        given=each("09-01 09-02 09-03 09-04 09-05 09-07", "home_session"),
        expected={"duty.weekly": {"fulfilled": "W36", "missed": but(WEEKS, "W36")}},
    ),
    Worked(
        "four-ones",
        unit="township",
        given=[
            did("10-10", "unit_activity", activity="recruitment"),
            did("11-10", "unit_activity", activity="experience_exchange"),
            did("12-10", "statistical_return", document="training_record"),
            did("12-20", "work_plan_item", task="outing", outcome="done"),
            did("01-10", "work_plan_item", task="commendation", outcome="partly_done"),
        ],
        expected={
            "recruit.school_year": {"fulfilled": "2026-2027"},
            "observe.school_year": {"fulfilled": "2026-2027"},
            "train.school_year": {"fulfilled": "2026-2027"},
            "commend.school_year": {"open": "2026-2027"},
        },
    ),
    Worked("four-ones", unit="school", expected={}),  # asks townships only
    Worked(
        "leading-group",
        unit="township",
        given=[
            did("12-30", "leading_group_meeting"),
            *each("09-30 10-30", "work_plan_item", outcome="done"),
            did("11-30", "work_plan_item", outcome="partly_done"),
            did("01-05", "statistical_return", document="work_summary"),
            did("01-06", "self_inspection"),
        ],
        expected={
            "meeting.quarterly": {"fulfilled": "2026-Q4", "open": "2027-Q1"},
            "plan.monthly": {
                "fulfilled": "2026-09 2026-10",
                "missed": but(MONTHS, "2026-09 2026-10"),
            },
            "training.school_year": {"open": "2026-2027"},
            "inspection.term": {"fulfilled": "term"},
            "summary.yearly": {"late": "2026-12-31"},
        },
    ),
    Worked(
        "letters-and-visits-by-date",
        unit="school",
        given=[
            did("09-15", "circular", occasion="term_start"),
            did("01-20", "circular", occasion="spring_festival"),
        ],
        expected={
            "circular.term_start": {"fulfilled": "term_start"},
            "circular.term_end": {"missed": "term_end"},
        },
    ),
    Worked(
        "plan-and-summary",
        unit="school",
        given=[did("02-05", "statistical_return", document="work_summary")],
        expected={"summary.term_end": {"fulfilled": "term_end"}},
    ),
    Worked(
        "files-and-cards",
        unit="school",
        given=[did("09-04", "baseline_survey")],
        expected={"survey.term_start": {"fulfilled": "term_start"}},
    ),
]


@pytest.mark.parametrize("worked", TERMS, ids=str)
def test_the_term_comes_out_as_worked_by_hand(worked: Worked):
    found = outcomes(bundle(worked.bundle), given(worked), "unit")

    assert in_form(found) == in_form(worked.expected)
