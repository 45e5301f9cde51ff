"""A report about one unit reads only the files that can matter, and says the same as if it read all."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.record import StreamType
from services.casefile.domain.stream_ids import staff_stream, unit_stream
from services.casefile.exporting.lines import as_document
from services.casefile.following.lease import session
from services.casefile.history.candidates import candidates, placing_topics
from services.casefile.history.cohort import CASES, Cohort
from services.casefile.history.pinning import Pinned
from services.casefile.labels import labels
from services.casefile.reports.asking import Asked, Definition, NoChildInScope, Reader
from services.casefile.reports.drawing import Reports
from services.casefile.reports.registry import DEFINITIONS
from tests.casefile.history.bygone import Bygone, noon
from tests.casefile.reports.drawn import INSPECTOR, OPERATOR
from tests.casefile.reports.work_done import done
from tests.casefile.rulebooks.policies import policy

UNITS = ("county-1", "town-1", "school-1", "school-2", "class-31", "village-1", "village-7")
SCOPED = [each for each in DEFINITIONS if "unit" in each.parameters and each.code != "R15"]
TO_2 = {"school": "school-2"}
CUTS: tuple[dict[str, Any], ...] = (
    {},
    {"as_of": date(2025, 2, 15)},
    {"as_of": date(2025, 3, 20), "known_at": noon("2025-03-20")},
)


@pytest.fixture
def moved(past: Bygone) -> Bygone:
    """Children who stayed, moved, moved back, were entered late, put right, and taken away again."""
    past.adopted(policy(effective_from=date(2024, 9, 1)), "2024-08-01")
    signed_registered_and_paid(past)
    village = past.registered("village-7", "village", "town-1")
    past.told(village, "unit_move", "2025-03-01", parent="county-1", valid_from="2025-03-01")
    everybody: list[UUID] = []
    school = {"school": "school-2", "village": None, "class_unit": None}
    for fields in ({}, {}, school, {"village": "village-7", "school": None, "class_unit": None}):
        stayed = past.opened("2024-09-01", **fields)
        past.told(stayed, "talk", "2025-02-10", place="school", mood="calm")
        everybody.append(stayed)
    away, back, late = (past.opened("2024-09-01") for _ in range(3))
    to_2 = {"reason": "school_change"} | TO_2
    past.told(away, "transfer", "2025-03-01", **to_2)
    past.told(back, "transfer", "2025-02-01", **to_2)
    past.told(back, "transfer", "2025-04-01", reason="school_change", school="school-1")
    past.told(late, "transfer", "2025-03-01", lag=60, **to_2)
    past.told(unit_stream("school-2"), "baseline_survey", "2025-01-10", campaign="winter",
              method="school_roll", started_on="2025-01-01", ended_on="2025-01-10",
              children=155, left_behind=17)  # fmt: skip
    done(past, [*everybody, away, back, late])
    corrected, annulled = (past.opened("2024-09-01") for _ in range(2))
    past.write()
    past.on("2025-05-10")
    to_7 = {"reason": "moved", "school": "school-1", "village": "village-7"}
    past.correct(corrected, past.record(corrected, "transfer", "2025-05-02", **to_7), **TO_2)
    past.annul(annulled, past.record(annulled, "transfer", "2025-05-02", **to_2))
    return past


def signed_registered_and_paid(past: Bygone) -> None:
    """Two children who have letters, registers and grants, and what units and staff did for them."""
    for fields in ({}, {"school": "school-2", "village": None, "class_unit": None}):
        child = past.opened("2024-09-01", **fields)
        past.told(child, "responsibility_letter", "2025-02-11", letter="safety",
                  signed_by="guardian")  # fmt: skip
        past.told(child, "external_registration", "2025-02-12", register="provincial",
                  state="entered")  # fmt: skip
        past.told(child, "grant", "2025-02-13", scheme="donation", amount_fen=9_000,
                  rhythm="once", payer="lottery_fund", starts_on="2025-02-13")  # fmt: skip
        past.told(child, "guardian_commendation", "2025-02-20", whom="guardian",
                  honour="excellent_guardian", awarded_by="county",
                  occasion="year_end")  # fmt: skip
    of_units_and_staff(past)


def of_units_and_staff(past: Bygone) -> None:
    """A budget, duties that were signed, and an agreement with somebody outside the county."""
    past.registered("aid-1", "social_organisation", None)
    past.told(unit_stream("school-2"), "budget_line", "2025-01-05", year=2025, payer="finance",
              budget_purpose="boarding", amount_fen=1_000, total_fen=9_000)  # fmt: skip
    past.told(unit_stream("aid-1"), "service_agreement", "2025-01-05", agreement="purchase-7",
              payer="lottery_fund", starts_on="2025-01-05", ends_on="2025-12-31",
              deliverables=[{"work": "talk", "count": 5}])  # fmt: skip
    past.told(staff_stream("t-101"), "duty_agreement", "2025-01-05", role="class_teacher",
              clauses=["know_results"])  # fmt: skip
    honours = {"awarded_by": "county", "occasion": "year_end"}
    for stream, slug, honour in (
        (unit_stream("school-2"), "unit_commendation", "advanced_unit"),
        (unit_stream("class-31"), "unit_commendation", "advanced_class"),
        (staff_stream("t-101"), "commendation", "excellent_class_teacher"),
    ):
        past.told(stream, slug, "2025-02-20", honour=honour, **honours)
    past.told(staff_stream("d-201"), "staff_assessment", "2025-02-10", year=2025,
              outcome="competent", assessed_by="township")  # fmt: skip


def ways(world: Bygone) -> tuple[Reports, Reports]:
    """With the files chosen beforehand, and with all of them read."""
    parts = world.parts
    everything = Cohort(
        parts.recorder, parts.cohort.conninfo, parts.mapper, lambda: world.now, reads_all=True
    )
    return parts.reports, Reports(everything, parts.keyring)


def said(
    reports: Reports, each: Definition, unit: str, pinned: Pinned, reader: Reader = INSPECTOR
) -> Any:
    needs = {"known_from": noon("2025-02-20")} if "known_from" in each.needs else {}
    try:
        report = reports.draw(each.code, Asked(unit=unit, **needs), pinned, reader)
    except NoChildInScope:
        return "nobody"
    return as_document(report, labels("zh"))


@pytest.mark.parametrize("each", SCOPED, ids=lambda each: each.code)
def test_a_report_of_a_unit_says_the_same_as_if_every_file_were_read(
    moved: Bygone, each: Definition
):
    chosen, whole = ways(moved)

    for cut in [chosen.pin(**cut) for cut in CUTS]:
        for unit in UNITS:
            assert said(chosen, each, unit, cut) == said(whole, each, unit, cut), (unit, cut)
    if OPERATOR.role in each.roles:
        hidden = (said(way, each, "town-1", cut, OPERATOR) for way in (chosen, whole))
        assert next(hidden) == next(hidden)


def test_only_the_files_that_ever_said_so_are_read(moved: Bygone):
    cut = moved.at()

    read = chosen(moved, CASES, "school-2")

    among = {child.id for child in cut.cases("school-2")}
    never = {child.id for child in cut.cases() if "school-2" not in set(ever(child.recorded))}
    assert among < read
    assert never
    assert not never & read


def test_a_question_without_children_reads_no_childs_file(moved: Bygone):
    read = chosen(moved, frozenset(("unit",)), None)

    assert unit_stream("school-2") in read
    assert not read & {child.id for child in moved.at().cases()}


def test_every_kind_that_can_say_where_a_child_belongs_is_looked_at(moved: Bygone):
    setting = {
        entry.kind.slug
        for child in moved.at().cases()
        for entry in child.recorded
        for path, _ in entry.rec.sets(entry)
        if path in ("child.school", "child.class_unit", "child.village")
    }

    assert setting == {"opening", "transfer"}
    assert all(catalogue().slug(slug).topic in placing_topics() for slug in setting)
    assert catalogue().slug("correction").topic in placing_topics()


def chosen(world: Bygone, types: frozenset[StreamType], unit: str | None) -> set[UUID]:
    cut = world.at()
    below = None if unit is None else cut.below(unit)
    with session(world.parts.cohort.conninfo, "test", {}) as link:
        return set(candidates(link, world.parts.mapper, cut.pinned.position, types, below))


def ever(entries: Iterable[Any]) -> Iterable[str | None]:
    for entry in entries:
        yield getattr(entry.rec, "school", None)
        yield getattr(entry.rec, "changes", {}).get("school")
