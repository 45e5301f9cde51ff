"""Keeps the book of one table: counts the verdicts, and words what is wrong for the reader."""

from services.casefile.importing.faults import Fault, Problem, Wrong, said
from services.casefile.importing.headings import heading
from services.casefile.importing.intake import Postponed, Verdict
from services.casefile.importing.layouts import Layout
from services.casefile.importing.outcome import Outcome, Tally
from services.casefile.importing.rows import Row
from services.casefile.labels import Labels

WARNINGS = {
    "resident_id_area_unknown": Wrong(
        "The first six digits of the resident ID number are not a known area.",
        "It does not stop the row. Check the number against the document.",
    ),
    "wording_may_hurt": Wrong(
        "A note mocks or belittles the child.",
        "It does not stop the row. Say what was seen and heard instead, and correct the record.",
    ),
}


class Page:
    """One table in the outcome."""

    def __init__(self, layout: Layout, outcome: Outcome, words: Labels) -> None:
        self._layout = layout
        self._outcome = outcome
        self._words = words
        self._tally = Tally(layout.sheet, layout.form.slug)
        self._headings = {c.path: heading(c, words) for c in layout.form.columns}
        self._headings |= {place.column.path: place.heading for place in layout.places}
        outcome.tallies.append(self._tally)

    def enter(self, row: Row, verdict: Verdict) -> None:
        if isinstance(verdict, Postponed):
            verdict = verdict.fault
        if isinstance(verdict, Fault):
            self._tally.refused += 1
            self._outcome.problems += [self._problem(row, f) for f in row.faults or (verdict,)]
        elif verdict is None or verdict.is_replay:
            self._tally.unchanged += 1
        else:
            self._tally.stored += 1
            self._outcome.warnings += [self._warning(row, w) for w in verdict.warnings]

    def _problem(self, row: Row, fault: Fault) -> Problem:
        told = dict(fault.told)
        if isinstance(columns := told.get("columns"), tuple):
            told["columns"] = "、".join(map(self._heading, columns))
        what, remedy = said(fault.wrong, self._words, told)
        return Problem(self._layout.sheet, row.number, self._heading(fault.path), what, remedy)

    def _warning(self, row: Row, warning: str) -> Problem:
        what, remedy = said(WARNINGS.get(warning, Wrong(warning, "")), self._words, {})
        return Problem(self._layout.sheet, row.number, "", what, remedy)

    def _heading(self, path: str | None) -> str:
        """What stands above the column, or what would stand there in the template."""
        return "" if path is None else self._headings.get(path) or self._words.field(path)
