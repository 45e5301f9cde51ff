"""Calls, letters and interviews with the family."""

from uuid import UUID

import pytest

from services.casefile.domain.families.family_contact import (
    FamilyCallMade,
    FamilyReunionHeld,
    GuardianContacted,
    LetterSent,
    ParentContacted,
    ParentFeedbackSent,
    ParentInterviewHeld,
)
from services.casefile.domain.families.safety import IncidentReported
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import Implausible, NotOnFile
from tests.casefile.domain.scenario import opened

NOWHERE = UUID(int=7)


def call(**fields) -> FamilyCallMade:
    usual = {
        "mode": "video",
        "connected": True,
        "initiated_by": "staff",
        "parties": ("child", "mother"),
    }
    return FamilyCallMade(**(usual | fields))


def letter(**fields) -> LetterSent:
    return LetterSent(**({"purpose": "family", "writer": "child", "addressee": "mother"} | fields))


@pytest.mark.parametrize(
    ("record", "slug"),
    [
        (call(), "family_call"),
        (ParentContacted(mode="phone", parents="father", outcome="agreed"), "parent_contact"),
        (ParentInterviewHeld(parents="both", occasion="spring_festival"), "parent_interview"),
        (ParentFeedbackSent(parents="both", mode="letter", topics=("study",)), "parent_feedback"),
        (GuardianContacted(mode="visit", outcome="informed"), "guardian_contact"),
        (letter(), "letter"),
        (letter(writer="mother", addressee="child"), "letter"),
        (FamilyReunionHeld(form="video", parents="mother"), "family_reunion"),
    ],
)
def test_contact_that_came_about_counts(record: Record, slug: str):
    case = opened().record(record)

    assert f"last.{slug}" in case.facts


@pytest.mark.parametrize(
    "record",
    [
        call(connected=False),
        call(parties=("child", "guardian")),
        ParentContacted(mode="phone", parents="father", outcome="not_reached"),
        GuardianContacted(mode="visit", outcome="not_reached"),
        letter(writer="teacher", addressee="guardian"),
    ],
)
def test_contact_that_did_not_come_about_does_not_count(record: Record):
    case = opened().record(record)

    assert not [path for path in case.facts if path.startswith("last.")]


def test_an_unanswered_call_does_not_undo_the_one_that_was_answered():
    case = opened().given(call(), "2026-11-15")

    case.record(call(connected=False), "2026-11-18")

    assert str(case.facts["last.family_call"]) == "2026-11-15"


@pytest.mark.parametrize(
    "record",
    [
        call(connected=False, minutes=5),
        GuardianContacted(mode="phone", outcome="not_reached", feedback_given=True),
        letter(writer="mother", addressee="mother"),
        letter(purpose="occasion"),
        FamilyReunionHeld(form="video", parents="mother", days=3),
    ],
)
def test_what_contradicts_itself_is_refused(record: Record):
    with pytest.raises(Implausible):
        opened().record(record)


def test_a_parent_is_told_of_an_incident_on_file():
    case = opened().given(
        IncidentReported(incident_kind="fall", severity="minor", place="school", account="擦伤")
    )
    told = ParentContacted(mode="phone", parents="both", outcome="informed", incident=case.last_id)

    case.record(told)

    assert "last.parent_contact" in case.facts


def test_a_parent_is_not_told_of_an_incident_nobody_reported():
    with pytest.raises(NotOnFile):
        opened().record(
            ParentContacted(mode="phone", parents="both", outcome="informed", incident=NOWHERE)
        )
