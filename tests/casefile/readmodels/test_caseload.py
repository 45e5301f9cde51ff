"""Who answers for whom, and how long ago each child was in contact."""

from datetime import date

from services.casefile.readmodels.caseload import Caseload, CaseloadFilter
from tests.casefile.following.county import County
from tests.casefile.following.lives import call
from tests.casefile.world import open_child

TODAY = date(2026, 11, 20)
ALL = CaseloadFilter()


def test_workers_and_mentors_have_the_child_in_their_caseload(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "worker", "2026-11-02", role="class_teacher", staff="t-101")
    world.record(case, "pairing", "2026-11-03", pairing_kind="teacher", mentor="t-102")
    world.follow()

    rows = Caseload(world.pool).page(ALL).rows

    assert [(r.staff, r.relation, r.role, r.since) for r in rows] == [
        ("t-101", "worker", "class_teacher", date(2026, 11, 2)),
        ("t-102", "pairing", "teacher", date(2026, 11, 3)),
    ]


def test_a_successor_takes_the_child_over(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "worker", "2026-11-02", role="class_teacher", staff="t-101")
    world.record(case, "worker", "2026-11-09", role="class_teacher", staff="t-102")
    world.follow()

    assert [r.staff for r in Caseload(world.pool).page(ALL).rows] == ["t-102"]


def test_a_closed_case_is_in_nobodys_caseload(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "worker", role="class_teacher", staff="t-101")
    world.record(case, "closure", reason="moved_away")
    world.follow()

    assert Caseload(world.pool).page(ALL).rows == []


def test_days_are_counted_from_the_last_contact_of_each_kind(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "worker", role="class_teacher", staff="t-101")
    world.record(case, "talk", "2026-11-10")
    world.record(case, "talk", "2026-10-05")
    world.record(case, "home_visit", "2026-11-01", met=["guardian"])
    world.record(case, "family_call", "2026-11-15", **call(connected=False))
    world.follow()

    [row] = Caseload(world.pool).page(CaseloadFilter(staff="t-101")).rows

    assert row.days_since(TODAY) == {"talk": 10, "home_visit": 19}


def test_an_annulled_contact_no_longer_counts(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "worker", role="class_teacher", staff="t-101")
    world.record(case, "talk", "2026-10-05")
    wrong = world.record(case, "talk", "2026-11-10")
    world.follow()
    world.annul(case, wrong)
    world.follow()

    [row] = Caseload(world.pool).page(ALL).rows

    assert row.contacts == {"talk": date(2026, 10, 5)}


def test_a_workers_load_counts_children_and_who_was_never_in_contact(world: County) -> None:
    for day in ("2026-11-03", None):
        case = open_child(world.parts)
        world.record(case, "worker", role="class_teacher", staff="t-101")
        world.record(case, "pairing", pairing_kind="teacher", mentor="t-101")
        if day:
            world.record(case, "talk", day)
    world.follow()

    [load] = Caseload(world.pool).workers(ALL).rows

    assert (load.staff, load.children, load.as_worker, load.as_mentor) == ("t-101", 2, 2, 2)
    assert (load.never_contacted, load.longest_ago) == (1, date(2026, 11, 3))


def test_loads_come_in_pages(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "worker", role="class_teacher", staff="t-101")
    world.record(case, "worker", role="mentor", staff="t-102")
    world.follow()
    caseload = Caseload(world.pool)

    first = caseload.workers(ALL, limit=1)
    second = caseload.workers(ALL, first.next, limit=1)

    assert [load.staff for load in (*first.rows, *second.rows)] == ["t-101", "t-102"]
    assert second.next is None
