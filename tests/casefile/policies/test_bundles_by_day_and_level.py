"""A small term under each bundle that counts by a day, by a level or by an interval."""

import pytest

from services.casefile.policies.bundles import bundle
from tests.casefile.policies.worked import (
    HALVES,
    MENTOR,
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

RISK = {
    "instrument": "county-risk",
    "instrument_version": 1,
    "second_assessor": None,
    "answers": [],
    "forced_report": [],
}
YELLOW = RISK | {"level": "yellow", "score": 50}

TERMS = [
    Worked(
        "visits-by-level",
        given=[
            did("09-01", "care_level", level="key"),
            did("09-01", "risk", **YELLOW),
            *each("09-20 11-20", "home_visit"),
            *each("09-05 09-20", "guardian_contact", mode="phone", outcome="informed"),
        ],
        expected={
            "visit.care_level": {
                "fulfilled": "2026-09 2026-11",
                "missed": "2026-10 2026-12 2027-01",
            },
            "contact.risk_level": {
                "fulfilled": "2026-09-A 2026-09-B",
                "missed": but(HALVES, "2026-09-A 2026-09-B"),
            },
        },
    ),
    Worked(
        "visits-start-mid-end",
        given=[
            did("09-15", "home_visit"),  # the fourteenth day after the first
            did("11-19", "home_visit"),  # the eighth day after the middle, 11 November
            did("01-08", "home_visit"),  # the fourteenth day before the last
            *each("09-20 12-20", "letter", purpose="family"),
            did("10-20", "family_call", connected=True, parties=["child", "father"]),
            did("10-20", "guardian_contact", mode="phone", outcome="informed"),
        ],
        expected={
            "visit.term_start": {"fulfilled": "term_start"},
            "visit.mid_term": {"late": "mid_term"},
            "visit.term_end": {"fulfilled": "term_end"},
            "parents.monthly": {
                "fulfilled": "2026-09 2026-10 2026-12",
                "missed": "2026-11 2027-01",
            },
            "guardian.monthly": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
        },
    ),
    Worked(
        "plan-and-summary",
        given=[
            did("09-22", "care_plan"),  # the last day
            did("10-15", "priority"),
            did("11-14", "individual_plan"),  # the thirtieth day
            *each("09-10 10-10", "talk"),
            *each("11-10 12-10 01-10", "diary"),
            did("01-10", "care_plan_review", stage="mid_term"),
            did("02-01", "term_file"),
        ],
        expected={
            "plan.term_start": {"fulfilled": "term_start"},
            "record.monthly": {"fulfilled": MONTHS},
            "review.term_end": {"missed": "term_end"},
            "individual.priority": {"fulfilled": "10-15"},
            "file.term_end": {"fulfilled": "term_end"},
        },
    ),
    Worked(
        "letters-and-visits-by-date",
        given=[
            did("10-02", "home_visit"),  # too late for September, in time for October
            did("12-30", "letter", purpose="report", occasion=None),
        ],
        expected={
            "letter.report": {"fulfilled": "2026-12-30"},
            "visit.september": {"late": "2026-09-30"},
            "visit.october": {"fulfilled": "2026-10-30"},
        },
    ),
    Worked(
        "parents-meetings",
        given=[
            did("11-15", "group_attendance", session_kind="parents_meeting"),
            did("12-31", "group_attendance", session_kind="guardian_meeting"),
            did("10-15", "group_attendance", session_kind="guardian_training"),
        ],
        expected={
            "forum.term": {"fulfilled": "term"},
            "guardians.dated": {"fulfilled": "2026-12-31"},
            "returning.spring": {"open": "2027-02-28"},
            "training.school_year": {"fulfilled": "2026-2027"},
        },
    ),
    Worked(
        "boarders-and-day-pupils",
        given=[
            did("09-01", "boarding", boarding="boarding"),
            *each("09-02 09-16", "talk"),
            did("11-16", "boarding", boarding="day_pupil"),
            did("12-16", "home_visit"),
            did("12-16", "guardian_contact", mode="visit", outcome="informed", feedback_given=True),
        ],
        expected={
            "talk.boarding": {
                "fulfilled": "2026-09-A 2026-09-B",
                "missed": "2026-10-A 2026-10-B 2026-11-A",
            },
            "visit.day_pupil": {"fulfilled": "2026-12", "missed": "2026-11 2027-01"},
            "guardian.feedback": {"fulfilled": "term"},
        },
    ),
    Worked(
        "often-and-regularly",
        given=[
            did("09-20", "talk"),  # so the next thirty days begin on the 21st
            did("10-15", "talk"),  # and the next on 16 October
            did("10-31", "letter", writer="child", addressee="mother"),
            did("11-01", "group_attendance", session_kind="forum"),
        ],
        expected={
            "talk.often": {
                "fulfilled": "2026-09-01 2026-09-21",
                "missed": "2026-10-16 2026-11-15 2026-12-15",
                "open": "2027-01-14",
            },
            "parents.regularly": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
            "forum.regularly": {"fulfilled": "term"},
            "health.regularly": {"open": "2026-2027"},
        },
    ),
    Worked(
        "activity-home",
        given=[
            did("10-08", "talk"),
            did("12-31", "counselling"),
            did("09-01", "family_call", mode="phone", connected=True, parties=["child", "mother"]),
            did("10-08", "parent_contact", MENTOR, outcome="informed"),
            did("11-08", "parent_contact", outcome="informed"),  # not the mentor
        ],
        expected={
            "talk.quarterly": {"fulfilled": "2026-Q4", "open": "2027-Q1"},
            "counselling.quarterly": {"fulfilled": "2026-Q4", "open": "2027-Q1"},
            "call.weekly": {"fulfilled": "W36", "missed": but(WEEKS, "W36")},
            "parents.monthly": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
        },
    ),
]


@pytest.mark.parametrize("worked", TERMS, ids=str)
def test_the_term_comes_out_as_worked_by_hand(worked: Worked):
    found = outcomes(bundle(worked.bundle), given(worked), "case")

    assert in_form(found) == in_form(worked.expected)
