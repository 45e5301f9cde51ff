"""Small counts are hidden, and cannot be worked out from what is left."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.casefile.reports.report import (
    Cell,
    Column,
    Cut,
    Figure,
    Paragraph,
    Report,
    Scope,
    Share,
    Stamp,
    Suppressed,
    Table,
)
from services.casefile.reports.suppressing import BELOW, NOTE, suppressed, without

HIDDEN = Suppressed(BELOW)
COUNTS = (Column("unit", "Unit", "unit"), *(Column(f"c{n}", "Records", "count") for n in range(4)))
GROUPED = (
    Column("dimension", "Dimension", "code"),
    Column("value", "Value", "code"),
    Column("share", "Children", "share"),
)


def grouped(*parts: int) -> list[tuple[str, str, Share]]:
    return [("sex", str(n), Share(part, sum(parts))) for n, part in enumerate(parts)]


def parts_shown(*parts: int) -> list[Cell]:
    return [row[2] for row in without(GROUPED, grouped(*parts))]


def test_a_small_count_takes_the_next_smallest_with_it():
    assert parts_shown(3, 40, 60) == [HIDDEN, HIDDEN, Share(60, 103)]


def test_two_small_counts_hide_each_other():
    assert parts_shown(3, 2, 60) == [HIDDEN, HIDDEN, Share(60, 65)]


def test_a_share_whose_rest_is_small_is_hidden_too():
    assert parts_shown(247, 3) == [HIDDEN, HIDDEN]


def test_nought_and_what_is_large_are_shown():
    assert parts_shown(0, 10, 20) == [Share(0, 30), Share(10, 30), Share(20, 30)]


def test_another_dimension_is_left_alone():
    rows = [*grouped(3, 40), ("age", "young", Share(20, 43)), ("age", "old", Share(23, 43))]

    told = without(GROUPED, rows)

    assert [row[2] for row in told[2:]] == [Share(20, 43), Share(23, 43)]


@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=6))
def test_no_row_and_no_column_has_just_one_hidden_beside_what_could_be_taken_off(
    table: list[list[int]],
):
    grid = without(COUNTS, [(f"u{n}", *row) for n, row in enumerate(table)])

    counts = [row[1:] for row in grid]
    shown = [c for row in counts for c in row if isinstance(c, int)]
    assert all(not 0 < count < BELOW for count in shown)
    for line in [*counts, *zip(*counts, strict=True)]:
        hidden = [c for c in line if isinstance(c, Suppressed)]
        left = [c for c in line if isinstance(c, int) and c > 0]
        assert len(hidden) != 1 or not left


def test_of_a_whole_report_figures_and_data_are_hidden_and_it_says_so():
    stamp = Stamp(report="R16", definition=1, cut=Cut(date(2026, 11, 20), 1), scope=Scope())
    told = Paragraph(text="{a} {b}", figures=(Figure(name="a", value=3), Figure(name="b", value=9)))
    report = Report(
        stamp=stamp,
        title="Term summary",
        paragraphs=(told,),
        tables=(Table(name="t", title="By unit", columns=GROUPED, rows=grouped(1, 9)),),
        data={"inputs": ["a child"]},
    )

    hidden = suppressed(report)

    assert [f.value for f in hidden.paragraphs[0].figures] == [HIDDEN, 9]
    assert hidden.data is None
    assert NOTE in hidden.notes
