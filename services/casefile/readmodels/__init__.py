"""Questions across children, answered from tables that followers keep: disposable, rebuildable.

Each file is one read model: its tables, how a child's records become its rows, and its questions.
The questions are plain SQL over a psycopg pool (`open_pool(conninfo)`); every list is a
`Page(rows, next)`: `rows` are typed structs, `next` is None or a tuple of plain strings to hand
back as `after`; `limit` is at most 200.

    Roster(pool).page(RosterFilter(village=…, school=…, class_unit=…, township=…, status=…,
                      population=…, care_level=…, grade=…, guardian_type=…, boarding=…,
                      difficulty=…, staff=…), after=None, limit=50) -> Page[RosterRow]
    Roster(pool).named(digest: bytes, after=None, limit=50) -> Page[RosterRow]
    Roster(pool).of(case_ids) -> list[RosterRow]
    Roster(pool).counts(RosterFilter(…), by="status") -> dict[str, int]
    Caseload(pool).page(CaseloadFilter(staff=…, unit=…, under=…, role=…, relation=…, case_id=…),
                        after=None, limit=50) -> Page[CaseloadRow]
    Caseload(pool).workers(CaseloadFilter(…), after=None, limit=50) -> Page[WorkerLoad]
    FundingLedger(pool).page(FundingFilter(case_id=…, scheme=…, payer=…, unit=…, entitlement=…),
                             after=None, limit=50) -> Page[FundingRow]
    FundingLedger(pool).unverified(granted_before: date, FundingFilter(…), after=None, limit=50)
                             -> Page[FundingRow]
    FundingLedger(pool).totals(FundingFilter(…), by="scheme") -> list[FundingTotal]
    WorkerActivity(pool).page(ActivityFilter(staff=…, unit=…, under=…, case_id=…, kind=…,
                              since_month=…, until_month=…), after=None, limit=50) -> Page[ActivityRow]
    WorkerActivity(pool).totals(ActivityFilter(…), by=("staff", "month")) -> list[ActivityTotal]
    Entries(pool).page(EntriesFilter(case_id=…, staff=…, unit=…, under=…, kind=…, source=…, state=…,
                       least_lag=…, least_grade=…, occurred_since=…, occurred_until=…,
                       recorded_since=…, recorded_until=…, after_position=…, until_position=…),
                       after=None, limit=50) -> Page[EntryRow]
    Entries(pool).all(EntriesFilter(…)) -> Iterable[EntryRow]
    Backfill(pool).report(BackfillAsked(since=…, until=…, by="worker", announced_on=…, among=…,
                       days_off=…)) -> BackfillReport
    Flags(pool).page(FlagFilter(staff=…, state=…, under=…, raised_by=…, inspection=…), after=None,
                     limit=50) -> Page[FlagRow]
    Units(pool).page(UnitFilter(kind=…, parent=…, under=…, on=…), after=None, limit=50) -> Page[UnitRow]
    Inspections(pool).page(InspectionFilter(unit=…, under=…, state=…, inspection_kind=…), today,
                      after=None, limit=50) -> Page[InspectionRow]
    Findings(pool).page(FindingFilter(inspection_id=…, case_id=…, worker=…, unit=…, state=…,
                      finding_code=…, overdue=…), today, after=None, limit=50) -> Page[FindingRow]
    Staff(pool).page(StaffFilter(staff=…, role=…, unit=…, under=…, on=date…), after=None,
                      limit=50) -> Page[StaffRow]
    ObligationBoard(pool).page(BoardFilter(states=("overdue", "missed"), accountable=…, unit=…,
                      under=…, village=…, school=…, class_unit=…, case_id=…, policy=…, rule=…,
                      obligor=…, due_since=…, due_until=…, ahead=…), now, after=None, limit=50)
                      -> Page[BoardRow]
    ObligationBoard(pool).upcoming(now, hours, BoardFilter(…), after=None, limit=50)
                      -> Page[ComingRow]
    ObligationBoard(pool).counts(BoardFilter(…), now, by="accountable", after=None, limit=50)
                      -> Page[BoardCount]
    ObligationBoard(pool).undecided(now) -> Undecided
    Compliance(pool).totals(OwedFilter(…), since, until, now, by="rule", after=None, limit=50)
                      -> ComplianceReport

    Quotas(pool, mapper, rulebooks).page(policy, rule, day, now, after=None, limit=50) -> Page[Quota]
    Quotas(pool, mapper, rulebooks).of(staff, day, now) -> list[Quota]

A sealed value in a row (`RosterRow.name`, `.birth_date`) is a `Sealed` as stored; `Disclosure` of
its case reveals it. `models(keyring, index)` gives all models to a follower, `obligation_models(…)`
those that the clock follows. To read one's own write: `Whereabouts(pool).wait_for(("roster",), position, timeout)` in `services.casefile.following`.
"""

from services.casefile.readmodels.all_models import models, obligation_models
from services.casefile.readmodels.pages import Page, Pool, open_pool

__all__ = ["Page", "Pool", "models", "obligation_models", "open_pool"]
