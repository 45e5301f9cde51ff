"""The children of a unit at a cut: who belonged then, what their files said, what was owed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.casefile.domain.refusals import CaseNotFound, UnitNotFound
from services.casefile.history.cohort import AtCut, Seen
from services.casefile.history.pinning import CutAhead, NothingOnFileYet
from tests.casefile.history.bygone import Bygone, bygone, noon
from tests.casefile.rulebooks.policies import policy, rule
from tests.servers import Database


@pytest.fixture
def past(database: Database, tmp_path: Path) -> Iterator[Bygone]:
    with bygone(database, tmp_path) as world:
        yield world


def children(cut: AtCut, unit: str | None = None) -> set[UUID]:
    return {child.id for child in cut.cases(unit)}


def test_a_child_belongs_to_her_units_and_to_all_above_them(past: Bygone):
    inside = past.opened("2024-09-01")
    outside = past.opened("2024-09-01", school="school-2", village=None, class_unit=None)
    past.write()

    cut = past.at()

    assert children(cut, "class-31") == children(cut, "village-1") == {inside}
    assert children(cut, "town-1") == children(cut) == {inside, outside}


def test_a_child_who_moved_belongs_where_she_was_on_the_day(past: Bygone):
    child = past.opened("2024-09-01")
    body = {"reason": "school_change", "school": "school-2"}
    past.told(child, "transfer", "2025-03-01", **body)
    past.write()

    before, after = (past.at(as_of=date(2025, 2, day)) for day in (28, 28))
    later = past.at(as_of=date(2025, 3, 1))

    assert children(before, "school-1") == children(after, "school-1") == {child}
    assert children(later, "school-2") == {child}


def test_a_move_that_was_not_on_file_yet_has_not_happened_in_the_file(past: Bygone):
    child = past.opened("2024-09-01")
    body = {"reason": "school_change", "school": "school-2"}
    past.told(child, "transfer", "2025-03-01", lag=60, **body)
    past.write()

    known = past.at(as_of=date(2025, 3, 10), known_at=noon("2025-03-10"))
    hindsight = past.at(as_of=date(2025, 3, 10))

    assert children(known, "school-2") == set()
    assert children(hindsight, "school-2") == {child}


def test_units_stand_above_each_other_as_they_did_then(past: Bygone):
    stream = past.registered("village-7", "village", "town-1")
    past.told(stream, "unit_move", "2025-03-01", parent="county-1", valid_from="2025-03-01")
    child = past.opened("2024-09-01", village="village-7", school=None, class_unit=None)
    past.write()

    assert children(past.at(as_of=date(2025, 2, 1)), "town-1") == {child}
    assert children(past.at(as_of=date(2025, 4, 1)), "town-1") == set()


def test_a_child_opened_later_is_not_among_them(past: Bygone):
    past.opened("2025-05-01")
    past.write()

    assert children(past.at(as_of=date(2025, 4, 30))) == set()


def test_what_was_appended_after_the_pinned_position_changes_nothing(past: Bygone):
    child = past.opened("2024-09-01")
    past.write()
    pinned = past.parts.cohort.pin()
    past.opened("2024-09-02")
    past.write()

    [seen] = past.parts.cohort.at(pinned).cases()

    assert seen.id == child


def test_the_same_three_numbers_are_the_same_cut(past: Bygone):
    past.opened("2024-09-01")
    past.write()

    pinned = past.parts.cohort.pin()
    again = past.parts.cohort.pin(pinned.as_of, pinned.known_at, pinned.position)

    assert again == pinned
    assert pinned.known_at.microsecond == 0


def test_a_position_alone_brings_the_moment_it_was_recorded_at(past: Bygone):
    past.opened("2024-09-01")
    past.write()
    position, recorded_at = past.parts.recorder.place(past.parts.recorder.head()) or (0, None)

    pinned = past.parts.cohort.pin(position=position)

    assert pinned.known_at == recorded_at == datetime(2024, 9, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("hour", ["2024-09-01T12:00:00+08:00", "2024-11-15T00:00:00+08:00"])
def test_a_moment_is_pinned_to_the_last_event_recorded_by_then(past: Bygone, hour: str):
    for month in range(9, 13):
        past.opened(f"2024-{month:02}-01")
    past.write()
    known_at = datetime.fromisoformat(hour)

    pinned = past.parts.cohort.pin(known_at=known_at)

    recorded = [recorded_at for *_, recorded_at in past.parts.recorder.page(0, 1000)]
    held = past.parts.recorder.page(0, 1000)
    assert pinned.position == max(p for p, *_, recorded_at in held if recorded_at <= known_at)
    assert any(recorded_at > known_at for recorded_at in recorded)


def test_a_moment_before_the_first_event_is_refused(past: Bygone):
    past.write()

    with pytest.raises(NothingOnFileYet):
        past.parts.cohort.pin(known_at=noon("1999-01-01"))


@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": date(2999, 1, 1)},
        {"known_at": datetime(2999, 1, 1, tzinfo=UTC)},
        {"position": 2**50},
        {"as_of": date(2025, 6, 2), "known_at": noon("2025-06-01")},
    ],
)
def test_what_lies_ahead_is_refused(past: Bygone, asked: dict[str, Any]):
    past.write()

    with pytest.raises(CutAhead):
        past.parts.cohort.pin(**asked)


def test_a_unit_nobody_knew_of_by_then_is_refused(past: Bygone):
    past.registered("village-7", "village", "town-1", on="2025-01-01")
    past.write()

    assert past.at().unit("village-7").fact("unit.kind") == "village"
    with pytest.raises(UnitNotFound):
        past.at(as_of=date(2024, 12, 31)).unit("village-7")
    with pytest.raises(UnitNotFound):
        past.at().unit("village-99")


def test_a_case_that_was_not_on_file_by_then_is_refused(past: Bygone):
    child = past.opened("2025-05-01")
    past.write()

    assert past.at().case(child).is_open
    with pytest.raises(CaseNotFound):
        past.at(as_of=date(2025, 4, 30)).case(child)


def owed(seen: Seen) -> list[tuple[str, str]]:
    return [(o.window.key, o.outcome) for o in seen.obligations]


def test_what_was_owed_is_judged_by_the_rules_and_records_of_the_cut(past: Bygone):
    document = policy(rules=(rule(),), effective_from=date(2025, 3, 1))
    past.adopted(document, "2025-02-01")
    child = past.opened("2024-09-01")
    past.told(child, "talk", "2025-03-12", lag=3)
    past.write()
    past.on("2025-05-20")
    past.declare(child)
    past.on("2025-06-20")
    past.record(child, "talk", "2025-04-20", mood="calm")
    past.declare(child)

    first = past.at(known_at=noon("2025-06-30")).case(child)
    before = past.at(known_at=noon("2025-06-10")).case(child)
    unruled = past.at(known_at=noon("2025-01-15")).case(child)

    assert owed(first)[:2] == [("2025-03", "fulfilled"), ("2025-04", "late")]
    assert owed(before)[:2] == [("2025-03", "fulfilled"), ("2025-04", "missed")]
    assert owed(unruled) == []


def test_it_says_how_far_it_is(past: Bygone):
    past.opened("2024-09-01")
    past.opened("2024-09-02")
    past.write()
    told: list[tuple[int, int]] = []

    list(past.at().cases(report=lambda done, total: told.append((done, total))))

    assert told[-1][0] == told[-1][1] == len(told)
