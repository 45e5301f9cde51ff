"""The sample ledger that is shipped: invented, current, and without an error."""

import importlib.util
from pathlib import Path

import pytest

from services.casefile.composition import Parts
from tests.casefile.importing.ledgers import imported

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture
def sample():
    spec = importlib.util.spec_from_file_location("make_ledger", EXAMPLES / "make_ledger.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_ledger_is_imported_without_an_error(casefile: Parts) -> None:
    path = EXAMPLES / "ledger-2026-autumn.xlsx"

    foreseen = imported(casefile, path, is_dry_run=True)
    outcome = imported(casefile, path)
    again = imported(casefile, path)

    assert outcome.problems == foreseen.problems == []
    assert outcome.stored == foreseen.stored == again.unchanged
    assert {t.kind for t in outcome.tallies if t.stored} >= {"opening", "talk", "disbursement"}
    assert len(outcome.warnings) == 2


def test_the_shipped_text_file_says_the_same_as_its_sheet(casefile: Parts) -> None:
    imported(casefile, EXAMPLES / "ledger-2026-autumn.xlsx")

    outcome = imported(casefile, EXAMPLES / "talk.csv")

    assert outcome.stored == 0
    assert outcome.unchanged == 23


def test_the_shipped_ledger_is_the_one_the_template_makes_now(sample, tmp_path: Path) -> None:
    sample.main(tmp_path)

    for name in ("ledger-2026-autumn.xlsx", "talk.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes(), (
            "run make_ledger.py"
        )
