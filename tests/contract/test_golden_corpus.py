"""Stored bytes of every event type, kept since the day it was first stored."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.domain.facts import fold
from services.casefile.domain.refusals import DamagedEvent, NewerEventVersion, UnknownEventTopic
from services.casefile.log.mapper import CasefileMapper
from tools.golden import MOMENT, STREAM, VERSION, shown

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = sorted(GOLDEN.glob("*.json"))
MAPPER = CasefileMapper(catalogue())


def entry_of(path: Path):
    kept = json.loads(path.read_text())
    return kept, MAPPER.entry(STREAM, VERSION, kept["topic"], kept["state"].encode(), 1, MOMENT)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_what_was_stored_once_reads_as_it_did(path: Path):
    kept, entry = entry_of(path)

    assert shown(entry) == kept["shown"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_what_was_stored_once_still_folds(path: Path):
    _, entry = entry_of(path)

    assert all(fact.entry is entry for fact in fold([entry]).values())


@pytest.mark.parametrize("kind", list(catalogue()), ids=lambda k: k.slug)
def test_every_kind_has_its_bytes_in_the_corpus(kind: Kind):
    assert (GOLDEN / f"{kind.topic}.json").exists()


def test_no_file_of_the_corpus_was_ever_changed():
    git = shutil.which("git")
    inside = git and subprocess.run(
        [git, "rev-parse"], check=False, cwd=GOLDEN, capture_output=True
    )
    if not inside or inside.returncode != 0:
        pytest.skip("not a git checkout")
    log = [git, "log", "--diff-filter=MD", "--name-only", "--format=", "--", "."]

    changed = subprocess.run(log, cwd=GOLDEN, capture_output=True, text=True, check=True).stdout
    touched = subprocess.run(
        [git, "status", "--porcelain", "."], cwd=GOLDEN, capture_output=True, text=True, check=True
    ).stdout

    assert changed.split() == []
    assert [line for line in touched.splitlines() if line.lstrip()[0] in "MD"] == []


def test_an_event_of_a_newer_version_is_refused():
    with pytest.raises(NewerEventVersion):
        MAPPER.entry(STREAM, 1, "TalkHeld.9", b"{}", 1, MOMENT)


def test_an_unknown_topic_is_refused():
    with pytest.raises(UnknownEventTopic):
        MAPPER.entry(STREAM, 1, "SomethingElse", b"{}", 1, MOMENT)


def test_damaged_bytes_are_refused():
    with pytest.raises(DamagedEvent):
        MAPPER.entry(STREAM, 1, "TalkHeld", b'{"env": 1}', 1, MOMENT)
