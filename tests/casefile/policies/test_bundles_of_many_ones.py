"""A small term of one child under each bundle that has many rules, and where a county begins."""

import pytest

from services.casefile.policies.bundles import bundle
from tests.casefile.policies.worked import (
    DIRECTOR,
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

CALL = {"connected": True, "parties": ["child", "mother"]}
MORE_AND_KNOWN = [
    did("10-05", "profile"),
    did("10-06", "contact_card"),
    *each("09-15 09-30 11-02", "talk", own_words=None),
    did("09-20", "activity", activity="sport"),
    did("12-20", "group_attendance", session_kind="outing"),
    did("11-20", "home_visit"),
    did("10-20", "parent_contact", mode="phone", outcome="informed"),
    did("01-20", "parent_interview"),
]

TERMS = [
    Worked(
        "activities",
        given=[
            *each("09-08 09-10 09-15", "group_attendance", session_kind="interest_group"),
            did("09-09", "group_attendance", session_kind="psychology_class"),
            did("10-20", "group_attendance", session_kind="film"),
            did("09-20", "in_kind_aid"),
            did("12-05", "home_visit"),
            did("11-10", "disbursement"),
            did("11-14", "delivery_check"),
            did("12-10", "disbursement"),
        ],
        expected={
            "interest_group.weekly": {"fulfilled": "W37", "missed": but(WEEKS, "W37")},
            "psychology_class.weekly": {"fulfilled": "W37", "missed": but(WEEKS, "W37")},
            "activity.monthly": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
            "festival.visit": {"fulfilled": "2026-09-25", "open": "2027-02-06"},
            "visit.together": {"fulfilled": "term"},
            "handover.school_year": {"missed": "2027-01-31"},
            "relief.monthly": {"fulfilled": "11-10", "missed": "12-10"},
        },
    ),
    Worked(
        "eight-ones-a",
        given=[
            did("09-20", "profile"),
            did("12-20", "letter", purpose="family", occasion=None),
            did("10-10", "home_visit", DIRECTOR),
        ],
        expected={
            "file.opening": {"fulfilled": "09-01"},
            "letter.term": {"fulfilled": "term"},
            "visit.term": {"fulfilled": "term"},
            "card.term": {"missed": "term"},
        },
    ),
    Worked(
        "eight-ones-b",
        given=[
            did("10-02", "pairing"),  # the thirty-first day
            *each("09-10 12-31", "family_call", **CALL),
            did("09-09", "talk", MENTOR),
            did("09-16", "talk"),  # the class teacher is not the caring parent
            did("11-04", "group_attendance", session_kind="lecture"),
            did("10-04", "letter", purpose="thanks", occasion=None),
            did("12-05", "activity", activity="good_deed"),
        ],
        expected={
            "call.monthly": {
                "fulfilled": "2026-09 2026-12",
                "missed": "2026-10 2026-11 2027-01",
            },
            "pairing.opening": {"late": "09-01"},
            "talk.weekly": {"fulfilled": "W37", "missed": but(WEEKS, "W37")},
            "lecture.term": {"fulfilled": "term"},
            "letter.term": {"missed": "term"},
            "deed.term": {"fulfilled": "term"},
        },
    ),
    Worked(
        "ten-ones",
        given=[
            did("09-05", "pairing"),
            *each("09-09 09-16", "talk", MENTOR),
            *each("09-10 10-10 11-10 12-10 01-10", "family_call", **CALL),
            did("12-25", "letter", purpose="occasion", occasion="new_year"),
            did("11-14", "group_attendance", session_kind="outing"),
            did("11-20", "birthday"),
        ],
        expected={
            "pairing.opening": {"fulfilled": "09-01"},
            "talk.weekly": {"fulfilled": "W37 W38", "missed": but(WEEKS, "W37 W38")},
            "call.monthly": {"fulfilled": MONTHS},
            "lecture.term": {"missed": "term"},
            "letter.term": {"fulfilled": "term"},
            "deed.term": {"missed": "term"},
            "outing.term": {"fulfilled": "term"},
            "birthday.school_year": {"fulfilled": "2026-2027"},
        },
    ),
    Worked(
        "care-54321",
        given=[
            did("09-10", "profile"),
            did("09-10", "contact_card"),
            did("09-15", "guardian", order="second"),
            did("09-15", "pairing"),
            *each("09-20 10-20", "talk"),
            did("10-20", "parent_contact", mode="phone", outcome="informed"),
            did("10-25", "guardian_contact", mode="phone", outcome="not_reached"),
            did("11-25", "guardian_contact", mode="phone", outcome="informed"),
        ],
        expected={
            "clear.profile": {"fulfilled": "term"},
            "clear.card": {"fulfilled": "term"},
            "talk.monthly": {
                "fulfilled": "2026-09 2026-10",
                "missed": "2026-11 2026-12 2027-01",
            },
            "parent.monthly": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
            "guardian.monthly": {"fulfilled": "2026-11", "missed": but(MONTHS, "2026-11")},
            "second_guardian.opening": {"fulfilled": "09-01"},
            "pairing.opening": {"fulfilled": "09-01"},
        },
    ),
    Worked(
        "three-two-one",
        given=MORE_AND_KNOWN,
        expected={
            "more.talk": {
                "fulfilled": "2026-09-A 2026-09-B 2026-11-A",
                "missed": but(HALVES, "2026-09-A 2026-09-B 2026-11-A"),
            },
            "more.activity": {
                "fulfilled": "2026-09 2026-12",
                "missed": "2026-10 2026-11 2027-01",
            },
            "more.visit": {"fulfilled": "2026-Q4", "open": "2027-Q1"},
            "know.child": {"fulfilled": "term"},
            "know.family": {"fulfilled": "term"},
            "contact.parents": {
                "fulfilled": "2026-10 2027-01",
                "missed": "2026-09 2026-11 2026-12",
            },
        },
    ),
    Worked(
        "three-three-three",
        given=[
            *MORE_AND_KNOWN,
            did("01-21", "academic_result"),
            did("11-03", "guardian_contact", mode="visit", outcome="informed"),
        ],
        expected={
            "know.child": {"fulfilled": "term"},
            "know.family": {"fulfilled": "term"},
            "know.study": {"fulfilled": "term"},
            "more.talk": {
                "fulfilled": "2026-09-A 2026-09-B 2026-11-A",
                "missed": but(HALVES, "2026-09-A 2026-09-B 2026-11-A"),
            },
            "more.activity": {
                "fulfilled": "2026-09 2026-12",
                "missed": "2026-10 2026-11 2027-01",
            },
            "more.visit": {"fulfilled": "2026-Q4", "open": "2027-Q1"},
            "contact.parents": {
                "fulfilled": "2026-10 2027-01",
                "missed": "2026-09 2026-11 2026-12",
            },
            "contact.guardian": {"fulfilled": "2026-11", "missed": but(MONTHS, "2026-11")},
            "contact.child": {"missed": "term"},  # no talk says what she said herself
        },
    ),
    Worked(
        "files-and-cards",
        given=[
            did("09-15", "contact_card"),  # the fourteenth day
            did("11-30", "contact_card"),
            did("01-29", "needs"),
        ],
        expected={
            "card.opening": {"fulfilled": "09-01"},
            "card.dated": {"fulfilled": "2026-11-30"},
            "needs.school_year": {"fulfilled": "2026-2027"},
            "file.term_end": {"open": "term_end"},
        },
    ),
    Worked(
        "default-school",
        given=[
            *each("09-08 10-08 11-08 12-08", "talk"),
            did("09-20", "home_visit"),
            did("10-20", "guardian_contact", mode="phone", outcome="informed"),
            *each("09-10 10-10 11-10", "parent_contact", mode="phone", outcome="informed"),
            did("09-05", "family_call", **CALL),
            did("09-10", "contact_card"),
            did("10-02", "care_plan"),  # the thirty-first day
            did("10-12", "incident", incident_kind="neglect", severity="serious"),
            did("10-12", "mandatory_report"),
        ],
        expected={
            "talk.class_teacher": {
                "fulfilled": "2026-09 2026-10 2026-11 2026-12",
                "missed": "2027-01",
            },
            "visit.term_start": {"fulfilled": "term_start"},
            "visit.term_end": {"missed": "term_end"},
            "guardian.monthly": {
                "fulfilled": "2026-09 2026-10",
                "missed": "2026-11 2026-12 2027-01",
            },
            "parents.term": {"fulfilled": "term"},
            "parent.call": {"fulfilled": "W36", "missed": but(WEEKS, "W36") + " 2027-W04"},
            "card.term": {"fulfilled": "term"},
            "plan.term_start": {"late": "term_start"},
            "review.term_end": {"missed": "term_end"},
            "health.school_year": {"open": "2026-2027"},
            "report.incident": {"fulfilled": "10-12"},
        },
    ),
]


@pytest.mark.parametrize("worked", TERMS, ids=str)
def test_the_term_comes_out_as_worked_by_hand(worked: Worked):
    found = outcomes(bundle(worked.bundle), given(worked), "case")

    assert in_form(found) == in_form(worked.expected)
