"""N01: reproaches did not help; a mentor, a call and a father who kept his word did."""

from services.casefile.domain.cadence.policy import Rule
from services.casefile.domain.cadence.shapes import CalendarShape
from tests.casefile.stories.town import Town

MENTOR_TALKS = Rule(
    code="talk.mentor", title="帮扶教师每月谈心", shape=CalendarShape(every="month"),
    kinds=("talk",), role="mentor", performers=("assigned",),
)  # fmt: skip
CALL = {"mode": "phone", "initiated_by": "staff", "parties": ["child", "father"]}


def test_n01_a_pupil_turns_round_when_her_father_keeps_his_word(town: Town):
    town.adopts("parents-five-ones", rules=(MENTOR_TALKS,))
    pupil = town.opens(name="禾苗甲")

    # The class teacher's reproaches are no talk of a mentor.
    town.day("2089-09-05")
    town.record(pupil, "talk", next_step="再观察")
    town.day("2089-09-08")
    town.record(pupil, "worker", role="mentor", staff="t-102", unit="school-1")
    town.record(
        pupil, "academic_result", term="2088-2089-2", exam="term_end", attainment="weak", rank=38,
        cohort_size=40, cohort="class",
    )  # fmt: skip

    # The mentor calls the father, who promises to come home.
    town.day("2089-09-10")
    town.record(pupil, "family_call", connected=True, performed_by="t-102", **CALL)
    promise = town.record(
        pupil, "commitment", promised_by="father", content="十一回家", due="2089-10-01"
    )
    town.day("2089-10-01")
    town.record(pupil, "commitment_outcome", commitment=promise, outcome="kept")

    # The mentor's talk of September is not on file when the window closes.
    town.day("2089-10-07")
    assert town.states(pupil, "talk.mentor") == ["overdue", "open"]
    town.day("2089-10-08")
    assert town.states(pupil, "talk.mentor") == ["missed", "open"]

    # It had been held: entered late, it stands beside the miss.
    town.day("2089-10-12")
    late = {"occurred_on": "2089-09-25", "late_reason": "忘记录入"}
    town.record(pupil, "talk", performed_by="t-102", mood="low", **late)
    town.day("2089-10-20")
    town.record(pupil, "talk", performed_by="t-102", mood="calm")
    town.day("2089-11-18")
    town.record(pupil, "talk", performed_by="t-102", mood="cheerful")
    town.record(
        pupil, "academic_result", term="2089-2090-1", exam="mid_term", attainment="good", rank=12,
        cohort_size=40, cohort="class",
    )  # fmt: skip
    town.day("2089-12-10")

    # What an inspector sees.
    facts = town.facts(pupil)
    assert facts[f"commitments.{promise}"]["state"] == "kept"
    assert facts["workers.mentor"]["staff"] == "t-102"
    assert facts["child.mood"] == "cheerful"
    assert town.states(pupil, "talk.mentor") == ["late", "fulfilled", "fulfilled", "open"]

    september = town.owed(pupil, "talk.mentor")["2089-09"]
    assert (september.in_window, september.entered_in_time) == (True, False)
    assert september.missed is not None
    assert september.made_good is not None
    answering = [(span.since.day, span.staff) for span in september.answerable]
    assert answering == [(1, None), (8, "t-102")]

    # The weeks in which nobody called are a sign about the family and no fault of the school.
    calls = town.owed(pupil, "parent.call")
    assert [week for week, row in calls.items() if row.state == "fulfilled"] == ["2089-W36"]
    assert {row.answerable[-1].staff for row in calls.values()} == {None}
    assert {row.obligor for row in calls.values()} == {"parent"}
