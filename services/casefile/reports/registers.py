"""R21: which children the state's registers hold, to be compared with what the registers say."""

from collections.abc import Iterator

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.protection import ExternalRegistrationConfirmed
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.report import Cell, Column, Report, Row, Share, Table
from services.casefile.reports.tallying import Tally

REGISTERS = ("national_child_welfare", "provincial")
STRUCK_OFF, NOBODY_LOOKED = "struck_off", "nobody_looked"
STATES = (
    Column("dimension", "Register", "code"),
    Column("value", "External state", "code"),
    Column("share", "Children", "share"),
)
UNITS = (
    Column("dimension", "Register", "code"),
    Column("branch", "Unit", "unit"),
    Column("share", "Registered", "share"),
)
CHILDREN = (
    Column("case", "Case", "case"),
    Column("branch", "Unit", "unit"),
    Column("register", "Register", "code"),
    Column("external_state", "External state", "code"),
    Column("since", "Confirmed on", "day"),
    Column("entered", "Entered", "moment"),
    Column("staff", "By", "staff"),
)
NOTES = (
    "Counted are open files. Registered: entered, confirmed, or found with other particulars; not those struck off.",
    "Nobody looked: the file says nothing of this register. It does not say that the child is not in it.",
    "The list is for comparing with the register itself; Casefile does not ask the register.",
)


def draw(ground: Ground) -> Report:
    tally = Tally()
    places: dict[tuple[str, str], list[int]] = {}
    rows: list[Row] = []
    children = 0
    for child in ground.open_cases():
        children += 1
        place = branch(ground, child.places, ground.at.pinned.as_of) or ""
        latest = confirmed(child)
        for register in REGISTERS:
            entry = latest.get(register)
            state = state_of(entry)
            tally.add(register, state)
            held, of = places.setdefault((register, place), [0, 0])
            places[register, place] = [held + is_registered(state), of + 1]
            rows.append((child.id, place, register, state, *when(entry)))
    tables = [
        Table(name="registers", title="By register", columns=STATES, rows=list(tally.rows())),
        Table(name="units", title="By unit", columns=UNITS,
              rows=[(*key, Share(*places[key])) for key in sorted(places)]),
    ]  # fmt: skip
    if ground.reader.case_level:
        rows.sort(key=lambda row: (str(row[2]), str(row[3]), str(row[0])))
        tables.append(Table(name="children", title="To compare", columns=CHILDREN, rows=rows))
    return ground.report(children=children, tables=tables, notes=NOTES)


def confirmed(child: Seen) -> dict[str, Entry]:
    """The last word on each register."""
    latest: dict[str, Entry] = {}
    for entry in child.current:
        if isinstance(entry.rec, ExternalRegistrationConfirmed):
            known = latest.get(entry.rec.register)
            if known is None or order(known) <= order(entry):
                latest[entry.rec.register] = entry
    return latest


def order(entry: Entry) -> tuple[object, int]:
    return (entry.occurred_on, entry.version)


def state_of(entry: Entry | None) -> str:
    if entry is None:
        return NOBODY_LOOKED
    assert isinstance(entry.rec, ExternalRegistrationConfirmed)
    return entry.rec.state


def is_registered(state: str) -> bool:
    return state not in (STRUCK_OFF, NOBODY_LOOKED)


def when(entry: Entry | None) -> Iterator[Cell]:
    if entry is None:
        yield from (None, None, None)
    else:
        yield from (entry.occurred_on, entry.recorded_at, entry.env.recorded_by.staff)
