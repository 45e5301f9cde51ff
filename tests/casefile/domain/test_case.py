"""The life of a file."""

from uuid import uuid4

import pytest

from services.casefile.domain.envelope import Author
from services.casefile.domain.families.case import CaseClosed, CaseReopened, CaseTransferred
from services.casefile.domain.families.contact import TalkHeld
from services.casefile.domain.families.correction import (
    EntryAnnulled,
    EntryCorrected,
    EntryCountersigned,
)
from services.casefile.domain.refusals import (
    CaseAlreadyClosed,
    Implausible,
    LateReasonRequired,
    NotOnFile,
    OccurredBeforeBirth,
    OccurredInFuture,
)
from tests.casefile.domain.scenario import opened


def test_an_opened_case_is_open_with_the_child_in_her_school():
    case = opened(school="school-7")

    assert case.facts["status"] == "open"
    assert case.facts["child.school"] == "school-7"


def test_a_transferred_child_belongs_to_the_new_school_and_keeps_the_village():
    case = opened(village="village-2").record(CaseTransferred(school="school-9", reason="moved"))

    assert case.facts["child.school"] == "school-9"
    assert case.facts["child.village"] == "village-2"


def test_a_transfer_entered_late_does_not_undo_a_later_one():
    case = opened().record(
        CaseTransferred(school="school-3", reason="moved"), "2026-11-10", late_reason="补录"
    )

    case.record(
        CaseTransferred(school="school-2", reason="moved"), "2026-10-01", late_reason="补录"
    )

    assert case.facts["child.school"] == "school-3"


def test_a_closed_case_takes_no_talk_that_happened_afterwards():
    case = opened().record(CaseClosed(reason="moved_away"), "2026-11-15")

    with pytest.raises(CaseAlreadyClosed):
        case.record(TalkHeld(), "2026-11-18")


def test_a_closed_case_takes_a_talk_that_happened_before():
    case = opened().record(CaseClosed(reason="moved_away"), "2026-11-18")

    case.record(TalkHeld(), "2026-11-15")

    assert str(case.facts["last.talk"]) == "2026-11-15"


def test_a_reopened_case_takes_talks_again():
    case = opened().given(CaseClosed(reason="moved_away"), "2026-11-15")

    case.record(CaseReopened(reason="随父母返回"), "2026-11-16").record(TalkHeld(), "2026-11-17")

    assert case.facts["status"] == "open"


def test_nothing_happens_in_the_future():
    with pytest.raises(OccurredInFuture):
        opened().record(TalkHeld(), "2026-11-21")


def test_nothing_happens_before_birth():
    with pytest.raises(OccurredBeforeBirth):
        opened().record(TalkHeld(), "2015-02-28", late_reason="补录")


def test_a_late_entry_needs_a_reason():
    with pytest.raises(LateReasonRequired):
        opened().record(TalkHeld(), "2026-11-01")


def test_an_imported_ledger_needs_no_reason_for_lateness():
    case = opened().record(TalkHeld(), "2026-10-01", source="import")

    assert str(case.facts["last.talk"]) == "2026-10-01"


def test_a_corrected_day_counts_from_then_on():
    case = opened().given(TalkHeld(), "2026-11-12")
    talk = case.last_id

    case.given(
        EntryCorrected(target=talk, of="talk", changes={"occurred_on": "2026-11-10"}, reason="看错")
    )

    assert str(case.facts["last.talk"]) == "2026-11-10"


def test_an_annulled_talk_counts_for_nothing():
    case = opened().given(TalkHeld(mood="low"), "2026-11-12")

    case.given(EntryAnnulled(target=case.last_id, of="talk", ground="wrong_child", reason="记错人"))

    assert "last.talk" not in case.facts
    assert "child.mood" not in case.facts


def test_nobody_countersigns_their_own_record():
    case = opened().given(TalkHeld(), "2026-11-18")

    with pytest.raises(Implausible):
        case.record(EntryCountersigned(target=case.last_id, outcome="confirmed"))


def test_a_second_person_countersigns_a_record():
    case = opened().given(TalkHeld(), "2026-11-18")

    case.record(
        EntryCountersigned(target=case.last_id, outcome="confirmed"),
        recorded_by=Author("s-301", "child_supervisor", "town-1"),
    )

    assert case.entries[-1].kind.slug == "countersignature"


def test_what_is_not_on_file_cannot_be_countersigned():
    with pytest.raises(NotOnFile):
        opened().record(EntryCountersigned(target=uuid4(), outcome="confirmed"))
