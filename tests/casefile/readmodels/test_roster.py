"""The roster: who is on file, found by where, how and by name; names stay sealed."""

from datetime import date
from uuid import UUID

import pytest

from services.casefile.domain.identifiers import normal_name
from services.casefile.readmodels.roster import Roster, RosterFilter
from tests.casefile.following.county import County
from tests.casefile.world import open_child


def test_a_case_shows_where_and_how_the_child_lives(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "care_level", level="key")
    world.record(case, "difficulty", categories=["illness", "orphan"])
    world.record(case, "guardian", guardian_type="grandparent", name="禾奶奶")
    world.record(case, "boarding", boarding="boarding")
    world.follow()

    [row] = Roster(world.pool).of([case])

    assert (row.status, row.village, row.school, row.grade) == ("open", "village-1", "school-1", 3)
    assert (row.sex, row.birth_year, row.population) == ("female", 2015, "left_behind")
    assert (row.care_level, row.guardian_type, row.boarding) == ("key", "grandparent", "boarding")
    assert row.difficulties == ["illness", "orphan"]
    assert (row.opened_on, row.closed_on) == (date(2026, 9, 1), None)


def test_names_are_sealed_in_the_roster_and_opened_by_disclosure(world: County) -> None:
    case = open_child(world.parts, name="禾苗甲")
    world.follow()

    [row] = Roster(world.pool).of([case])
    shown = world.parts.keys.disclosure(world.parts.streams.fresh(case))

    assert shown.plain(row.name) == "禾苗甲"
    assert "禾苗甲" not in str(world.table("roster"))


def test_a_child_is_found_by_name_however_it_is_spaced(world: County) -> None:
    case = open_child(world.parts, name="禾苗 甲")
    open_child(world.parts, name="禾苗乙")
    world.follow()

    found = Roster(world.pool).named(digest(world, "禾苗甲"))

    assert ids(found.rows) == [case]


def test_a_corrected_name_is_found_and_the_wrong_one_is_not(world: County) -> None:
    case = open_child(world.parts, name="禾苗甲")
    world.follow()
    [opening] = world.parts.streams.fresh(case).entries[1:]
    world.correct(case, opening.record_id, name="禾苗丙")
    world.follow()

    roster = Roster(world.pool)

    assert ids(roster.named(digest(world, "禾苗丙")).rows) == [case]
    assert roster.named(digest(world, "禾苗甲")).rows == []


def test_each_filter_finds_the_one_it_means(world: County) -> None:
    open_child(world.parts)
    case = open_child(world.parts, school="school-2", population="both", grade=5)
    world.record(case, "care_level", level="key")
    world.record(case, "difficulty", categories=["orphan"])
    world.record(case, "worker", role="mentor", staff="t-102")
    world.follow()
    filters = [
        RosterFilter(school="school-2"),
        RosterFilter(care_level="key", population="both"),
        RosterFilter(difficulty="orphan"),
        RosterFilter(grade=5),
        RosterFilter(staff="t-102"),
    ]

    found = [ids(Roster(world.pool).page(asked).rows) for asked in filters]

    assert found == [[case]] * len(filters)


def test_a_township_has_the_cases_of_its_villages_schools_and_classes(world: County) -> None:
    case = open_child(world.parts, school=None, class_unit=None)
    world.follow()
    roster = Roster(world.pool)

    assert ids(roster.page(RosterFilter(township="town-1")).rows) == [case]
    assert ids(roster.page(RosterFilter(township="county-1")).rows) == [case]
    assert roster.page(RosterFilter(township="school-1")).rows == []


def test_pages_follow_one_another_without_gap_or_repeat(world: County) -> None:
    cases = sorted(open_child(world.parts) for _ in range(7))
    world.follow()
    roster, seen, after = Roster(world.pool), [], None

    while True:
        page = roster.page(RosterFilter(status="open"), after, limit=3)
        seen += ids(page.rows)
        after = page.next
        if after is None:
            break

    assert seen == cases


def test_a_closed_case_says_when_and_a_reopened_one_is_open(world: County) -> None:
    case = open_child(world.parts)
    world.record(case, "closure", "2026-11-10", reason="moved_away")
    world.follow()
    [closed] = Roster(world.pool).of([case])
    world.record(case, "reopening", "2026-11-12", reason="又回来了")
    world.follow()
    [reopened] = Roster(world.pool).of([case])

    assert (closed.status, closed.closed_on) == ("closed", date(2026, 11, 10))
    assert (reopened.status, reopened.closed_on) == ("open", None)


def test_cases_are_counted_by_what_is_asked(world: County) -> None:
    open_child(world.parts)
    open_child(world.parts, population="both")
    open_child(world.parts, population="both")
    world.follow()

    counts = Roster(world.pool).counts(RosterFilter(school="school-1"), by="population")

    assert counts == {"both": 2, "left_behind": 1}


def test_only_known_columns_are_grouped_by(world: County) -> None:
    with pytest.raises(ValueError, match="group by"):
        Roster(world.pool).counts(RosterFilter(), by="1; DROP TABLE")


def digest(world: County, name: str) -> bytes:
    return world.parts.index.digest("name", normal_name(name))


def ids(rows: list) -> list[UUID]:
    return [row.case_id for row in rows]
