"""An inspection: opened over a scope, sampled by lot, closed."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.casefile.domain.families.examination import CallbackMade, RecordExamined
from services.casefile.domain.families.finding import FindingRaised
from services.casefile.domain.families.inspection import (
    InspectionClosed,
    InspectionOpened,
    SampleDrawn,
)
from services.casefile.domain.inspection_refusals import (
    FindingsOpen,
    InspectionAlreadyClosed,
    InspectionNotFound,
    NotInSample,
    SeedAlreadyUsed,
)
from services.casefile.domain.refusals import (
    AlreadyOnFile,
    EndBeforeStart,
    Implausible,
    RecordIdTaken,
)
from tests.casefile.domain.scenario import Scenario, opened, scenario

DRAWN, NOT_DRAWN, RECORD = UUID(int=1), UUID(int=2), UUID(int=9)


def opening(**fields) -> InspectionOpened:
    return InspectionOpened(
        **(
            {
                "unit": "town-1",
                "ordered_by": "county-1",
                "inspection_kind": "annual",
                "basis": "annual_plan",
                "starts_on": date(2026, 11, 20),
                "ends_on": date(2026, 11, 27),
                "since": date(2026, 9, 1),
                "until": date(2026, 11, 19),
                "as_of": date(2026, 11, 19),
                "position": 4711,
                "known_at": datetime(2026, 11, 20, 4, tzinfo=UTC),
            }
            | fields
        )
    )


def sample(**fields) -> SampleDrawn:
    return SampleDrawn(
        **(
            {
                "seed": "20261120-3861",
                "seed_source": "stock_index",
                "algorithm": "sha256-rank",
                "algorithm_version": 1,
                "sample_size": 1,
                "population_size": 155,
                "population_hash": "0" * 64,
                "cases": (DRAWN,),
            }
            | fields
        )
    )


def examined(**fields) -> RecordExamined:
    return RecordExamined(
        **({"case": DRAWN, "record": RECORD, "against": "photo", "result": "agrees"} | fields)
    )


def under_way() -> Scenario:
    return scenario().given(opening()).given(sample())


def finding(**fields) -> FindingRaised:
    return FindingRaised(
        **(
            {
                "finding_code": "not_supported",
                "severity": "moderate",
                "reply_by": date(2026, 11, 25),
                "deadline": date(2026, 12, 10),
                "text": "谈心记录无据可查",
                "worker": "t-109",
            }
            | fields
        )
    )


def closing(**fields) -> InspectionClosed:
    return InspectionClosed(**({"outcome": "completed", "summary": "总体良好"} | fields))


def test_an_inspection_has_a_scope_and_a_pinned_cut():
    inspection = scenario().record(opening())

    assert inspection.facts["inspection.state"] == "open"
    assert inspection.facts["inspection.unit"] == "town-1"
    assert inspection.facts["inspection.position"] == 4711


def test_an_inspection_is_opened_once():
    with pytest.raises(AlreadyOnFile):
        scenario().given(opening()).record(opening())


def test_a_child_s_file_is_never_an_inspection():
    with pytest.raises(RecordIdTaken):
        opened().record(opening())


def test_an_inspection_is_never_a_child_s_file():
    inspection = scenario().given(opening())

    with pytest.raises(RecordIdTaken):
        inspection.record(opened().entries[0].rec)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"as_of": date(2026, 11, 21)}, Implausible),
        ({"since": date(2026, 11, 20), "until": date(2026, 11, 20)}, Implausible),
        ({"until": date(2026, 8, 31)}, EndBeforeStart),
        ({"ends_on": date(2026, 11, 19)}, EndBeforeStart),
        ({"announced_on": date(2026, 11, 21)}, Implausible),
    ],
)
def test_days_that_do_not_fit_are_refused(fields: dict, refusal: type[Exception]):
    with pytest.raises(refusal):
        scenario().record(opening(**fields))


def test_what_was_drawn_is_on_file_with_its_seed():
    inspection = under_way()

    assert inspection.facts["samples.20261120-3861"] == {"sample_size": 1, "population_size": 155}
    assert inspection.facts[f"sampled.{DRAWN}"] == "20261120-3861"


def test_a_seed_is_used_once_in_an_inspection():
    with pytest.raises(SeedAlreadyUsed):
        under_way().record(sample(cases=(NOT_DRAWN,)))


def test_another_seed_draws_another_sample():
    inspection = under_way().record(sample(seed="20261121-3872", cases=(NOT_DRAWN,)))

    assert inspection.facts[f"sampled.{NOT_DRAWN}"] == "20261121-3872"


def test_a_sample_has_as_many_cases_as_it_says():
    with pytest.raises(Implausible):
        scenario().given(opening()).record(sample(sample_size=2, cases=(DRAWN, DRAWN)))


def test_nothing_is_drawn_without_an_inspection():
    with pytest.raises(InspectionNotFound):
        scenario().record(sample())


def test_nothing_is_done_before_the_inspection_was_opened():
    with pytest.raises(EndBeforeStart):
        under_way().record(examined(), on="2026-11-19")


def test_a_record_examined_again_counts_as_seen_last():
    inspection = under_way().record(examined()).record(examined(result="differs"))

    assert inspection.facts[f"examined.{DRAWN}.{RECORD}"] == {
        "against": "photo",
        "result": "differs",
    }


@pytest.mark.parametrize(
    "record",
    [
        examined(case=NOT_DRAWN),
        CallbackMade(
            case=NOT_DRAWN, record=RECORD, spoke_with="guardian", means="phone", result="confirmed"
        ),
    ],
)
def test_only_what_was_drawn_is_examined(record: RecordExamined | CallbackMade):
    with pytest.raises(NotInSample):
        under_way().record(record)


def test_a_guardian_who_was_called_back_confirms_a_record():
    called = CallbackMade(
        case=DRAWN, record=RECORD, spoke_with="guardian", means="phone", result="confirmed"
    )

    inspection = under_way().record(called)

    assert inspection.facts[f"callbacks.{DRAWN}.{RECORD}"]["result"] == "confirmed"


def test_a_closed_inspection_examines_nothing_more():
    inspection = under_way().record(closing())

    assert inspection.facts["inspection.state"] == "closed"
    for record in (examined(), sample(seed="other"), finding(), closing()):
        with pytest.raises(InspectionAlreadyClosed):
            inspection.record(record)


def test_open_findings_keep_an_inspection_open_unless_said_otherwise():
    inspection = under_way().record(finding())

    with pytest.raises(FindingsOpen) as refused:
        inspection.record(closing())

    assert refused.value.data == {"findings": 1}
    assert inspection.record(closing(leaves_open=True)).facts["inspection.state"] == "closed"
