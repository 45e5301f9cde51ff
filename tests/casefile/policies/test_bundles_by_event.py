"""A small term under each bundle that counts from an event."""

import pytest

from services.casefile.policies.bundles import bundle
from tests.casefile.policies.worked import (
    Worked,
    did,
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
GREEN = RISK | {"level": "green", "score": 85}
YELLOW = RISK | {"level": "yellow", "score": 50}

TERMS = [
    Worked(
        "mandatory-report",
        given=[
            did("09-10", "incident", incident_kind="fall", severity="minor"),
            did("10-12", "incident", incident_kind="suspected_abuse", severity="serious"),
            did("10-12", "mandatory_report"),  # written down in the same evening
            did("11-03", "child_voice", suspects_harm=True),
            did("11-04", "child_voice", suspects_harm=False),
            did(
                "11-10",
                "risk",
                **(RISK | {"level": "red", "forced_report": ["other_serious_harm"]}),
            ),
            did("12-01", "emergency", emergency_kind="left_alone"),
            did("12-02", "mandatory_report"),  # a day late, but it was filed
        ],
        expected={
            "report.incident": {"fulfilled": "10-12"},
            "report.assessment": {"late": "11-10"},
            "report.voice": {"late": "11-03"},
            "report.alone": {"late": "12-01"},
        },
    ),
    Worked(
        "visit-after-risk-rise",
        given=[
            did("09-10", "risk", **GREEN),  # the lowest level is no rise
            did("10-10", "risk", **YELLOW),
            did("10-13", "home_visit"),  # on the third day
            did("11-10", "risk", **GREEN),  # it fell
            did("11-20", "risk", **YELLOW),
            did("09-20", "care_level", level="key"),
            did("12-20", "care_level", level="universal"),
        ],
        expected={
            "visit.risk_raised": {"fulfilled": "10-10", "missed": "11-20"},
            "visit.care_raised": {"late": "09-20"},
        },
    ),
    Worked(
        "tell-parents",
        given=[
            did("10-10", "incident", incident_kind="fall", severity="serious"),
            did("10-11", "parent_contact", outcome="informed", incident=str("0" * 32)),
            did("11-10", "incident", incident_kind="fall", severity="near_miss"),
            did("12-10", "illness", severity="severe"),
        ],
        expected={
            "parents.incident": {"fulfilled": "10-10"},
            "parents.illness": {"missed": "12-10"},
        },
    ),
    Worked(
        "guardian-lost",
        given=[
            did("10-10", "guardianship_loss"),
            did("10-11", "home_visit"),
            did("10-15", "temporary_care"),  # two days late
            did("10-10", "emergency"),
        ],
        expected={
            "visit.guardian_lost": {"fulfilled": "10-10"},
            "care.guardian_lost": {"late": "10-10"},
            "resolve.emergency": {"missed": "10-10"},
        },
    ),
    Worked(
        "four-someones",
        given=[
            did("10-10", "guardianship_loss"),
            did("10-12", "guardian"),
            did("10-20", "referral"),
            did("11-20", "referral_closure"),  # the thirty-first day
            did("11-01", "child_voice"),
            did("11-08", "counselling"),
            did("12-01", "illness"),
            did("12-04", "treatment"),
        ],
        expected={
            "life.guardian_lost": {"fulfilled": "10-10"},
            "hardship.referral": {"late": "10-20"},
            "doubt.voice": {"fulfilled": "11-01"},
            "illness.treatment": {"fulfilled": "12-01"},
        },
    ),
    Worked(
        "health-and-money",
        given=[
            did("09-10", "health_check", abnormal=True),
            did("10-10", "referral"),  # the thirtieth day
            did("11-10", "health_check", abnormal=False),
            did("11-01", "illness", severity="mild"),
            did("12-01", "illness", severity="moderate"),
            did("09-05", "difficulty", categories=["orphan"]),
            did("10-01", "grant"),
            did("12-20", "in_kind_aid"),
        ],
        expected={
            "health.follow_up": {"fulfilled": "09-10"},
            "treatment.illness": {"missed": "12-01"},
            "money.delivered": {"missed": "10-01"},
            "aid.half_year": {"fulfilled": "2026-S2", "open": "2027-S1"},
        },
    ),
    Worked(
        "pairing",
        given=[
            did("09-30", "pairing"),  # the twenty-ninth day after the file was opened
            did("09-20", "guardian"),  # the nineteenth: later than fourteen
            did("01-29", "pairing_review"),
        ],
        expected={
            "pairing.opening": {"fulfilled": "09-01"},
            "worker.opening": {"fulfilled": "09-01"},
            "guardian.opening": {"late": "09-01"},
            "review.term": {"fulfilled": "term_end"},
        },
    ),
]


@pytest.mark.parametrize("worked", TERMS, ids=str)
def test_the_term_comes_out_as_worked_by_hand(worked: Worked):
    found = outcomes(bundle(worked.bundle), given(worked), "case")

    assert in_form(found) == in_form(worked.expected)
