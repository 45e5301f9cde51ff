"""R26: how many children came to harm, and how many of the eligible had legal aid."""

from uuid import UUID

from services.casefile.reports.report import Share
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, OPERATOR, drawn, row, rows

DAY = "2025-10-10"


def befell(past: Bygone, child: UUID, kind: str, severity: str = "minor", on: str = DAY) -> UUID:
    return past.told(
        child, "incident", on, incident_kind=kind, severity=severity, place="school",
        account="课间摔倒。",
    )  # fmt: skip


def test_of_22_children_18_were_never_harmed_and_4_were(past: Bygone):
    children = [past.opened("2025-09-01") for _ in range(22)]
    for child in children[:4]:
        befell(past, child, "injury")
    befell(past, children[0], "traffic")
    past.write()

    report = drawn(past, "R26", unit="county-1", **AUTUMN)

    never = row(report, "children", measure="never_harmed")["children"]
    ever = row(report, "children", measure="ever_harmed")["children"]
    assert (never, never.percent) == (Share(18, 22), 81.8)
    assert (ever, ever.percent) == (Share(4, 22), 18.2)
    injury = row(report, "kinds", incident_kind="injury")
    assert (injury["incidents"], injury["children"], injury["minor"]) == (4, Share(4, 22), 4)


def test_a_near_miss_and_an_earlier_year_are_no_harm_of_these_days(past: Bygone):
    narrowly, earlier = past.opened("2024-09-01"), past.opened("2024-09-01")
    befell(past, narrowly, "drowning", "near_miss")
    befell(past, earlier, "burn", "serious", on="2025-05-05")
    past.write()

    report = drawn(past, "R26", unit="county-1", **AUTUMN)

    shares = {each["measure"]: each["children"].part for each in rows(report, "children")}
    assert shares == {
        "harmed": 0, "not_harmed": 2, "near_miss_only": 1, "ever_harmed": 1, "never_harmed": 1,
    }  # fmt: skip


def test_legal_aid_is_counted_of_the_incidents_a_lawyer_can_help_with(past: Bygone):
    child, other = past.opened("2025-09-01"), past.opened("2025-09-01")
    beaten = befell(past, child, "violence")
    run_over = befell(past, other, "traffic", "serious")
    befell(past, other, "traffic", "minor")
    befell(past, other, "fraud", "near_miss")
    befell(past, other, "injury", "critical")
    past.told(child, "legal_aid", "2025-11-01", form="representation", provider="law_firm",
              incident=str(beaten))  # fmt: skip
    past.told(other, "legal_aid", "2025-11-01", form="advice", provider="volunteer")
    past.write()

    report = drawn(past, "R26", unit="county-1", **AUTUMN)

    assert row(report, "aid", measure="legal_aid_granted")["share"] == Share(1, 2)
    assert {each["form"]: each["times"] for each in rows(report, "forms")} == {
        "advice": 1, "representation": 1,
    }  # fmt: skip
    assert [(each["case"], each["record"]) for each in rows(report, "unaided")] == [
        (other, str(run_over))
    ]


def test_every_eligible_incident_with_aid_is_a_hundred_percent(past: Bygone):
    child = past.opened("2025-09-01")
    for kind in ("violence", "fraud", "neglect", "suspected_abuse", "suspected_offence"):
        incident = befell(past, child, kind)
        past.told(child, "legal_aid", "2025-11-01", form="advice", provider="legal_aid_centre",
                  incident=str(incident))  # fmt: skip
    past.write()

    share = row(drawn(past, "R26", unit="county-1", **AUTUMN), "aid")["share"]

    assert (share, share.percent) == (Share(5, 5), 100.0)


def test_whoever_may_not_read_cases_sees_no_list_of_incidents(past: Bygone):
    befell(past, past.opened("2025-09-01"), "violence")
    past.write()

    report = drawn(past, "R26", OPERATOR, unit="county-1", **AUTUMN)

    assert "unaided" not in {table.name for table in report.tables}
