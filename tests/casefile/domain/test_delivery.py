"""Money paid out, goods given, and whether they came."""

from datetime import date
from uuid import UUID

import pytest

from services.casefile.domain.families.case import CaseClosed
from services.casefile.domain.families.correction import EntryAnnulled
from services.casefile.domain.families.delivery import (
    AidItem,
    FundingDeliveryVerified,
    FundingDisbursed,
    InKindAidGiven,
)
from services.casefile.domain.families.funding import FundingGranted, SchemeEnrolled
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import Scenario, opened

NOWHERE = UUID(int=7)


def granted(rhythm: str = "once") -> Scenario:
    return opened().given(
        FundingGranted(
            scheme="temporary_relief",
            amount_fen=400_000,
            rhythm=rhythm,
            payer="civil_affairs",
            starts_on=date(2026, 11, 1),
        ),
        "2026-11-01",
    )


def payment(fen: int, grant: UUID | None = None, **fields) -> FundingDisbursed:
    usual = {"scheme": "temporary_relief", "payee": "guardian"}
    return FundingDisbursed(amount_fen=fen, grant=grant, **(usual | fields))


def verified(found: str = "received", **fields) -> FundingDeliveryVerified:
    return FundingDeliveryVerified(found=found, asked="guardian", **fields)


def test_a_grant_may_be_paid_out_in_parts_up_to_the_last_fen():
    case = granted()
    grant = case.last_id

    case.record(payment(310_000, grant)).record(payment(90_000, grant))

    assert case.facts[f"disbursements.{case.last_id}"]["fen"] == 90_000


def test_no_more_is_paid_out_than_was_granted_once():
    case = granted()
    grant = case.last_id
    case.given(payment(310_000, grant))

    with pytest.raises(Implausible) as refusal:
        case.record(payment(90_001, grant))

    assert refusal.value.data["left_fen"] == 90_000


def test_an_annulled_payment_may_be_paid_again():
    case = granted()
    grant = case.last_id
    case.given(payment(400_000, grant))
    case.given(
        EntryAnnulled(
            target=case.last_id, of="disbursement", ground="did_not_happen", reason="退票"
        )
    )

    case.record(payment(400_000, grant))

    assert case.facts[f"disbursements.{case.last_id}"]["fen"] == 400_000


def test_a_monthly_grant_is_paid_every_month():
    case = granted("monthly")
    grant = case.last_id

    case.record(payment(400_000, grant)).record(payment(400_000, grant))

    assert case.facts[f"disbursements.{case.last_id}"]["grant"] == str(grant)


def test_an_allowance_is_paid_without_a_grant_to_the_enrolled():
    case = opened().given(
        SchemeEnrolled(scheme="temporary_relief", starts_on=date(2026, 10, 1)), "2026-10-01"
    )

    case.record(payment(24_500))

    assert case.facts[f"disbursements.{case.last_id}"]["grant"] is None


@pytest.mark.parametrize("grant", [None, NOWHERE])
def test_nothing_is_paid_that_was_not_promised(grant: UUID | None):
    with pytest.raises(NotOnFile):
        opened().record(payment(100, grant))


def test_a_payment_names_the_scheme_of_its_grant():
    case = granted()

    with pytest.raises(NotOnFile):
        case.record(payment(100, case.last_id, scheme="donation"))


def test_a_period_does_not_end_before_it_starts():
    case = granted()

    with pytest.raises(EndBeforeStart):
        case.record(
            payment(
                100,
                case.last_id,
                period_from=date(2026, 11, 30),
                period_until=date(2026, 11, 1),
            )
        )


def test_what_is_still_owed_is_paid_after_the_case_is_closed():
    case = granted()
    grant = case.last_id
    case.given(CaseClosed(reason="moved_away"), "2026-11-15")

    case.record(payment(400_000, grant))

    assert f"disbursements.{case.last_id}" in case.facts


def test_a_payment_is_found_to_have_arrived_in_part():
    case = granted()
    case.given(payment(400_000, case.last_id))
    paid = case.last_id

    case.record(verified("partly_received", disbursement=paid, received_fen=300_000))

    assert case.facts[f"deliveries.{paid}"] == {"found": "partly_received", "fen": 300_000}


def test_a_waiver_is_verified_on_its_grant():
    case = granted()
    grant = case.last_id

    case.record(verified(grant=grant))

    assert case.facts[f"deliveries.{grant}"]["found"] == "received"


def test_a_verification_names_what_was_verified():
    with pytest.raises(Implausible):
        granted().record(verified())


def test_a_part_that_arrived_is_named():
    case = granted()

    with pytest.raises(Implausible):
        case.record(verified("partly_received", grant=case.last_id))


def test_no_more_arrives_than_was_sent():
    case = granted()
    case.given(payment(100, case.last_id))

    with pytest.raises(Implausible):
        case.record(verified(disbursement=case.last_id, received_fen=101))


def test_all_that_was_sent_may_arrive():
    case = granted()
    case.given(payment(100, case.last_id))
    paid = case.last_id

    case.record(verified(disbursement=paid, received_fen=100))

    assert case.facts[f"deliveries.{paid}"]["fen"] == 100


@pytest.mark.parametrize("target", [{"disbursement": NOWHERE}, {"grant": NOWHERE}])
def test_what_is_not_on_file_is_not_verified(target: dict):
    with pytest.raises(NotOnFile):
        opened().record(verified(**target))


def test_goods_state_no_fact():
    before = opened().facts

    case = opened().record(
        InKindAidGiven(
            items=(AidItem(goods="quilt", value_fen=9_000),), giver="village", value_fen=9_000
        )
    )

    assert case.facts.keys() == before.keys()


def test_goods_are_not_worth_more_in_parts_than_in_all():
    goods = (AidItem(goods="quilt", value_fen=9_000), AidItem(goods="books", value_fen=1))

    with pytest.raises(Implausible):
        opened().record(InKindAidGiven(items=goods, giver="village", value_fen=9_000))
