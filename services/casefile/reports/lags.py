"""R4: how long after the day things were written down, and what was written down just before a day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.history.cohort import Seen
from services.casefile.history.rows import lag_days
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Share, Table

BANDS = ((0, 0), (1, 3), (4, 7), (8, 30), (31, 10_000))
BURST_DAYS, OLD_DAYS = timedelta(days=14), 30
DEADLINE = 7
OWN = (
    Column("records", "Records", "count"),
    Column("children", "Children", "count"),
    Column("in_time", "Entered within 7 days", "share"),
    Column("same_day", "Same day", "count"),
    Column("to_3", "1 to 3 days", "count"),
    Column("to_7", "4 to 7 days", "count"),
    Column("to_30", "8 to 30 days", "count"),
    Column("later", "More than 30 days", "count"),
    Column("middle", "Median lag in days", "text"),
    Column("burst", "Old, and entered in the last 14 days", "share"),
)
NOTES = (
    "Counted are records that people wrote of days asked about and that count; not the system's.",
    (
        "Old, and entered in the last 14 days: of days more than 30 days back when they were "
        "entered, and entered in the 14 days up to the last day asked about."
    ),
    "Imports are counted apart: taking over old files is not back-filling.",
    "A long lag is a question to whoever wrote it down, not an answer.",
)
Key = tuple[str, ...]
SYSTEM = ("system",)
IMPORTED = ("import",)


class Lags:
    """The lags of some records."""

    def __init__(self) -> None:
        self._lags: Counter[int] = Counter()
        self._children: set[UUID] = set()
        self._burst = 0

    def take(self, child: Seen, entry: Entry, *, burst: bool) -> None:
        self._lags[lag_days(entry)] += 1
        self._children.add(child.id)
        self._burst += burst

    @property
    def cells(self) -> Row:
        records = self._lags.total()
        bands = [self._between(first, last) for first, last in BANDS]
        in_time = Share(self._between(-10_000, DEADLINE), records)
        burst = Share(self._burst, records)
        bands[0] = self._between(-10_000, 0)
        return (records, len(self._children), in_time, *bands, self._median(), burst)

    def _between(self, first: int, last: int) -> int:
        return sum(count for lag, count in self._lags.items() if first <= lag <= last)

    def _median(self) -> int:
        half, seen = (self._lags.total() + 1) // 2, 0
        for lag in sorted(self._lags):
            seen += self._lags[lag]
            if seen >= half:
                return lag
        return 0


def draw(ground: Ground) -> Report:
    kinds: defaultdict[Key, Lags] = defaultdict(Lags)
    units: defaultdict[Key, Lags] = defaultdict(Lags)
    people: defaultdict[Key, Lags] = defaultdict(Lags)
    sources: defaultdict[Key, Lags] = defaultdict(Lags)
    children: set[UUID] = set()
    for child, entry in written(ground, ground.cases()):
        children.add(child.id)
        burst = is_burst(ground, entry)
        sources[entry.env.source,].take(child, entry, burst=burst)
        if entry.env.source in IMPORTED:
            continue
        by = entry.env.recorded_by
        kinds[entry.kind.slug,].take(child, entry, burst=burst)
        units[by.unit,].take(child, entry, burst=burst)
        people[by.staff, by.role, by.unit].take(child, entry, burst=burst)
    tables = [
        listed("kinds", "By kind", (Column("kind", "Kind", "code"),), kinds),
        listed("units", "By unit", (Column("unit", "Unit", "unit"),), units),
        listed("sources", "By way of entry", (Column("source", "Way of entry", "code"),), sources),
    ]
    if ground.reader.case_level:
        tables.insert(2, listed("people", "By who wrote it down", WHO, people))
    return ground.report(children=len(children), tables=tables, notes=NOTES, days=True)


WHO = (
    Column("staff", "Member of staff", "staff"),
    Column("role", "Role", "code"),
    Column("unit", "Unit", "unit"),
)


def listed(name: str, title: str, by: tuple[Column, ...], lags: Mapping[Key, Lags]) -> Table:
    rows = [(*key, *lags[key].cells) for key in sorted(lags)]
    return Table(name=name, title=title, columns=(*by, *OWN), rows=rows)


def written(ground: Ground, children: Iterable[Seen]) -> Iterator[tuple[Seen, Entry]]:
    """What people wrote of the days asked about, as far as it counts."""
    for child in children:
        for entry in child.current:
            if ground.in_days(entry.occurred_on) and is_own(entry) and is_by(ground, entry):
                yield child, entry


def is_own(entry: Entry) -> bool:
    """Whether a person wrote it, of something that happened."""
    is_ours = entry.env.source in SYSTEM or entry.kind.slug == "keys"
    return not is_ours and not entry.kind.amends


def is_by(ground: Ground, entry: Entry) -> bool:
    return ground.asked.staff in (None, entry.env.recorded_by.staff)


def is_burst(ground: Ground, entry: Entry) -> bool:
    """Late by more than 30 days, and entered in the last fortnight before the last day."""
    lag = lag_days(entry)
    entered = entry.occurred_on + timedelta(days=lag)
    return lag > OLD_DAYS and ground.until - BURST_DAYS < entered <= ground.until
