"""R22: money by where it comes from, budgets by purpose, and what was bought from others."""

from datetime import date
from typing import Any, get_args

from services.casefile.demo.county import Worker
from services.casefile.domain.families.codes import Payer
from services.casefile.domain.stream_ids import unit_stream
from services.casefile.reports.report import Share, Suppressed
from services.casefile.reports.sources import SOURCE_OF
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, OPERATOR, drawn, row, rows

DAY = "2025-09-05"
HELPER = Worker("w-901", "social_worker", "aid-1")
MONEY = ("children", "grants", "granted", "paid", "owed")


def granted(past: Bygone, child: Any, payer: str, fen: int, paid: int = 0, **more: str) -> None:
    body = {"scheme": "sponsorship", "rhythm": "once", "starts_on": DAY} | more
    grant = past.told(child, "grant", DAY, payer=payer, amount_fen=fen, **body)
    if paid:
        past.told(
            child, "disbursement", "2025-09-20", scheme=body["scheme"], amount_fen=paid,
            payee="guardian", grant=str(grant),
        )  # fmt: skip


def money(found: dict[str, Any]) -> list[Any]:
    return [found[name] for name in MONEY]


def test_every_payer_belongs_to_one_of_five_sources():
    assert set(SOURCE_OF) == set(get_args(Payer))
    assert len(set(SOURCE_OF.values())) == 5


def test_what_was_granted_and_paid_and_is_owed_is_counted_by_source_payer_and_scheme(past: Bygone):
    first, second = past.opened("2025-08-20"), past.opened("2025-08-20")
    granted(past, first, "foundation", 50_000, paid=20_000)
    granted(past, first, "foundation", 10_000, paid=10_000)
    granted(past, second, "lottery_fund", 30_000, scheme="lottery_project")
    granted(past, second, "finance", 40_000, rhythm="monthly", scheme="minimum_living")
    past.write()

    report = drawn(past, "R22", unit="county-1", **AUTUMN)

    society = row(report, "sources", source_of_money="society")
    assert money(society) == [2, 3, 90_000, 30_000, 60_000]
    payer = row(report, "payers", payer="foundation", scheme="sponsorship")
    assert money(payer) == [1, 2, 60_000, 30_000, 30_000]
    assert money(row(report, "payers", payer="finance"))[-1] is None
    assert len(rows(report, "sources")) == 5
    assert money(row(report, "sources", source_of_money="individuals")) == [0, 0, 0, 0, None]


def test_nothing_more_is_owed_of_a_grant_that_was_stopped(past: Bygone):
    child = past.opened("2025-08-20")
    grant = past.told(child, "grant", DAY, scheme="donation", amount_fen=9_000, rhythm="once",
                      payer="enterprise", starts_on=DAY)  # fmt: skip
    past.told(child, "funding_stop", "2025-10-05", scheme="donation", stops_on="2025-10-05",
              reason="sponsor_withdrew", grant=str(grant))  # fmt: skip
    past.write()

    before, after = (
        drawn(past, "R22", unit="county-1", since=date(2025, 9, 1), as_of=day)
        for day in (date(2025, 10, 1), date(2025, 10, 31))
    )

    assert row(before, "payers", payer="enterprise")["owed"] == 9_000
    assert row(after, "payers", payer="enterprise")["owed"] == 0


def test_the_share_of_public_funds_for_boarding_is_what_the_unit_set_down_last(past: Bygone):
    past.opened("2025-08-20")
    school, body = unit_stream("school-1"), {"year": 2025, "payer": "finance"}
    for day, fen in (("2025-03-01", 100_000), ("2025-09-01", 360_000)):
        past.told(school, "budget_line", day, budget_purpose="boarding", amount_fen=fen,
                  total_fen=4_800_000, **body)  # fmt: skip
    past.told(school, "budget_line", "2024-03-01", year=2024, payer="finance",
              budget_purpose="boarding", amount_fen=1, total_fen=2)  # fmt: skip
    past.write()

    [found] = rows(drawn(past, "R22", unit="town-1", **AUTUMN), "budget")

    assert (found["unit"], found["year"], found["amount"]) == ("school-1", "2025", 360_000)
    assert (found["share"], found["share"].percent) == (Share(3_600, 48_000), 7.5)
    assert rows(drawn(past, "R22", unit="class-31", **AUTUMN), "budget") == []


def bought(past: Bygone) -> None:
    """An agreement of a year: two visits inside it, one before it, one by somebody else."""
    past.registered("aid-1", "social_organisation", None)
    past.told(
        unit_stream("aid-1"), "service_agreement", "2025-09-01", agreement="purchase-7",
        payer="lottery_fund", starts_on="2025-09-10", ends_on="2026-08-31",
        deliverables=[{"work": "home_visit", "count": 10}, {"work": "talk", "count": 5}],
    )  # fmt: skip
    child, other = past.opened("2025-08-20"), past.opened("2025-08-20", school="school-2",
                                                          village=None, class_unit=None)  # fmt: skip
    for day in ("2025-09-09", "2025-09-10", "2025-10-10"):
        past.told(child, "home_visit", day, worker=HELPER, met=["guardian"])
    past.told(child, "home_visit", "2025-10-11", met=["guardian"])
    past.told(other, "home_visit", "2025-10-12", worker=HELPER, met=["child"])
    past.write()


def test_what_was_bought_is_laid_beside_what_its_provider_did(past: Bygone):
    bought(past)

    def visits(unit: str, **more: Any) -> tuple[int, int, int]:
        report = drawn(past, "R22", unit=unit, **(AUTUMN | more))
        found = row(report, "agreements", agreement="purchase-7", kind="home_visit")
        return found["agreed"], found["done"], found["children"]

    assert visits("county-1") == (10, 3, 2)
    assert visits("school-2") == (10, 1, 1)
    assert visits("county-1", until=date(2025, 9, 30)) == (10, 1, 1)
    talks = row(drawn(past, "R22", unit="county-1", **AUTUMN), "agreements", kind="talk")
    assert (talks["provider"], talks["agreed"], talks["done"]) == ("aid-1", 5, 0)


def test_an_agreement_that_does_not_run_on_the_days_asked_about_is_left_out(past: Bygone):
    bought(past)

    report = drawn(past, "R22", unit="county-1", since=date(2025, 8, 1), until=date(2025, 9, 9))

    assert rows(report, "agreements") == []


def test_whoever_may_not_read_cases_sees_no_small_number_of_children(past: Bygone):
    granted(past, past.opened("2025-08-20"), "foundation", 50_000)
    past.write()

    report = drawn(past, "R22", OPERATOR, unit="county-1", **AUTUMN)

    assert row(report, "payers", payer="foundation")["children"] == Suppressed(5)
