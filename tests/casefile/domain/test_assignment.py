"""Workers and pairings."""

from datetime import date
from uuid import uuid4

import pytest

from services.casefile.domain.families.assignment import (
    PairingEffectReviewed,
    PairingEnded,
    PairingEstablished,
    WorkerAssigned,
    WorkerUnassigned,
)
from services.casefile.domain.families.case import CaseClosed
from services.casefile.domain.refusals import (
    AlreadyOnFile,
    CaseAlreadyClosed,
    EndBeforeStart,
    Implausible,
    NotOnFile,
)
from tests.casefile.domain.scenario import opened

ASSIGNED = WorkerAssigned(role="class_teacher", staff="t-102", unit="school-1")


def assigned(on="2026-11-10"):
    return opened().given(ASSIGNED, on)


def paired(on="2026-11-10"):
    return opened().given(PairingEstablished(pairing_kind="teacher", mentor="t-102"), on)


def unassigned(staff="t-102", role="class_teacher"):
    return WorkerUnassigned(role=role, staff=staff, reason="other_duties")


def test_an_assigned_worker_is_answerable_with_the_unit_of_the_day():
    case = opened().record(ASSIGNED)

    assert case.facts["workers.class_teacher"] == {"staff": "t-102", "unit": "school-1"}


def test_another_worker_in_the_role_takes_over():
    case = assigned().record(WorkerAssigned(role="class_teacher", staff="t-103"))

    assert case.facts["workers.class_teacher"]["staff"] == "t-103"


def test_the_same_assignment_twice_is_refused():
    with pytest.raises(AlreadyOnFile):
        assigned().record(ASSIGNED)


def test_a_closed_case_cannot_be_assigned():
    case = opened().given(CaseClosed(reason="moved_away"), "2026-11-15")

    with pytest.raises(CaseAlreadyClosed):
        case.record(ASSIGNED)


def test_an_unassigned_role_is_empty():
    case = assigned().record(unassigned())

    assert "workers.class_teacher" not in case.facts


@pytest.mark.parametrize(("staff", "role"), [("t-103", "class_teacher"), ("t-102", "mentor")])
def test_who_is_not_assigned_is_not_unassigned(staff, role):
    with pytest.raises(NotOnFile):
        assigned().record(unassigned(staff, role))


def test_an_assignment_does_not_end_before_it_began():
    with pytest.raises(EndBeforeStart):
        assigned("2026-11-18").record(unassigned(), "2026-11-17")


def test_a_pairing_says_who_stands_by_the_child_and_why():
    case = opened().record(
        PairingEstablished(
            pairing_kind="teacher", mentor="t-102", reasons=("poverty",), local_title="guide"
        )
    )

    assert case.facts[f"pairings.{case.last_id}"] == {
        "pairing_kind": "teacher",
        "mentor": "t-102",
        "reasons": ("poverty",),
        "local_title": "guide",
    }


def test_a_classmate_needs_no_vetting():
    case = opened().record(PairingEstablished(pairing_kind="peer", mentor_name="小满"))

    assert case.facts[f"pairings.{case.last_id}"]["mentor_name"] == "小满"


@pytest.mark.parametrize("pairing_kind", ["proxy_parent", "volunteer", "host_family"])
@pytest.mark.parametrize("vetting", ["pending", "not_required"])
def test_an_adult_from_outside_is_vetted_before_the_pairing(pairing_kind, vetting):
    with pytest.raises(Implausible):
        opened().record(
            PairingEstablished(pairing_kind=pairing_kind, mentor_name="甲", vetting=vetting)
        )


def test_a_member_of_staff_who_is_a_proxy_parent_is_not_vetted_again():
    case = opened().record(PairingEstablished(pairing_kind="proxy_parent", mentor="t-102"))

    assert case.facts[f"pairings.{case.last_id}"]["mentor"] == "t-102"


@pytest.mark.parametrize("who", [{}, {"mentor": "t-102", "mentor_name": "甲"}])
def test_a_pairing_is_with_exactly_one_person(who):
    with pytest.raises(Implausible):
        opened().record(PairingEstablished(pairing_kind="teacher", **who))


def test_the_same_member_of_staff_is_paired_once_in_one_way():
    with pytest.raises(AlreadyOnFile):
        paired().record(PairingEstablished(pairing_kind="teacher", mentor="t-102"))


def test_a_pairing_does_not_end_before_it_starts():
    with pytest.raises(EndBeforeStart):
        opened().record(
            PairingEstablished(pairing_kind="teacher", mentor="t-102", until=date(2026, 11, 19))
        )


def test_an_ended_pairing_is_gone_and_may_begin_again():
    case = paired()
    case.record(PairingEnded(pairing=case.last_id, reason="completed"), "2026-11-15")

    ended = [path for path in case.facts if path.startswith("pairings.")]
    case.record(PairingEstablished(pairing_kind="teacher", mentor="t-102"))

    assert ended == []
    assert f"pairings.{case.last_id}" in case.facts


def test_a_pairing_ends_once():
    case = paired()
    pairing = case.last_id
    case.given(PairingEnded(pairing=pairing, reason="completed"), "2026-11-15")

    with pytest.raises(NotOnFile):
        case.record(PairingEnded(pairing=pairing, reason="completed"))


def test_a_pairing_is_not_over_before_it_began():
    case = paired("2026-11-18")

    with pytest.raises(EndBeforeStart):
        case.record(PairingEnded(pairing=case.last_id, reason="completed"), "2026-11-17")


def test_a_pairing_that_never_was_does_not_end():
    with pytest.raises(NotOnFile):
        paired().record(PairingEnded(pairing=uuid4(), reason="completed"))


def test_a_review_says_whether_the_pairing_does_good():
    case = paired()
    pairing = case.last_id

    case.record(PairingEffectReviewed(pairing=pairing, effect="some_progress", score=80))

    assert case.facts[f"pairing_reviews.{pairing}"]["effect"] == "some_progress"


def test_a_pairing_that_never_was_is_not_reviewed():
    with pytest.raises(NotOnFile):
        opened().record(PairingEffectReviewed(pairing=uuid4(), effect="no_change"))
