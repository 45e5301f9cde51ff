"""Inspections as commands: a pinned cut, and a sample anybody can redraw."""

from uuid import UUID, uuid4

import pytest

from services.casefile.application.submissions import NotOfItsForm
from services.casefile.composition import Parts
from services.casefile.domain.inspection_refusals import (
    InspectionNotFound,
    SampleTooLarge,
    ScopeEmpty,
    SeedAlreadyUsed,
)
from services.casefile.domain.refusals import RecordIdTaken
from services.casefile.domain.sampling import draw, hash_of
from services.casefile.history.population import Scope
from tests.casefile.inspected import drawn, inspector, lots, opened, order
from tests.casefile.world import context, open_child


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
