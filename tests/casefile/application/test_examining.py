"""Records examined and guardians called in an inspection: seen, graded, and left as they are."""

from uuid import UUID, uuid4

import pytest

from services.casefile.composition import Parts
from services.casefile.domain.evidence_grade import added
from services.casefile.domain.inspection_refusals import (
    NotApart,
    NotInSample,
)
from services.casefile.domain.refusals import RecordNotFound
from tests.casefile.inspected import DAY, called, drawn, examined, finding, inspector, opened, talk
from tests.casefile.world import actor, context


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
