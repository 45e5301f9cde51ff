"""Fills the gaps of a paragraph with its figures, in a language."""

from collections.abc import Iterator
from datetime import date, datetime
from string import Formatter

from services.casefile.exporting.showing import shown
from services.casefile.labels import Labels
from services.casefile.reports.report import Cell, Column, Figure, Form, Paragraph, Share

# Not on file is not nought.
NOTHING = "–"
Piece = tuple[str, str | None]
"""Words, and the question that answers them again where they are a figure."""


def pieces(paragraph: Paragraph, words: Labels) -> Iterator[Piece]:
    """The sentence in its parts. A figure that the sentence does not name is a fault of ours."""
    figures = {figure.name: figure for figure in paragraph.figures}
    for text, name, form, _ in Formatter().parse(words.text(paragraph.text)):
        if text:
            yield text, None
        if name is not None:
            figure = figures[name]
            yield read(figure, form or None, words), figure.link


def sentence(paragraph: Paragraph, words: Labels) -> str:
    return "".join(text for text, _ in pieces(paragraph, words))


def read(figure: Figure, form: str | None, words: Labels) -> str:
    """`{paid:fen}` reads as money, `{kind:code}` as a word; the rest by what it is."""
    chosen: Form = "fen" if form == "fen" else "code" if form == "code" else form_of(figure.value)
    return shown(figure.value, Column(figure.name, figure.name, chosen), words) or NOTHING


def form_of(value: Cell) -> Form:
    if isinstance(value, Share):
        return "share"
    if isinstance(value, datetime):
        return "moment"
    return "day" if isinstance(value, date) else "text"
