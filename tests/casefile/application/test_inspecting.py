"""Inspections as commands: a pinned cut, a sample anybody can redraw, records left as they are."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.casefile.application.context import Context
from services.casefile.application.submissions import NotOfItsForm
from services.casefile.composition import Parts
from services.casefile.domain.evidence_grade import added
from services.casefile.domain.families.inspection import SampleDrawn
from services.casefile.domain.inspection_refusals import (
    InspectionNotFound,
    NotApart,
    NotConcerned,
    NotInSample,
    SampleTooLarge,
    ScopeEmpty,
    SeedAlreadyUsed,
)
from services.casefile.domain.refusals import CaseNotFound, RecordIdTaken, RecordNotFound
from services.casefile.domain.sampling import draw, hash_of
from services.casefile.history.population import Scope
from tests.casefile.world import actor, context, open_child

DAY = "2026-11-19"


def inspector(**options: Any) -> Context:
    who = actor("inspector", "i-501", "inspector")
    return context(actor=who, source="api", **options)


def order(**fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "unit": "town-1",
        "ordered_by": "county-1",
        "inspection_kind": "annual",
        "basis": "annual_plan",
        "starts_on": "2026-11-20",
        "ends_on": "2026-11-27",
        "since": "2026-09-01",
        "until": DAY,
        "as_of": DAY,
    } | fields


def lots(**fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "seed": "20261120-3861",
        "seed_source": "stock_index",
        "sample_size": 2,
    } | fields


def finding(**fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "finding_code": "not_supported",
        "severity": "moderate",
        "reply_by": "2026-11-25",
        "deadline": "2026-12-10",
        "text": "谈心记录无据可查",
    } | fields


def opened(casefile: Parts, **fields: Any) -> UUID:
    return casefile.casefile.open_inspection(order(**fields), inspector()).case_id


def drawn(casefile: Parts, inspection: UUID, **fields: Any) -> SampleDrawn:
    receipt = casefile.casefile.draw_sample(inspection, lots(**fields), inspector())
    rec = casefile.streams.fresh(inspection).records[receipt.record_id].rec
    assert isinstance(rec, SampleDrawn)
    return rec


def talk(casefile: Parts, case_id: UUID, **options: Any) -> UUID:
    body = {"occurred_on": DAY, "place": "school"}
    return casefile.casefile.record(case_id, "talk", body, context(**options)).record_id


def examined(case_id: UUID, record: UUID, **fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "case": str(case_id),
        "record": str(record),
        "against": "photo",
        "result": "agrees",
    } | fields


def called(case_id: UUID, record: UUID, **fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2026-11-20",
        "case": str(case_id),
        "record": str(record),
        "spoke_with": "guardian",
        "means": "phone",
        "result": "confirmed",
    } | fields


@pytest.fixture
def children(casefile: Parts) -> list[UUID]:
    return [open_child(casefile, name=f"禾苗{n}") for n in "甲乙丙丁戊"]


def test_an_inspection_is_pinned_to_the_log_as_it_stands(casefile: Parts, children: list[UUID]):
    head = casefile.recorder.head()

    inspection = opened(casefile)
    later = open_child(casefile, name="禾苗己")

    scope = Scope.of(casefile.streams.fresh(inspection).facts)
    assert scope.pinned.position == head
    assert set(casefile.populations.of(scope)) == set(children)
    assert later not in casefile.populations.of(scope)


def test_an_inspection_sent_again_is_the_same_one(casefile: Parts, children: list[UUID]):
    body = order(record_id=str(uuid4()))

    first = casefile.casefile.open_inspection(body, inspector())
    open_child(casefile, name="禾苗己")
    again = casefile.casefile.open_inspection(body, inspector())

    assert (again.record_id, again.position, again.is_replay) == (
        first.record_id,
        first.position,
        True,
    )
    assert str(first.case_id) == body["record_id"]


def test_a_scope_without_children_is_refused(casefile: Parts, children: list[UUID]):
    with pytest.raises(ScopeEmpty):
        opened(casefile, unit="school-2")


def test_a_child_s_id_is_no_inspection_s(casefile: Parts, children: list[UUID]):
    with pytest.raises(RecordIdTaken):
        opened(casefile, record_id=str(children[0]))


def test_the_sample_can_be_drawn_again_by_anybody(casefile: Parts, children: list[UUID]):
    sample = drawn(casefile, opened(casefile))

    redrawn = draw(dict.fromkeys(children, "all"), sample.seed, sample.sample_size)
    assert sample.cases == redrawn.cases
    assert sample.population_size == 5
    assert sample.population_hash == hash_of(children)


def test_the_population_is_that_of_the_cut_whatever_came_since(
    casefile: Parts, children: list[UUID]
):
    inspection = opened(casefile)
    for name in "己庚辛":
        open_child(casefile, name=f"禾苗{name}")

    sample = drawn(casefile, inspection, sample_size=5)

    assert set(sample.cases) == set(children)


def test_a_file_closed_within_the_time_is_drawn_too(casefile: Parts, children: list[UUID]):
    closing = {"occurred_on": "2026-11-18", "reason": "parent_returned"}
    casefile.casefile.record(children[0], "closure", closing, context())

    sample = drawn(casefile, opened(casefile), sample_size=5)

    assert children[0] in sample.cases
    later = opened(casefile, since="2026-11-19")
    assert drawn(casefile, later, sample_size=4).population_size == 4


def test_strata_are_the_units_of_the_cut(casefile: Parts, children: list[UUID]):
    far = open_child(casefile, name="禾苗己", school="school-2", class_unit=None)

    sample = drawn(
        casefile, opened(casefile), sample_size=2, stratified_by="school", at_least_one=True
    )

    assert far in sample.cases
    assert {(s.stratum, s.population, s.drawn) for s in sample.strata} == {
        ("school-1", 5, 1),
        ("school-2", 1, 1),
    }


def test_every_child_lies_in_a_township(casefile: Parts, children: list[UUID]):
    sample = drawn(casefile, opened(casefile, unit="county-1"), stratified_by="township")

    assert [(s.stratum, s.drawn) for s in sample.strata] == [("town-1", 2)]


def test_more_than_there_are_is_refused_with_the_number(casefile: Parts, children: list[UUID]):
    inspection = opened(casefile)

    with pytest.raises(SampleTooLarge) as refused:
        drawn(casefile, inspection, sample_size=6)

    assert refused.value.data["population"] == 5


def test_a_seed_is_used_once(casefile: Parts, children: list[UUID]):
    inspection = opened(casefile)
    drawn(casefile, inspection)

    with pytest.raises(SeedAlreadyUsed):
        drawn(casefile, inspection, sample_size=3)

    assert drawn(casefile, inspection, seed="other").seed == "other"
    assert drawn(casefile, opened(casefile)).seed == "20261120-3861"


def test_a_sample_sent_again_is_drawn_once(casefile: Parts, children: list[UUID]):
    inspection, body = opened(casefile), lots(record_id=str(uuid4()))

    first = casefile.casefile.draw_sample(inspection, body, inspector())
    again = casefile.casefile.draw_sample(inspection, body, inspector())

    assert again.position == first.position
    with pytest.raises(RecordIdTaken):
        casefile.casefile.draw_sample(inspection, body | {"seed": "other"}, inspector())


@pytest.mark.parametrize("field", ["cases", "population_size", "strata", "algorithm"])
def test_nobody_names_the_children_to_be_drawn(casefile: Parts, children: list[UUID], field: str):
    with pytest.raises(NotOfItsForm):
        drawn(casefile, opened(casefile), **{field: []})


def test_nothing_is_drawn_in_an_inspection_there_is_not(casefile: Parts):
    with pytest.raises(InspectionNotFound):
        drawn(casefile, uuid4())


def test_examining_leaves_the_file_as_it_is(casefile: Parts, children: list[UUID]):
    record = talk(casefile, children[0])
    inspection = opened(casefile)
    drawn(casefile, inspection, sample_size=5)
    before = casefile.streams.fresh(children[0]).version

    body = examined(children[0], record, result="differs", note="照片上是另一名儿童")
    casefile.casefile.examine(inspection, body, inspector())

    assert casefile.streams.fresh(children[0]).version == before
    facts = casefile.streams.fresh(inspection).facts
    assert facts[f"examined.{children[0]}.{record}"].value["result"] == "differs"


def test_what_was_not_drawn_is_not_examined(casefile: Parts, children: list[UUID]):
    inspection = opened(casefile)
    sample = drawn(casefile, inspection, sample_size=1)
    other = next(child for child in children if child not in sample.cases)

    with pytest.raises(NotInSample):
        casefile.casefile.examine(inspection, examined(other, talk(casefile, other)), inspector())


def test_a_record_examined_is_one_of_the_file(casefile: Parts, children: list[UUID]):
    inspection = opened(casefile)
    drawn(casefile, inspection, sample_size=5)

    with pytest.raises(RecordNotFound):
        casefile.casefile.examine(inspection, examined(children[0], uuid4()), inspector())


def test_nobody_examines_their_own_record(casefile: Parts, children: list[UUID]):
    mine = inspector()
    record = talk(casefile, children[0], actor=mine.actor)
    inspection = opened(casefile)
    drawn(casefile, inspection, sample_size=5)

    with pytest.raises(NotApart):
        casefile.casefile.examine(inspection, examined(children[0], record), mine)


def test_whoever_answers_for_the_child_does_not_call_the_guardian(
    casefile: Parts, children: list[UUID]
):
    answerable = {"occurred_on": DAY, "role": "child_supervisor", "staff": "s-301"}
    casefile.casefile.record(children[0], "worker", answerable, context())
    record = talk(casefile, children[0])
    inspection = opened(casefile)
    drawn(casefile, inspection, sample_size=5)
    supervisor = context(actor=actor("county", "s-301", "child_supervisor"))

    with pytest.raises(NotApart):
        casefile.casefile.call_back(inspection, called(children[0], record), supervisor)


def test_what_a_guardian_confirms_has_the_highest_grade(casefile: Parts, children: list[UUID]):
    record = talk(casefile, children[0])
    inspection = opened(casefile)
    drawn(casefile, inspection, sample_size=5)

    casefile.casefile.call_back(inspection, called(children[0], record), inspector())

    file = casefile.streams.fresh(children[0])
    assert added(file.entries)[record].name == "CONFIRMED"
    last = file.entries[-1]
    assert (last.kind.slug, last.env.source) == ("confirmation", "system")


def test_what_a_guardian_does_not_confirm_leaves_no_trace_in_the_file(
    casefile: Parts, children: list[UUID]
):
    record = talk(casefile, children[0])
    inspection = opened(casefile)
    drawn(casefile, inspection, sample_size=5)
    before = casefile.streams.fresh(children[0]).version

    body = called(children[0], record, result="not_confirmed", note="奶奶说没有这回事")
    casefile.casefile.call_back(inspection, body, inspector())

    assert casefile.streams.fresh(children[0]).version == before


def test_notes_are_sealed(casefile: Parts, children: list[UUID]):
    record = talk(casefile, children[0])
    inspection = opened(casefile, note="重点看甲")
    drawn(casefile, inspection, sample_size=5)

    body = called(children[0], record, result="not_confirmed", note="奶奶说没有这回事")
    casefile.casefile.call_back(inspection, body, inspector())
    casefile.casefile.raise_finding(inspection, finding(unit="school-1"), inspector())

    stored = b"".join(row[2] for row in casefile.recorder.stream(inspection))
    for text in ("重点看甲", "奶奶说没有这回事", "谈心记录无据可查"):
        assert text.encode() not in stored


def answer(found: UUID, **fields: Any) -> dict[str, Any]:
    body = {"occurred_on": "2026-11-20", "finding": str(found), "text": "当日确有谈心"}
    return body | fields


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
