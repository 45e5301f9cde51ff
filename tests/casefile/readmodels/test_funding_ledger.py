"""Money promised, paid and verified, in integer fen."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.casefile.readmodels.funding_ledger import FundingFilter, FundingLedger, FundingRow
from tests.casefile.following.county import County
from tests.casefile.following.lives import GRANT
from tests.casefile.world import open_child

ALL = FundingFilter()


@pytest.fixture
def case(world: County) -> UUID:
    return open_child(world.parts)


def test_a_grant_is_promised_and_nothing_is_paid_yet(world: County, case: UUID) -> None:
    world.record(case, "grant", "2026-09-10", **GRANT)

    row = only(world)

    assert (row.entitlement, row.scheme, row.payer) == ("grant", "sponsorship", "foundation")
    assert (row.granted_fen, row.rate_fen, row.disbursed_fen) == (120_000, 120_000, 0)
    assert (row.granted_on, row.starts_on) == (date(2026, 9, 10), date(2026, 9, 1))
    assert (row.verified_fen, row.found, row.village) == (None, None, "village-1")


def test_payments_add_up_and_the_last_one_is_dated(world: County, case: UUID) -> None:
    grant = world.record(case, "grant", "2026-09-10", **GRANT)
    pay(world, case, grant, 30_000, "2026-10-10")
    pay(world, case, grant, 20_000, "2026-10-02")

    row = only(world)

    assert (row.disbursed_fen, row.disbursed_on) == (50_000, date(2026, 10, 10))


def test_what_arrived_is_what_somebody_found(world: County, case: UUID) -> None:
    grant = world.record(case, "grant", "2026-09-10", **GRANT)
    first = pay(world, case, grant, 30_000, "2026-10-02")
    second = pay(world, case, grant, 20_000, "2026-10-10")
    check(world, case, "2026-10-20", first, found="received")
    check(world, case, "2026-10-25", second, found="partly_received", received_fen=5_000)

    row = only(world)

    assert (row.verified_fen, row.verified_on) == (35_000, date(2026, 10, 25))
    assert row.found == "partly_received"


def test_a_later_check_of_the_same_payment_replaces_the_earlier(world: County, case: UUID) -> None:
    grant = world.record(case, "grant", "2026-09-10", **GRANT)
    payment = pay(world, case, grant, 30_000, "2026-10-02")
    check(world, case, "2026-10-20", payment, found="not_received")
    check(world, case, "2026-11-02", payment, found="received")

    row = only(world)

    assert (row.verified_fen, row.found) == (30_000, "received")


def test_a_stop_and_a_new_rate_are_on_the_grant_they_name(world: County, case: UUID) -> None:
    grant = world.record(case, "grant", "2026-09-10", **GRANT)
    about = {"scheme": "sponsorship", "grant": str(grant)}
    more = {"from_fen": 120_000, "to_fen": 150_000, "effective_on": "2026-10-01"}
    world.record(case, "rate_change", "2026-10-01", **about, **more)
    ended = {"stops_on": "2026-11-01", "reason": "moved_away"}
    world.record(case, "funding_stop", "2026-11-01", **about, **ended)

    row = only(world)

    assert (row.granted_fen, row.rate_fen) == (120_000, 150_000)
    assert row.stopped_on == date(2026, 11, 1)


def test_an_allowance_is_paid_on_the_enrolment_of_its_scheme(world: County, case: UUID) -> None:
    enrolled = {"scheme": "orphan_allowance", "starts_on": "2026-09-01", "rate_fen": 90_000}
    world.record(case, "enrolment", "2026-09-02", **enrolled)
    paid = {"scheme": "orphan_allowance", "amount_fen": 90_000, "payee": "guardian"}
    world.record(case, "disbursement", "2026-10-02", **paid)

    row = only(world)

    assert (row.entitlement, row.rate_fen, row.disbursed_fen) == ("enrolment", 90_000, 90_000)


def test_goods_are_worth_the_sum_of_their_items(world: County, case: UUID) -> None:
    items = [{"goods": "books", "value_fen": 500}, {"goods": "shoes", "value_fen": 4_500}]
    world.record(case, "in_kind_aid", items=items, giver="school")

    row = only(world)

    assert (row.entitlement, row.payer, row.disbursed_fen) == ("in_kind", "school", 5_000)


def test_an_annulled_payment_was_never_paid(world: County, case: UUID) -> None:
    grant = world.record(case, "grant", "2026-09-10", **GRANT)
    wrong = pay(world, case, grant, 30_000, "2026-10-02")
    world.follow()
    world.annul(case, wrong)

    assert only(world).disbursed_fen == 0


def test_grants_nobody_asked_about_are_listed_oldest_first(world: County, case: UUID) -> None:
    asked = world.record(case, "grant", "2026-09-03", **GRANT)
    later = world.record(case, "grant", "2026-09-20", **GRANT)
    sooner = world.record(case, "grant", "2026-09-10", **GRANT)
    world.record(case, "grant", "2026-11-10", **GRANT)
    world.record(case, "delivery_check", grant=str(asked), found="received", asked="child")
    world.follow()
    ledger = FundingLedger(world.pool)

    first = ledger.unverified(date(2026, 10, 20), ALL, limit=1)
    second = ledger.unverified(date(2026, 10, 20), ALL, first.next, limit=1)

    assert [row.record_id for row in (*first.rows, *second.rows)] == [sooner, later]
    assert second.next is None


def test_totals_are_counted_by_scheme_and_within_a_unit(world: County, case: UUID) -> None:
    grant = world.record(case, "grant", "2026-09-10", **GRANT)
    pay(world, case, grant, 30_000, "2026-10-02")
    world.record(case, "grant", "2026-09-10", **GRANT)
    world.follow()
    ledger = FundingLedger(world.pool)

    [total] = ledger.totals(FundingFilter(unit="town-1"))

    assert (total.group, total.entitlements, total.children) == ("sponsorship", 2, 1)
    assert (total.granted_fen, total.disbursed_fen, total.unverified) == (240_000, 30_000, 2)
    assert ledger.totals(FundingFilter(unit="school-2")) == []


def test_a_child_who_moves_takes_the_money_along(world: County, case: UUID) -> None:
    world.record(case, "grant", "2026-09-10", **GRANT)
    world.follow()
    world.record(case, "transfer", reason="school_change", school="school-2")

    assert only(world).school == "school-2"


def only(world: County) -> FundingRow:
    world.follow()
    [row] = FundingLedger(world.pool).page(ALL).rows
    return row


def pay(world: County, case: UUID, grant: UUID, fen: int, on: str) -> UUID:
    paid = {"scheme": "sponsorship", "amount_fen": fen, "payee": "guardian", "grant": str(grant)}
    return world.record(case, "disbursement", on, **paid)


def check(world: County, case: UUID, on: str, payment: UUID, **found: Any) -> None:
    world.record(case, "delivery_check", on, disbursement=str(payment), asked="guardian", **found)
