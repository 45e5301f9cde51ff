"""N02: a boy whose father is detained: home, school, money, and somebody who looks in every month."""

from services.casefile.domain.cadence.policy import Grace, Rule
from services.casefile.domain.cadence.shapes import CalendarShape
from tests.casefile.stories.town import DIRECTOR, Town

MONEY_BROUGHT = Rule(
    code="aid.monthly", title="每月送生活费", shape=CalendarShape(every="month"),
    kinds=("disbursement",), role="child_director", grace=Grace(days=3),
)  # fmt: skip


def test_n02_a_boy_whose_father_is_detained_keeps_home_school_and_allowance(town: Town):
    town.adopts("guardian-lost", rules=(MONEY_BROUGHT,))
    boy = town.opens(name="禾苗乙", sex="male", birth_date="2077-05-20")
    town.record(boy, "worker", role="child_director", staff="d-201", unit="village-1")

    # The father is detained: somebody is there the next day, and a relative takes the boy in.
    town.day("2089-09-04")
    lost = town.record(boy, "guardianship_loss", cause="detained", interim_care="nobody")
    emergency = town.record(
        boy, "emergency", emergency_kind="guardian_lost", called=["civil_affairs"], led_here=lost
    )
    town.day("2089-09-05")
    town.record(boy, "home_visit", DIRECTOR, met=["child"])
    town.day("2089-09-06")
    town.record(
        boy, "temporary_care", place="relative", ground="guardian_unable", starts_on="2089-09-06"
    )
    town.record(boy, "emergency_resolution", emergency=emergency, outcome="safe_elsewhere")

    # 4000 yuan of temporary relief pay the fees; the allowance comes, and rises.
    town.day("2089-09-10")
    grant = town.record(
        boy, "grant", scheme="temporary_relief", amount_fen=400_000, rhythm="once",
        payer="civil_affairs", starts_on="2089-09-10",
        uses=[{"purpose": "arrears", "fen": 310_000}, {"purpose": "prepayment", "fen": 90_000}],
    )  # fmt: skip
    town.record(
        boy, "disbursement", DIRECTOR, scheme="temporary_relief", amount_fen=400_000,
        payee="school", grant=str(grant),
    )  # fmt: skip
    town.day("2089-09-20")
    town.record(
        boy, "enrolment", scheme="minimum_living", starts_on="2089-10-01", rate_fen=24_500,
        rhythm="monthly", payer="civil_affairs",
    )  # fmt: skip
    town.day("2089-11-02")
    town.record(
        boy, "disbursement", DIRECTOR, scheme="minimum_living", amount_fen=24_500, payee="guardian"
    )
    town.day("2089-11-12")
    town.record(
        boy, "rate_change", scheme="minimum_living", from_fen=24_500, to_fen=65_000,
        effective_on="2089-12-01",
    )  # fmt: skip
    town.record(boy, "referral", to="social_organisation", need="mental_health")

    # November's money is not brought, and nobody brings it later.
    town.day("2089-12-20")
    town.record(
        boy, "disbursement", DIRECTOR, scheme="minimum_living", amount_fen=65_000, payee="guardian"
    )
    town.day("2090-01-15")
    town.record(boy, "in_kind_aid", items=[{"goods": "clothing", "count": 1}], giver="school")

    # What an inspector sees.
    facts = town.facts(boy)
    assert facts["rates.minimum_living.2089-10-01"] == 24_500
    assert facts["rates.minimum_living.2089-12-01"] == 65_000
    assert f"emergencies.{emergency}" not in facts
    for rule in ("visit.guardian_lost", "care.guardian_lost", "resolve.emergency"):
        assert town.states(boy, rule) == ["fulfilled"]

    # October's money came on 2 November, within the grace: made up, and not counted again.
    money = town.owed(boy, "aid.monthly")
    assert [money[f"2089-{month}"].state for month in ("09", "10", "11", "12")] == [
        "fulfilled", "fulfilled", "missed", "fulfilled",
    ]  # fmt: skip
    assert money["2089-10"].in_window is False
    assert money["2089-11"].answerable[-1].staff == "d-201"
    assert town.kinds(boy).count("obligation_missed") == 1
