"""Findings as commands: answered by those concerned, put right, settled."""

from uuid import UUID, uuid4

import pytest

from services.casefile.composition import Parts
from services.casefile.domain.inspection_refusals import (
    NotConcerned,
)
from services.casefile.domain.refusals import CaseNotFound
from tests.casefile.inspected import answer, finding, inspector, opened
from tests.casefile.world import actor, context


@pytest.mark.parametrize(
    ("about", "staff", "unit", "concerned"),
    [
        ({"worker": "t-101"}, "t-101", "class-31", True),
        ({"worker": "t-101"}, "t-102", "class-31", False),
        ({"unit": "class-31"}, "t-102", "class-31", True),
        ({"unit": "school-1"}, "t-102", "class-31", True),
        ({"unit": "school-1"}, "s-301", "town-1", True),
        ({"unit": "school-2"}, "t-102", "class-31", False),
        ({"case": "0"}, "t-102", "class-31", True),
        ({"case": "0"}, "d-201", "village-1", True),
        ({"case": "0"}, "x-901", "school-2", False),
    ],
)
def test_only_those_concerned_answer(
    casefile: Parts,
    children: list[UUID],
    about: dict[str, str],
    staff: str,
    unit: str,
    concerned: bool,
):
    if "case" in about:
        about = {"case": str(children[0])}
    inspection = opened(casefile)
    found = casefile.casefile.raise_finding(inspection, finding(**about), inspector()).record_id
    who = actor("teacher", staff, "class_teacher")
    who = type(who)(who.role, type(who.author)(staff, "class_teacher", unit))

    if concerned:
        casefile.casefile.explain(inspection, answer(found), context(actor=who))
        facts = casefile.streams.fresh(inspection).facts
        assert f"explained.{found}" in facts
    else:
        with pytest.raises(NotConcerned):
            casefile.casefile.explain(inspection, answer(found), context(actor=who))


def test_a_finding_is_answered_put_right_and_settled(casefile: Parts, children: list[UUID]):
    commands, inspection = casefile.casefile, opened(casefile)
    found = commands.raise_finding(inspection, finding(worker="t-101"), inspector()).record_id

    commands.explain(inspection, answer(found), context())
    commands.rectify(inspection, answer(found, measure="document_supplied"), context())
    outcome = {"occurred_on": "2026-11-20", "finding": str(found), "outcome": "rectified"}
    commands.decide_finding(inspection, outcome, inspector())
    end = {"occurred_on": "2026-11-20", "outcome": "completed", "summary": "已整改"}
    commands.close_inspection(inspection, end, inspector())

    assert casefile.streams.fresh(inspection).facts["inspection.state"].value == "closed"


def test_a_finding_is_about_a_file_there_is(casefile: Parts, children: list[UUID]):
    inspection = opened(casefile)

    with pytest.raises(CaseNotFound):
        casefile.casefile.raise_finding(inspection, finding(case=str(uuid4())), inspector())
