"""Whole stories of the practice, with invented children, from the first record to the last."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.casefile.domain.families.assignment import WorkerAssigned
from services.casefile.domain.families.delivery import AidItem, FundingDisbursed, InKindAidGiven
from services.casefile.domain.families.family_contact import FamilyCallMade
from services.casefile.domain.families.funding import (
    FundingGranted,
    FundingRateChanged,
    SchemeEnrolled,
    Use,
)
from services.casefile.domain.families.goal import CommitmentMade, CommitmentResolved
from services.casefile.domain.families.guardianship import GuardianshipLost
from services.casefile.domain.families.health import TreatmentProvided
from services.casefile.domain.families.priority import SpecialStatusRecorded
from services.casefile.domain.families.profile import ProfileRecorded
from services.casefile.domain.families.protection import ReferralMade, TemporaryCareProvided
from services.casefile.domain.families.safety import (
    EmergencyRaised,
    EmergencyResolved,
    IncidentReported,
    MandatoryReportFiled,
    Told,
)
from services.casefile.domain.families.school import AcademicResultRecorded
from services.casefile.domain.record import Record
from tests.casefile.domain.scenario import Scenario, opened


def happens(case: Scenario, day: str, rec: Record) -> UUID:
    """Recorded on the day it happened."""
    case.today = date.fromisoformat(day)
    return case.record(rec, day).last_id


def result(attainment: str, rank: int, term: str) -> AcademicResultRecorded:
    return AcademicResultRecorded(
        term=term, exam="mid_term", attainment=attainment, rank=rank, cohort_size=40, cohort="class"
    )


def raised(emergency_kind: str, led_here: UUID | None = None) -> EmergencyRaised:
    return EmergencyRaised(
        emergency_kind=emergency_kind,
        called=("police", "civil_affairs"),
        account="无人照料",
        led_here=led_here,
    )


def allowance() -> SchemeEnrolled:
    return SchemeEnrolled(
        scheme="minimum_living",
        starts_on=date(2026, 10, 1),
        rate_fen=24_500,
        rhythm="monthly",
        payer="civil_affairs",
    )


def allowance_raised() -> FundingRateChanged:
    return FundingRateChanged(
        scheme="minimum_living", from_fen=24_500, to_fen=65_000, effective_on=date(2026, 12, 1)
    )


def relief() -> FundingGranted:
    return FundingGranted(
        scheme="temporary_relief",
        amount_fen=400_000,
        rhythm="once",
        payer="civil_affairs",
        starts_on=date(2026, 9, 10),
        uses=(Use(purpose="arrears", fen=310_000), Use(purpose="prepayment", fen=90_000)),
    )


def relief_paid(grant: UUID) -> FundingDisbursed:
    return FundingDisbursed(
        scheme="temporary_relief", amount_fen=400_000, payee="school", grant=grant
    )


def test_a_pupil_turns_round_when_her_father_keeps_his_word():
    case = opened()
    happens(case, "2026-09-03", WorkerAssigned(role="mentor", staff="t-102", unit="school-1"))
    happens(case, "2026-09-08", result("weak", 38, "2025-2026-2"))
    parties = ("child", "father")
    call = FamilyCallMade(mode="phone", connected=True, initiated_by="staff", parties=parties)
    happens(case, "2026-09-10", call)
    promise = CommitmentMade(promised_by="father", content="十一回家", due=date(2026, 10, 1))
    promised = happens(case, "2026-09-10", promise)

    happens(case, "2026-10-01", CommitmentResolved(commitment=promised, outcome="kept"))
    happens(case, "2026-11-18", result("good", 12, "2026-2027-1"))

    assert case.facts[f"commitments.{promised}"]["state"] == "kept"
    assert case.facts["workers.mentor"]["staff"] == "t-102"
    assert case.facts["school.results.2026-2027-1.mid_term"]["attainment"] == "good"


def test_a_boy_whose_guardian_is_detained_keeps_school_home_and_allowance():
    case = opened()
    lost = happens(case, "2026-09-04", GuardianshipLost(cause="detained", interim_care="nobody"))
    emergency = happens(case, "2026-09-04", raised("guardian_lost", lost))
    day = date(2026, 9, 4)
    care = TemporaryCareProvided(place="relative", ground="guardian_unable", starts_on=day)
    happens(case, "2026-09-04", care)
    happens(case, "2026-09-05", EmergencyResolved(emergency=emergency, outcome="safe_elsewhere"))

    happens(case, "2026-09-11", relief_paid(happens(case, "2026-09-10", relief())))
    happens(case, "2026-09-20", allowance())
    happens(case, "2026-11-12", allowance_raised())
    referred = happens(case, "2026-11-13", ReferralMade(to="social_organisation", need="money"))
    gift = InKindAidGiven(items=(AidItem(goods="quilt", count=1),), giver="school")
    happens(case, "2026-11-14", gift)

    assert case.facts["guardian.type"] == "none"
    assert case.facts["rates.minimum_living.2026-10-01"] == 24_500
    assert case.facts["rates.minimum_living.2026-12-01"] == 65_000
    assert f"emergencies.{emergency}" not in case.facts
    assert f"referrals.{referred}" in case.facts


def test_two_children_found_alone_are_reported_and_placed():
    case = opened()
    happens(case, "2026-11-16", ProfileRecorded(siblings=1))
    emergency = happens(case, "2026-11-17", raised("left_alone"))
    told = Told(authority="police", told_at=datetime(2026, 11, 17, 2, tzinfo=UTC))
    report = MandatoryReportFiled(
        ground="abandoned_or_left_alone", told=(told,), account="兄妹二人独自在家"
    )
    reported = happens(case, "2026-11-17", report)

    happens(case, "2026-11-18", EmergencyResolved(emergency=emergency, outcome="safe_elsewhere"))

    assert case.facts["child.siblings"] == 1
    assert any(str(reported) in path for path in case.facts)
    assert f"emergencies.{emergency}" not in case.facts


def test_an_injury_an_orphan_and_a_child_alone_are_each_followed_up():
    hurt, orphan, alone = opened(), opened(), opened()
    fall = IncidentReported(incident_kind="fall", severity="minor", place="school", account="扭伤")
    incident = happens(hurt, "2026-11-16", fall)
    happens(hurt, "2026-11-16", TreatmentProvided(provider="home", outcome="recovered"))
    status = SpecialStatusRecorded(special_status="orphan", holds=True, basis="certificate")
    happens(orphan, "2026-11-16", status)
    emergency = happens(alone, "2026-11-16", raised("left_alone"))

    assert any(str(incident) in path for path in hurt.facts)
    assert any(path.endswith("orphan") for path in orphan.facts)
    assert f"emergencies.{emergency}" in alone.facts
