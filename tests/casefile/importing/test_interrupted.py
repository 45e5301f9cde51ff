"""An import that is killed and run again ends as if nothing had happened."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from services.casefile.composition import Parts
from tests.casefile.importing.ledgers import imported, small_ledger
from tests.servers import Database

CHILDREN, TALKS = 40, 20
ROOT = Path(__file__).parents[3]


@pytest.mark.process
@pytest.mark.parametrize("killed_after", [1, 41, 300])
def test_a_killed_import_is_finished_by_the_next_one(
    casefile: Parts, database: Database, tmp_path: Path, killed_after: int
) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx", children=CHILDREN, talks=TALKS)
    kill_after(killed_after, database, tmp_path, path)

    outcome = imported(casefile, path)

    assert outcome.problems == []
    assert outcome.stored + outcome.unchanged == CHILDREN + CHILDREN * TALKS
    assert outcome.unchanged >= killed_after
    assert recorded(casefile) == {"opening": CHILDREN, "talk": CHILDREN * TALKS}
    assert imported(casefile, path).stored == 0


def kill_after(rows: int, database: Database, folder: Path, path: Path) -> None:
    arguments = (database.app, database.keyring_app, str(folder), str(path))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.casefile.importing.importing_process", *arguments],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= rows:
            break
    process.kill()
    process.communicate()


def recorded(casefile: Parts) -> dict[str, int]:
    """The records there are, by kind; two of a kind, child and day would be one too many."""
    found: Counter[str] = Counter()
    told = set()
    for position, stream_id, version, topic, state, at in casefile.recorder.page(0, 100_000):
        entry = casefile.mapper.entry(stream_id, version, topic, state, position, at)
        if entry.kind.slug in ("opening", "talk"):
            found[entry.kind.slug] += 1
            told.add((stream_id, entry.kind.slug, entry.occurred_on))
    assert len(told) == found.total()
    return dict(found)
