"""R25: what children answered in a questionnaire: so many of so many, and never who.

Options are codes and stand in the log as they are; words that a child wrote are sealed with her
key, and no key is asked for here: they are only counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.instrument import Answer
from services.casefile.domain.families.school import SurveyResponseRecorded
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Share, Table

# Questionnaires whose wording is known; of others, an option that nobody chose is not known of.
OPTIONS: Mapping[tuple[str, int], Mapping[str, tuple[str, ...]]] = {
    ("left-behind-life", 1): {"confide_in": ("parents", "teachers", "guardian")},
}
NOT_ANSWERED, IN_WORDS = "not_answered", "in_own_words"
QUESTIONNAIRES = (
    Column("instrument", "Questionnaire"),
    Column("instrument_version", "Version", "text"),
    Column("answered", "Children who answered", "share"),
    Column("alone", "Filled in without help", "share"),
)
ANSWERS = (
    Column("dimension", "Survey question", "code"),
    Column("option", "Answer given", "code"),
    Column("children", "Children", "share"),
)
NOTES = (
    (
        "A child counts once for each questionnaire and version, with her last answers on the days "
        "asked about, and belongs to N whether or not she answered every question."
    ),
    (
        "What a child wrote in her own words is sealed and is not opened for this report; it is "
        "counted as an answer in words. There is no list of children, for anybody."
    ),
    (
        "Children who answered: of the open files of the scope. Of a questionnaire whose wording "
        "Casefile does not know, an option that nobody chose is not in here."
    ),
)
Instrument = tuple[str, int]


class Responses:
    """The answers to one version of a questionnaire."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.children: set[UUID] = set()
        self._alone = 0
        self._chosen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for item, options in OPTIONS.get(instrument, {}).items():
            self._chosen[item].update(dict.fromkeys(options, 0))

    def take(self, child: UUID, rec: SurveyResponseRecorded) -> None:
        self.children.add(child)
        self._alone += rec.helped_by == "nobody"
        for answer in rec.answers:
            self._chosen[answer.item][option_of(answer)] += 1

    def cells(self, on_file: set[UUID]) -> Row:
        answered = Share(len(self.children & on_file), len(on_file))
        name, version = self.instrument
        return name, str(version), answered, Share(self._alone, len(self.children))

    def table(self) -> Table:
        name, version = self.instrument
        title = f"{name} v{version}"
        return Table(
            name=f"{name}.{version}", title=title, columns=ANSWERS, rows=list(self._rows())
        )

    def _rows(self) -> Iterator[Row]:
        whole = len(self.children)
        for item, chosen in sorted(self._chosen.items()):
            for option, count in sorted(chosen.items(), key=lambda o: (-o[1], o[0])):
                yield item, option, Share(count, whole)
            yield item, NOT_ANSWERED, Share(whole - chosen.total(), whole)


def draw(ground: Ground) -> Report:
    found: dict[Instrument, Responses] = {}
    on_file: set[UUID] = set()
    for child in ground.cases():
        if child.is_open:
            on_file.add(child.id)
        for instrument, rec in last_answers(ground, child).items():
            found.setdefault(instrument, Responses(instrument)).take(child.id, rec)
    responses = [found[instrument] for instrument in sorted(found)]
    summary = Table(
        name="questionnaires",
        title="Questionnaires",
        columns=QUESTIONNAIRES,
        rows=[each.cells(on_file) for each in responses],
    )
    return ground.report(
        children=len(on_file),
        tables=(summary, *(each.table() for each in responses)),
        notes=NOTES,
        days=True,
    )


def last_answers(ground: Ground, child: Seen) -> dict[Instrument, SurveyResponseRecorded]:
    """Of each questionnaire and version the child answered on the days asked about."""
    found: dict[Instrument, SurveyResponseRecorded] = {}
    for entry in sorted(child.current, key=place):
        rec = entry.rec
        if isinstance(rec, SurveyResponseRecorded) and ground.in_days(entry.occurred_on):
            found[rec.instrument, rec.instrument_version] = rec
    return found


def place(entry: Entry) -> tuple[object, int]:
    return entry.occurred_on, entry.version


def option_of(answer: Answer) -> str:
    if answer.option is not None:
        return answer.option
    return IN_WORDS if answer.points is None else str(answer.points)
