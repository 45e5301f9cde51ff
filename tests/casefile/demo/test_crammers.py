"""The workers of the demo who write everything down before an inspection are those to ask."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.generating import Block, generate
from services.casefile.demo.planned import Planned
from services.casefile.domain.backfill.header import Asked, Header
from services.casefile.domain.backfill.panel import Panel, panel
from services.casefile.domain.cadence.days import day_in_china
from services.casefile.readmodels.backfill import WITHOUT

TODAY = date(2026, 11, 21)


def headers(block: Block) -> Iterator[tuple[str, Header]]:
    villages = {child.case_id: child.village for child in block.children}
    for line in (line for stream in block.streams for line in stream):
        if line.stream_id in villages and line.slug not in WITHOUT:
            yield line.worker.staff, header(line, villages[line.stream_id])


def header(line: Planned, village: str) -> Header:
    return Header(
        line.worker.staff,
        line.worker.unit,
        line.worker.role,
        line.stream_id,
        line.slug,
        "demo",
        line.occurred_on.toordinal(),
        day_in_china(line.recorded_at).toordinal(),
        village=village,
        township=village.rpartition("-")[0],
    )


def read(block: Block, *, announced: bool) -> Panel:
    asked = Asked(
        since=(TODAY - timedelta(days=365)).toordinal(),
        until=TODAY.toordinal(),
        announced_on=Calendar(TODAY).inspections[-1].toordinal() if announced else None,
    )
    subjects = defaultdict(list)
    for worker, each in headers(block):
        if each.recorded_on >= asked.since:
            subjects[worker].append(each)
    return panel(subjects, asked)


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("seed", [2026, 1, 2])
def test_crammers_are_asked_about_and_the_honest_are_not(seed: int, *, announced: bool) -> None:
    [block] = generate(seed, 250, TODAY)
    character = {worker.staff: worker.character for worker in block.county.staff}

    found = read(block, announced=announced)

    asked = [r.subject for r in found.readings if r.outcome == "worth_asking"]
    crammers = {
        r.subject
        for r in found.readings
        if character[r.subject] == "cramming" and r.chance is not None
    }
    assert crammers
    assert crammers <= set(asked)
    assert "honest" not in {character[subject] for subject in asked}
