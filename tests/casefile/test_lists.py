"""The lists a school and a county ask for, from what was recorded."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from services.casefile.composition import Parts, read_models
from services.casefile.following import Following, Upkeep
from services.casefile.readmodels.caseload import Caseload, CaseloadFilter
from services.casefile.readmodels.funding_ledger import FundingFilter, FundingLedger
from services.casefile.readmodels.pages import Pool, open_pool
from services.casefile.readmodels.roster import Roster, RosterFilter
from services.casefile.readmodels.worker_activity import ActivityFilter, WorkerActivity
from tests.casefile.world import context, open_child
from tests.servers import Database

DONATION = {
    "scheme": "donation",
    "amount_fen": 50_000,
    "rhythm": "once",
    "payer": "sponsor",
    "starts_on": "2026-11-18",
}


@pytest.fixture
def pool(database: Database) -> Iterator[Pool]:
    with open_pool(database.app) as opened:
        yield opened


def record(casefile: Parts, case_id, slug: str, **fields) -> None:
    casefile.casefile.record(case_id, slug, {"occurred_on": "2026-11-18", **fields}, context())


def follow(casefile: Parts, database: Database) -> None:
    every = read_models(casefile)
    Upkeep(database.app, casefile.recorder, casefile.mapper, every).prepare()
    with closing(Following(database.app, casefile.recorder, casefile.mapper, every)) as following:
        following.catch_up()


def test_the_roster_lists_a_class_and_counts_a_school(casefile: Parts, database, pool):
    girl = open_child(casefile)
    boy = open_child(casefile, name="禾苗乙", sex="male", class_unit=None)

    follow(casefile, database)

    roster = Roster(pool)
    in_class = roster.page(RosterFilter(class_unit="class-31"))
    assert [row.case_id for row in in_class.rows] == [girl]
    assert {row.case_id for row in roster.page(RosterFilter(township="town-1")).rows} == {girl, boy}
    assert roster.counts(RosterFilter(school="school-1"), by="sex") == {"female": 1, "male": 1}


def test_the_caseload_says_whom_a_teacher_stands_by(casefile: Parts, database, pool):
    case_id = open_child(casefile)
    record(casefile, case_id, "worker", role="class_teacher", staff="t-102", unit="class-31")
    record(casefile, case_id, "pairing", pairing_kind="teacher", mentor="t-102")

    follow(casefile, database)

    found = Caseload(pool).page(CaseloadFilter(staff="t-102")).rows
    assert {row.case_id for row in found} == {case_id}
    [load] = Caseload(pool).workers(CaseloadFilter(staff="t-102")).rows
    assert load.children == 1


def test_the_funding_ledger_keeps_the_sources_of_a_child_apart(casefile: Parts, database, pool):
    case_id = open_child(casefile)
    record(casefile, case_id, "grant", **DONATION)
    record(casefile, case_id, "grant", **(DONATION | {"scheme": "school_fund", "payer": "school"}))

    follow(casefile, database)

    found = FundingLedger(pool).page(FundingFilter(case_id=case_id)).rows
    assert {row.scheme for row in found} == {"donation", "school_fund"}


def test_the_worker_activity_shows_what_a_teacher_recorded_and_how_late(
    casefile: Parts, database, pool
):
    case_id = open_child(casefile)
    record(casefile, case_id, "talk", place="school")

    follow(casefile, database)

    [row] = WorkerActivity(pool).page(ActivityFilter(staff="t-101", kind="talk")).rows
    [talk] = casefile.history.timeline(case_id, kinds=("talk",))["rows"]
    assert (row.times, row.lag_days) == (1, talk["lag_days"])
