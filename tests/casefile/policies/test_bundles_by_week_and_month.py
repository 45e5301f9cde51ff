"""A small term under each bundle that counts by weeks, months and terms."""

import pytest

from services.casefile.policies.bundles import bundle
from tests.casefile.policies.worked import (
    HALVES,
    MENTOR,
    MONTHS,
    SUBJECT_TEACHER,
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
        "five-regulars",
        given=[
            *each("09-07 09-13 09-16", "talk"),  # Monday and Sunday of W37: once is enough
            did("09-30", "parent_contact", mode="phone", outcome="informed"),
            did("10-09", "parent_contact", mode="letter", outcome="informed"),  # not a call
            did("11-02", "parent_contact", mode="video", outcome="not_reached"),  # not reached
            did("12-31", "home_visit"),
            did("10-20", "group_attendance", session_kind="lecture"),  # not a gathering
            did("12-24", "companionship"),
        ],
        expected={
            "talk.weekly": {"fulfilled": "W37 W38", "missed": but(WEEKS, "W37 W38")},
            "call.monthly": {"fulfilled": "2026-09", "missed": but(MONTHS, "2026-09")},
            "visit.quarterly": {"fulfilled": "2026-Q4", "open": "2027-Q1"},
            "gathering.term": {"missed": "term"},
            "company.yearly": {"fulfilled": "2026", "open": "2027"},
        },
    ),
    Worked(
        "three-ones",
        given=[
            *each("09-10 11-30", "home_visit", MENTOR),
            did("10-10", "home_visit"),  # by the class teacher, who is not the proxy parent
            *each("09-01 10-31 01-22", "parent_contact", mode="phone", outcome="informed"),
            did("10-15", "letter", writer="teacher", addressee="guardian"),  # not to a parent
            did("01-05", "letter", writer="teacher", addressee="both_parents"),
        ],
        expected={
            "visit.monthly": {
                "fulfilled": "2026-09 2026-11",
                "missed": "2026-10 2026-12 2027-01",
            },
            "call.monthly": {
                "fulfilled": "2026-09 2026-10 2027-01",
                "missed": "2026-11 2026-12",
            },
            "letter.term": {"fulfilled": "term"},
        },
    ),
    Worked(
        "parents-five-ones",
        given=[
            *each("09-06 09-20", "family_call", connected=True, parties=["child", "mother"]),
            did("09-27", "family_call", connected=False, minutes=None, parties=["child", "mother"]),
            did("09-30", "family_call", connected=True, parties=["child", "guardian"]),
            did("10-18", "letter", writer="mother", addressee="child"),
            did("11-18", "letter", writer="child", addressee="mother"),
            did("09-15", "parent_contact", outcome="informed"),  # with the class teacher
            did("10-15", "parent_contact", SUBJECT_TEACHER, outcome="informed"),
            did("10-03", "parent_absence", movement="visiting", parents=["mother"]),
        ],
        expected={
            "parent.call": {
                "fulfilled": "W36 W38",
                "missed": but(WEEKS, "W36 W38") + " 2027-W04",
            },
            "parent.letter": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
            "parent.class_teacher": {"fulfilled": "2026-09", "missed": but(MONTHS, "2026-09")},
            "parent.subject_teacher": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
            "parent.home": {"fulfilled": "2026", "open": "2027"},
        },
    ),
    Worked(
        "class-teacher-monthly-talk",
        given=[
            did("09-08", "talk"),
            did("10-08", "talk", MENTOR),  # not the class teacher
            did("12-03", "talk"),  # in the grace of November, so December has none
        ],
        expected={
            "talk.class_teacher": {
                "fulfilled": "2026-09 2026-11",
                "missed": "2026-10 2026-12 2027-01",
            }
        },
    ),
    Worked(
        "subject-teacher-monthly-talk",
        given=[
            *each("09-08 10-08 11-08", "talk", SUBJECT_TEACHER),
            did("12-08", "talk"),  # the class teacher is not the one assigned
        ],
        expected={
            "talk.subject_teacher": {
                "fulfilled": "2026-09 2026-10 2026-11",
                "missed": "2026-12 2027-01",
            }
        },
    ),
    Worked(
        "three-contacts-a-term",
        given=[
            did("09-10", "parent_contact", outcome="informed"),
            did("09-20", "guardian_contact", outcome="agreed"),  # ten days later: too close
            did("09-24", "guardian_contact", outcome="agreed"),  # fourteen days
            did("01-20", "parent_contact", outcome="informed"),
        ],
        expected={"contact.term": {"fulfilled": "term"}},
    ),
    Worked(
        "half-monthly-visits",
        given=[
            *each("09-15 09-16 11-01", "guardian_contact", mode="visit", outcome="informed"),
            did("10-10", "guardian_contact", mode="phone", outcome="informed"),
        ],
        expected={
            "guardian.half_month": {
                "fulfilled": "2026-09-A 2026-09-B 2026-11-A",
                "missed": but(HALVES, "2026-09-A 2026-09-B 2026-11-A"),
            }
        },
    ),
    Worked(
        "weekly-video",
        given=[
            did("09-02", "family_call", mode="wechat", connected=True, parties=["child", "father"]),
            did("09-09", "family_call", mode="phone", connected=True, parties=["child", "father"]),
            did("01-22", "family_call", mode="video", connected=True, parties=["child", "father"]),
        ],
        expected={
            "video.weekly": {
                "fulfilled": "W36 2027-W03",
                "missed": but(WEEKS, "W36 2027-W03"),
            }
        },
    ),
    Worked(
        "monthly-forum",
        given=[
            *each("09-05 11-05", "group_attendance", session_kind="forum"),
            did("10-05", "group_attendance", session_kind="class_meeting"),
        ],
        expected={
            "forum.monthly": {
                "fulfilled": "2026-09 2026-11",
                "missed": "2026-10 2026-12 2027-01",
            },
            "class_meeting.monthly": {
                "fulfilled": "2026-10",
                "missed": but(MONTHS, "2026-10"),
            },
        },
    ),
    Worked(
        "monthly-feedback",
        given=[
            *each("09-28 10-28 11-28 12-28 01-20", "parent_feedback"),
            did("10-01", "parent_contact", mode="phone", outcome="agreed"),
            did("10-02", "parent_interview", occasion="national_day"),
        ],
        expected={
            "feedback.monthly": {"fulfilled": MONTHS},
            "call.monthly": {"fulfilled": "2026-10", "missed": but(MONTHS, "2026-10")},
            "interview.holidays": {"fulfilled": "2026-10-10"},
            "interview.spring": {"open": "2027-02-28"},
        },
    ),
    Worked(
        "family-class",
        given=[
            *each("09-04 09-11 09-18", "group_attendance", session_kind="family_education_class"),
            did("09-11", "family_call", connected=True, parties=["child", "mother"]),
        ],
        expected={
            "class.weekly": {
                "fulfilled": "W36 W37 W38",
                "missed": but(WEEKS, "W36 W37 W38"),
            },
            "call.monthly": {"fulfilled": "2026-09", "missed": but(MONTHS, "2026-09")},
        },
    ),
    Worked(
        "counselling-each-term",
        given=[did("11-20", "counselling")],
        expected={"counselling.term": {"fulfilled": "term"}},
    ),
    Worked(
        "family-reunion",
        given=[did("10-02", "family_reunion")],
        expected={"reunion.school_year": {"fulfilled": "2026-2027"}},
    ),
    Worked(
        "two-two-two",
        given=[
            did("10-20", "activity", activity="outing"),  # none of the six
            did("12-20", "activity", activity="music"),
        ],
        expected={"activity.term": {"fulfilled": "term"}},
    ),
    Worked(
        "childrens-five-ones",
        given=[
            did("09-10", "goal", goal="mend_a_fault"),
            did("09-10", "goal", goal="good_deed"),
            did("01-25", "goal", goal="good_paper"),  # after the term
        ],
        expected={
            "goal.fault": {"fulfilled": "term"},
            "goal.deed": {"fulfilled": "term"},
            "goal.paper": {"missed": "term"},
        },
    ),
]


@pytest.mark.parametrize("worked", TERMS, ids=str)
def test_the_term_comes_out_as_worked_by_hand(worked: Worked):
    found = outcomes(bundle(worked.bundle), given(worked), "case")

    assert in_form(found) == in_form(worked.expected)
