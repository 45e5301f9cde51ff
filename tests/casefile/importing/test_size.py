"""Long ledgers: as many rows as a county keeps, in little memory."""

import resource
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.casefile.composition import Parts
from tests.casefile.importing.ledgers import imported, ledger, of_child, roster_row

MOST_MEGABYTES_MORE = 250


@pytest.mark.parametrize(
    ("children", "talks"), [(100, 19), pytest.param(2_500, 19, marks=pytest.mark.slow)]
)
def test_a_long_ledger_is_imported_and_imported_again(
    casefile: Parts, tmp_path: Path, children: int, talks: int
) -> None:
    numbers = range(children)
    path = ledger(
        tmp_path / "ledger.xlsx",
        opening=[roster_row(n) for n in numbers],
        talk=[
            of_child(n, date(2026, 9, 1) + timedelta(t), performed_by="t-101", note=f"第{t}次")
            for n in numbers
            for t in range(talks)
        ],
    )
    rows, before = children * (talks + 1), megabytes()

    for stored, unchanged in ((rows, 0), (0, rows)):
        outcome = imported(casefile, path)

        assert outcome.problems == []
        assert (outcome.stored, outcome.unchanged) == (stored, unchanged)

    assert megabytes() - before < MOST_MEGABYTES_MORE


def megabytes() -> float:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
