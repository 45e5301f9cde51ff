"""The whole demo from one seed, block by block, so that memory stays flat however many children."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.children import BLOCK, Child, children
from services.casefile.demo.county import SINCE, County, Unit, Worker, county
from services.casefile.demo.gatherings import Gatherings
from services.casefile.demo.names import Names, Numbers
from services.casefile.demo.planned import Planned, Script
from services.casefile.demo.recording import Diary
from services.casefile.demo.rules import rules
from services.casefile.demo.story import Storyteller
from services.casefile.demo.turns import found_alone, handed_over
from services.casefile.domain.stream_ids import staff_stream, unit_stream


@dataclass(frozen=True)
class Block:
    """One county's streams. `children` is what only the generator knows: who is who."""

    county: County
    children: list[Child]
    streams: list[list[Planned]]


def generate(seed: int, total: int, today: date) -> Iterator[Block]:
    """Blocks of up to 250 children; the same seed and day give the same blocks."""
    calendar, numbers = Calendar(today), Numbers()
    for number, size in enumerate(_sizes(total)):
        random = Random(f"{seed}:{number}")  # noqa: S311
        yield _block(number, size, Names(random, numbers), random, calendar)


def _sizes(total: int) -> list[int]:
    whole, rest = divmod(total, BLOCK)
    return [BLOCK] * whole + ([rest] if rest else [])


def _block(number: int, size: int, names: Names, random: Random, calendar: Calendar) -> Block:
    diary = Diary(calendar, random)
    place = county(number, random)
    young = children(place, size, random, names, calendar.today)
    storyteller = Storyteller(calendar, random, names)
    scripts = {child.case_id: storyteller.tell(child, place) for child in young}
    _special(place, young, scripts, calendar, diary)
    sessions = [[one] for one in Gatherings(calendar, diary, random).hold(young, scripts)]
    before = datetime.combine(calendar.start - timedelta(days=1), time(8), UTC)
    streams = [[_registered(unit, place, before)] for unit in place.units]
    streams += [[_hired(worker, place, before)] for worker in place.staff]
    streams += [script.in_order() for script in scripts.values()]
    if number == 0:
        streams.append(rules(place, calendar))
    return Block(place, young, streams + sessions)


def _special(
    place: County,
    young: list[Child],
    scripts: dict[UUID, Script],
    calendar: Calendar,
    diary: Diary,
) -> None:
    """One child of every county is found alone; one class changes its teacher."""
    open_ones = [c for c in young if not any(p.slug == "closure" for p in scripts[c.case_id].lines)]
    day = calendar.today - timedelta(days=45)
    settled = [c for c in open_ones if scripts[c.case_id].lines[0].occurred_on < day]
    if settled:
        found_alone(scripts[settled[-1].case_id], settled[-1], diary, day)
    successor = next((w for w in place.staff if w.staff == "t-demo"), None)
    for child in settled:
        if successor is not None and child.class_unit == successor.unit:
            changed_on = calendar.today - timedelta(days=20)
            handed_over(scripts[child.case_id], child, successor, changed_on, diary)


def _registered(unit: Unit, place: County, at: datetime) -> Planned:
    stream = unit_stream(unit.code)
    body = {
        "code": unit.code,
        "unit_name": unit.name,
        "unit_kind": unit.kind,
        "valid_from": SINCE.isoformat(),
        "parent": unit.parent,
        "division": unit.division,
    }
    told = {name: value for name, value in body.items() if value is not None}
    return Planned(
        stream, "unit_registration", told, SINCE, at, place.officer, uuid5(stream, "registration")
    )


def _hired(worker: Worker, place: County, at: datetime) -> Planned:
    stream = staff_stream(worker.staff)
    body = {
        "staff": worker.staff,
        "role": worker.role,
        "unit": worker.unit,
        "starts_on": SINCE.isoformat(),
    }
    return Planned(
        stream, "staff_registration", body, SINCE, at, place.officer, uuid5(stream, "registration")
    )
