"""Rows reach their tables as they are, whatever is in them."""

from contextlib import closing
from datetime import date
from uuid import UUID

import pytest

from services.casefile.following import register
from services.casefile.following.folded import Folded
from services.casefile.following.following import work_session
from services.casefile.following.model import Model, Rows, Table
from services.casefile.following.writing import Tables, plain_text
from tests.servers import Database

CASE = UUID(int=1)
DAY = date(2026, 11, 20)


class Words(Model):
    """A table of text."""

    name = "words"
    version = 1
    tables = (
        Table(
            name="words",
            columns={"case_id": "uuid", "word": "text", "words": "text[]", "day": "date"},
            key=("case_id", "word"),
        ),
    )

    def rows(self, case: Folded) -> Rows:
        return {}


@pytest.mark.parametrize(
    "word", ["柳湾", "a\tb", "a\nb", "a\r", "back\\slash", "\\N", "None", "[x]", "", "'\""]
)
@pytest.mark.parametrize("words", [None, ["a", 'b"c', "d\\"]])
def test_a_filled_row_reads_back_as_it_was(
    database: Database, word: str, words: list[str] | None
) -> None:
    row = (CASE, word, words, DAY)
    with closing(work_session(database.app, 15)) as link:
        edition = register.begin(link, Words(), 0).edition
        Tables(link, edition, Words.tables).fill({CASE: {"words": [row]}})

        assert link.execute("SELECT * FROM readmodels.words_v1").fetchall() == [row]


def test_plain_rows_take_the_short_way() -> None:
    rows = [(CASE, "t-101", 3, DAY)]

    assert plain_text(rows, 4) == f"{CASE}\tt-101\t3\t2026-11-20\n"
    assert plain_text([(CASE, "t-101", None, DAY)], 4) == f"{CASE}\tt-101\t\\N\t2026-11-20\n"
    assert plain_text([(CASE, "a\tb", 3, DAY)], 4) is None
    assert plain_text([(CASE, "\\N", None, DAY)], 4) is None
