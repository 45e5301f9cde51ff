"""Staff: posts on any day, appointments, duties, training, vetting."""

from datetime import date

import pytest

from services.casefile.domain.facts import fold
from services.casefile.domain.families.staff import (
    DutyAgreementSigned,
    MentorAppointed,
    StaffLeft,
    StaffMoved,
    StaffRegistered,
    StaffVetted,
    WorkerTrained,
)
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import (
    AlreadyOnFile,
    EndBeforeStart,
    Implausible,
    NotOnFile,
)
from services.casefile.domain.staff_posts import Post, post_on
from tests.casefile.domain.scenario import Scenario, scenario

JOINED = date(2024, 9, 1)
REGISTERED = StaffRegistered(staff="t-101", role="class_teacher", unit="school-1", starts_on=JOINED)
MOVED = StaffMoved(role="records_officer", unit="school-2", starts_on=date(2026, 9, 1))
LEFT = StaffLeft(last_day=date(2026, 10, 31), reason="retired")
NOVEMBER = date(2026, 11, 1)


def registered() -> Scenario:
    return scenario().given(REGISTERED)


def post(staff: Scenario, day: date) -> Post | None:
    return post_on(fold(staff.entries), day)


def vetted(outcome: str = "clear", inquiry: str = "offence_register", **fields) -> StaffVetted:
    return StaffVetted(inquiry=inquiry, outcome=outcome, **fields)


def mentor(mentor_kind: str = "volunteer", **fields) -> MentorAppointed:
    return MentorAppointed(**({"mentor_kind": mentor_kind, "starts_on": NOVEMBER} | fields))


def test_a_post_is_held_from_its_first_day():
    staff = scenario().record(REGISTERED)

    assert post(staff, date(2024, 8, 31)) is None
    assert post(staff, JOINED) == Post("class_teacher", "school-1")


def test_somebody_is_registered_once():
    with pytest.raises(AlreadyOnFile):
        registered().record(REGISTERED)


def test_the_old_post_was_held_until_the_day_before_the_new_one():
    staff = registered().record(MOVED)

    assert post(staff, date(2026, 8, 31)) == Post("class_teacher", "school-1")
    assert post(staff, date(2026, 9, 1)) == Post("records_officer", "school-2")


def test_a_move_entered_late_does_not_undo_a_later_one():
    staff = registered().given(MOVED)

    staff.record(StaffMoved(role="mentor", unit="school-1", starts_on=date(2025, 9, 1)))

    assert post(staff, date(2026, 1, 1)) == Post("mentor", "school-1")
    assert post(staff, NOVEMBER) == Post("records_officer", "school-2")


def test_who_left_held_the_post_until_the_last_day():
    staff = registered().record(LEFT)

    assert post(staff, date(2026, 10, 31)) == Post("class_teacher", "school-1")
    assert post(staff, NOVEMBER) is None


def test_who_left_may_come_back():
    staff = registered().given(LEFT)

    staff.record(StaffMoved(role="mentor", unit="school-1", starts_on=date(2026, 11, 15)))

    assert post(staff, date(2026, 11, 14)) is None
    assert post(staff, date(2026, 11, 15)) == Post("mentor", "school-1")


def test_who_left_does_not_leave_again():
    staff = registered().given(LEFT)

    with pytest.raises(NotOnFile):
        staff.record(StaffLeft(last_day=date(2026, 11, 10), reason="resigned"))


@pytest.mark.parametrize(
    "record",
    [
        MOVED,
        LEFT,
        mentor("teacher"),
        DutyAgreementSigned(role="mentor", clauses=("regular_talks",)),
        WorkerTrained(training="first_aid", minutes=90),
        vetted(),
    ],
)
def test_nothing_is_on_file_of_somebody_who_was_never_registered(record: Record):
    with pytest.raises(NotOnFile):
        scenario().record(record)


def test_a_teacher_becomes_a_mentor_for_a_number_of_children():
    staff = registered().record(mentor("teacher", max_children=2))

    assert staff.facts["mentor"]["max_children"] == 2


def test_a_volunteer_who_was_vetted_becomes_a_mentor():
    staff = registered().given(vetted()).record(mentor())

    assert staff.facts["mentor"]["mentor_kind"] == "volunteer"


@pytest.mark.parametrize(
    "inquiries",
    [
        (),
        (vetted("pending"),),
        (vetted("not_clear"),),
        (vetted(), vetted("not_clear", "criminal_record")),
        (vetted(valid_until=date(2026, 10, 31)),),
        (vetted(inquiry="references"),),
    ],
)
def test_a_volunteer_who_is_not_cleared_does_not_become_a_mentor(inquiries: tuple):
    staff = registered()
    for inquiry in inquiries:
        staff.given(inquiry)

    with pytest.raises(NotOnFile):
        staff.record(mentor())


def test_duties_are_signed_for_a_role():
    staff = registered().record(
        DutyAgreementSigned(role="mentor", clauses=("regular_talks", "confidentiality"))
    )

    assert staff.facts["duties.mentor"]["clauses"] == ("regular_talks", "confidentiality")


def test_a_training_that_was_not_passed_is_no_qualification():
    staff = registered().record(WorkerTrained(training="first_aid", minutes=90, is_passed=False))

    assert "training.first_aid" not in staff.facts


def test_a_training_that_was_attended_is_on_file_with_its_end():
    staff = registered().record(
        WorkerTrained(training="first_aid", minutes=90, valid_until=date(2028, 11, 20))
    )

    assert staff.facts["training.first_aid"] == {
        "trained_on": date(2026, 11, 20),
        "valid_until": date(2028, 11, 20),
    }


def test_only_a_clear_outcome_holds_for_a_time():
    with pytest.raises(Implausible):
        registered().record(vetted("pending", valid_until=date(2027, 1, 1)))


@pytest.mark.parametrize(
    "record",
    [
        mentor("teacher", ends_on=date(2026, 10, 31)),
        DutyAgreementSigned(
            role="mentor", clauses=("regular_talks",), valid_until=date(2026, 11, 19)
        ),
        WorkerTrained(training="first_aid", minutes=90, valid_until=date(2026, 11, 19)),
        vetted(valid_until=date(2026, 11, 19)),
    ],
)
def test_nothing_ends_before_it_starts(record: Record):
    with pytest.raises(EndBeforeStart):
        registered().record(record)
