"""What a unit's money is meant for, and what was bought from others."""

from datetime import date
from typing import Any

import pytest

from services.casefile.domain.families.budget import (
    BudgetLineSet,
    Deliverable,
    ServiceAgreementSigned,
)
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import scenario
from tests.casefile.domain.test_organisation import registered

VISITS = Deliverable(work="home_visit", count=240)


def line(**fields: Any) -> BudgetLineSet:
    usual = {
        "year": 2026, "payer": "finance", "budget_purpose": "boarding",
        "amount_fen": 3_600_000, "total_fen": 48_000_000,
    }  # fmt: skip
    return BudgetLineSet(**(usual | fields))


def agreement(**fields: Any) -> ServiceAgreementSigned:
    usual = {
        "agreement": "purchase-7", "payer": "lottery_fund", "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 8, 31), "deliverables": (VISITS,),
    }  # fmt: skip
    return ServiceAgreementSigned(**(usual | fields))


def test_the_last_line_of_a_year_payer_and_purpose_holds():
    unit = registered().record(line()).record(line(amount_fen=0)).record(line(payer="school"))

    assert unit.facts["budget.2026.finance.boarding"] == {"fen": 0, "total_fen": 48_000_000}
    assert unit.facts["budget.2026.school.boarding"]["fen"] == 3_600_000


def test_no_purpose_gets_more_than_there_is():
    with pytest.raises(Implausible):
        registered().record(line(amount_fen=48_000_001))


def test_an_agreement_says_what_is_to_be_done_by_when():
    unit = registered().record(agreement())

    found = unit.facts["agreements.purchase-7"]
    assert (found["deliverables"], found["ends_on"]) == ({"home_visit": 240}, date(2027, 8, 31))


def test_an_agreement_that_cannot_be_is_refused():
    with pytest.raises(EndBeforeStart):
        registered().record(agreement(ends_on=date(2026, 8, 31)))
    with pytest.raises(Implausible):
        registered().record(agreement(deliverables=(VISITS, VISITS)))


@pytest.mark.parametrize("record", [line(), agreement()], ids=lambda each: type(each).__name__)
def test_a_unit_that_does_not_exist_has_no_money(record: Any):
    with pytest.raises(NotOnFile):
        scenario().record(record)
