"""What stands behind a record, from a bare claim to a confirmation."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from services.casefile.domain.effective import effective
from services.casefile.domain.envelope import Author, Evidence
from services.casefile.domain.evidence_grade import Grade, added, grade, grade_named
from services.casefile.domain.families.contact import HomeVisitMade, TalkDomains, TalkHeld, Visitor
from services.casefile.domain.families.correction import EntryAnnulled, EntryCountersigned
from services.casefile.domain.families.delivery import FundingDeliveryVerified, FundingDisbursed
from services.casefile.domain.personal import Sealed
from services.casefile.domain.record import Record
from services.casefile.domain.twins import struct_twin
from tests.casefile.domain.scenario import Scenario, opened

PHOTO = Evidence(kind="photo", sha256="0" * 64, media_type="image/jpeg", size=1)
SUPERVISOR = Author("s-301", "child_supervisor", "town-1")
PAID = FundingDisbursed(scheme="sponsorship", amount_fen=100, payee="guardian")


def grade_of(case: Scenario, record_id: UUID) -> Grade:
    entries = effective(case.entries)
    entry = next(e for e in entries if e.record_id == record_id)
    return grade(entry, added(entries))


@pytest.mark.parametrize(
    ("rec", "expected"),
    [
        (TalkHeld(mood="calm", minutes=20), Grade.CLAIMED),
        (TalkHeld(note="说想妈妈。"), Grade.DESCRIBED),
        (TalkHeld(domains=TalkDomains(study="作业按时")), Grade.DESCRIBED),
        (TalkHeld(domains=TalkDomains()), Grade.CLAIMED),
        (HomeVisitMade(met=("child",), address="柳湾村"), Grade.CLAIMED),
        (HomeVisitMade(met=("child",), visitors=(Visitor(role="volunteer"),)), Grade.CLAIMED),
        (
            HomeVisitMade(met=("child",), visitors=(Visitor(role="staff", staff="t-102"),)),
            Grade.SECOND_PERSON,
        ),
        (
            HomeVisitMade(met=("child",), visitors=(Visitor(role="staff", staff="t-101"),)),
            Grade.CLAIMED,
        ),
    ],
)
def test_a_record_brings_its_own_grade(rec: Record, expected: Grade) -> None:
    case = opened().given(rec)

    assert grade_of(case, case.last_id) == expected


def test_a_sealed_note_is_a_description_too() -> None:
    at_rest = struct_twin(TalkHeld)(note=Sealed("welfare#1", b"", 1, "rec.note"))
    case = opened()
    case.given(TalkHeld())
    entry = case.entries[-1]

    assert grade(replace(entry, rec=at_rest), {}) == Grade.DESCRIBED


def test_a_file_stands_above_words() -> None:
    case = opened().given(TalkHeld(note="说想妈妈。"), evidence=(PHOTO,))

    assert grade_of(case, case.last_id) == Grade.ATTACHMENT


def test_a_second_person_counts_only_when_they_confirm() -> None:
    case = opened().given(TalkHeld())
    talk = case.last_id

    case.given(EntryCountersigned(target=talk, outcome="disputed"), recorded_by=SUPERVISOR)
    assert grade_of(case, talk) == Grade.CLAIMED

    case.given(EntryCountersigned(target=talk, outcome="confirmed"), recorded_by=SUPERVISOR)
    assert grade_of(case, talk) == Grade.SECOND_PERSON


def test_an_annulled_countersignature_no_longer_raises() -> None:
    case = opened().given(TalkHeld())
    talk = case.last_id
    case.given(EntryCountersigned(target=talk, outcome="confirmed"), recorded_by=SUPERVISOR)
    signed = case.last_id

    case.given(
        EntryAnnulled(
            target=signed, of="countersignature", ground="entered_in_error", reason="签错了"
        )
    )

    assert grade_of(case, talk) == Grade.CLAIMED


@pytest.mark.parametrize(
    ("asked", "found", "expected"),
    [
        ("guardian", "received", Grade.CONFIRMED),
        ("child", "partly_received", Grade.CONFIRMED),
        ("guardian", "not_received", Grade.CLAIMED),
        ("bank_record", "received", Grade.CLAIMED),
    ],
)
def test_money_is_confirmed_by_those_it_was_for(asked: str, found: str, expected: Grade) -> None:
    case = opened().given(PAID)
    payment = case.last_id

    case.given(FundingDeliveryVerified(found=found, asked=asked, disbursement=payment))

    assert grade_of(case, payment) == expected


def test_grades_are_ordered_and_named() -> None:
    named = [
        grade_named(n) for n in ("claimed", "described", "attachment", "second_person", "confirmed")
    ]

    assert named == sorted(Grade)
