"""Every record of every child by its header, as it now reads."""

from datetime import date
from uuid import UUID

from services.casefile.domain.evidence_grade import Grade
from services.casefile.readmodels.entries import Entries, EntriesFilter, EntryRow
from tests.casefile.following.county import County
from tests.casefile.following.lives import live
from tests.casefile.world import actor, context, open_child


def one(world: County, record_id: UUID) -> EntryRow:
    rows = Entries(world.pool).all(EntriesFilter())
    return next(row for row in rows if row.record_id == record_id)


def countersign(world: County, case: UUID, target: UUID, outcome: str = "confirmed") -> UUID:
    body = {"occurred_on": "2026-11-20", "target": str(target), "outcome": outcome}
    by = context(actor=actor("supervisor", "s-301", "child_supervisor"))
    return world.parts.casefile.record(case, "countersignature", body, by).record_id


def test_a_row_says_who_did_it_who_typed_it_and_when(world: County) -> None:
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10", performed_by="t-102")
    world.follow()

    row = one(world, talk)

    assert (row.kind, row.occurred_on) == ("talk", date(2026, 11, 10))
    assert (row.performed_by, row.recorded_by, row.recorded_role) == (
        "t-102",
        "t-101",
        "class_teacher",
    )
    assert (row.source, row.state, row.has_reason) == ("web", "current", True)
    assert row.lag_days == (row.recorded_at.date() - row.occurred_on).days


def test_keys_are_nobody_s_record(world: County) -> None:
    case = open_child(world.parts)
    session = {"occurred_on": "2026-11-19", "session_kind": "forum", "unit": "school-1"}
    session |= {"present": [str(case)], "note": "谈了安全"}
    world.parts.casefile.hold_group_session(session, context())
    world.follow()

    rows = Entries(world.pool).page(EntriesFilter()).rows

    assert [(row.case_id, row.kind) for row in rows] == [
        (case, "opening"),
        (case, "group_attendance"),
    ]


def test_a_correction_shows_in_the_row_of_the_record_it_corrects(world: County) -> None:
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10")
    world.follow()
    world.correct(case, talk, occurred_on="2026-11-12")
    world.follow()

    row = one(world, talk)

    assert (row.state, row.occurred_on) == ("corrected", date(2026, 11, 12))
    assert row.amended_at is not None
    assert row.amended_at > row.recorded_at


def test_an_annulled_record_stays_in_the_list_and_says_so(world: County) -> None:
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10")
    world.follow()
    world.annul(case, talk)
    world.follow()

    [row] = Entries(world.pool).page(EntriesFilter(state="annulled")).rows

    assert (row.record_id, row.kind) == (talk, "talk")


def test_a_second_person_raises_the_grade_of_what_is_on_file(world: County) -> None:
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10")
    world.follow()
    before = one(world, talk).grade

    signed = countersign(world, case, talk)
    world.follow()

    assert (before, one(world, talk).grade) == (Grade.CLAIMED, Grade.SECOND_PERSON)
    world.annul(case, signed)
    world.follow()
    assert one(world, talk).grade == Grade.CLAIMED


def test_a_late_entry_that_is_justified_afterwards_has_a_reason(world: County) -> None:
    case = open_child(world.parts)
    body = {"occurred_on": "2026-11-19", "place": "school"}
    talk = world.parts.casefile.record(case, "talk", body, context()).record_id
    world.follow()
    before = one(world, talk).has_reason

    world.record(case, "late_entry_justification", target=str(talk), justification="下乡没有网络")
    world.follow()

    assert (before, one(world, talk).has_reason) == (False, True)


def test_records_are_found_by_worker_unit_kind_day_and_state(world: County) -> None:
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10")
    visit = world.record(case, "home_visit", "2026-11-12", met=["child"], performed_by="t-102")
    world.follow()

    def found(**asked: object) -> set[UUID]:
        rows = Entries(world.pool).all(EntriesFilter(**asked))  # type: ignore[arg-type]
        return {row.record_id for row in rows} & {talk, visit}

    assert found(staff="t-102") == {visit}
    assert found(under="town-1") == found(unit="class-31") == {talk, visit}
    assert found(under="village-1") == set()
    assert found(kind="talk") == {talk}
    assert found(occurred_since=date(2026, 11, 11)) == {visit}
    assert found(occurred_until=date(2026, 11, 11)) == {talk}
    assert found(recorded_until=date(2020, 1, 1)) == set()
    assert found(recorded_since=date(2020, 1, 1)) == {talk, visit}
    assert found(least_grade=2) == set()


def test_pages_go_through_the_log_in_its_order(world: County) -> None:
    case = open_child(world.parts)
    for day in range(2, 9):
        world.record(case, "talk", f"2026-11-{day:02}")
    world.follow()
    entries = Entries(world.pool)
    positions: list[int] = []
    after = None

    while True:
        page = entries.page(EntriesFilter(kind="talk"), after, 3)
        positions += [row.position for row in page.rows]
        if (after := page.next) is None:
            break

    assert len(positions) == 7
    assert positions == sorted(positions)


def with_keys_of_their_own(world: County, cases: list[UUID]) -> None:
    """Streams that are no child's and begin with keys, or get them on the way."""
    operator = context(actor=actor("operator", "o-1", "operator"), source="system")
    vetted = {"occurred_on": "2026-11-18", "inquiry": "references", "outcome": "clear"}
    session = {"occurred_on": "2026-11-18", "session_kind": "forum", "unit": "school-1"}
    world.parts.casefile.record_staff("t-101", "staff_vetting", vetted | {"remark": "无"}, operator)
    body = session | {"present": [str(case) for case in cases], "note": "座谈"}
    world.parts.casefile.hold_group_session(body, context())


def test_a_rebuild_gives_the_rows_that_were_followed(world: County) -> None:
    cases = live(world, children=3, records=80, seed=11)
    with_keys_of_their_own(world, cases)
    for case in cases[:2]:
        world.follow()
        countersign(world, case, world.record(case, "diary", text="今天很好。"))
    world.follow()

    [parity] = world.upkeep.rebuild(["entries"])

    assert parity.differences == ()
    assert parity.new_rows > 60
    assert world.rows() == world.folded()
