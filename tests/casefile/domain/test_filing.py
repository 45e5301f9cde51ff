"""Opening, eligibility, handover, the term's file, and what is said of an earlier record."""

from datetime import date

import pytest

from services.casefile.domain.envelope import Author
from services.casefile.domain.families.assignment import WorkerAssigned
from services.casefile.domain.families.case import (
    CaseClosed,
    CaseHandedOver,
    EligibilityDetermined,
    TermFileClosed,
)
from services.casefile.domain.families.contact import TalkHeld
from services.casefile.domain.families.correction import EntryCountersigned, LateEntryJustified
from services.casefile.domain.refusals import Implausible
from tests.casefile.domain.scenario import opened


def handed_over(to_staff: str = "t-103") -> CaseHandedOver:
    return CaseHandedOver(
        role="class_teacher", from_staff="t-102", to_staff=to_staff, to_unit="school-1"
    )


def test_the_paper_file_is_named_when_the_case_is_opened():
    case = opened(paper_file="cabinet-3-14")

    assert case.entries[0].rec.paper_file == "cabinet-3-14"


@pytest.mark.parametrize(
    "definition", ["both-parents-3-months", "both-parents-0-16", "either-parent"]
)
def test_every_determination_names_its_definition_and_its_version(definition):
    case = opened(definition=definition, definition_version=2)
    assert case.facts["definition"] == f"{definition}/2"

    case.record(
        EligibilityDetermined(
            population="left_behind", definition="state-council-2016", definition_version=1
        )
    )

    assert case.facts["definition"] == "state-council-2016/1"


def test_a_handed_over_child_has_the_new_worker():
    case = opened().given(WorkerAssigned(role="class_teacher", staff="t-102", unit="school-1"))

    case.record(handed_over())

    assert case.facts["workers.class_teacher"] == {"staff": "t-103", "unit": "school-1"}


def test_nobody_hands_over_to_themselves():
    with pytest.raises(Implausible):
        opened().record(handed_over(to_staff="t-102"))


def test_a_closed_term_file_says_what_is_missing():
    case = opened().record(
        TermFileClosed(term="2026-autumn", complete=False, missing=("contact_card",))
    )

    assert case.facts["term_files.2026-autumn"] == {
        "complete": False,
        "missing": ("contact_card",),
    }


def test_a_late_record_may_be_justified_and_countersigned_even_after_the_case_is_closed():
    case = opened().given(TalkHeld(place="school"), "2026-11-10")
    talk = case.last_id
    case.given(CaseClosed(reason="parent_returned"), "2026-11-15")
    before = case.facts

    case.record(LateEntryJustified(target=talk, justification="下乡期间无网络"))
    supervisor = Author("s-301", "child_supervisor", "town-1")
    case.record(EntryCountersigned(target=talk, outcome="confirmed"), recorded_by=supervisor)

    assert case.facts == before
    assert case.entries[-1].env.occurred_on == date(2026, 11, 20)
