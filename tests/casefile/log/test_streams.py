"""Many streams read in one go, and one stream page by page."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg

from services.casefile.log.commit import Commit
from services.casefile.log.reading import STREAM_PAGE
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.logs import events, one
from tests.servers import Database


def test_many_streams_are_read_as_each_of_them_would_be(recorder: CasefileRecorder):
    first, second, empty = uuid4(), uuid4(), uuid4()
    recorder.append(Commit((*events(first, 1, 2), *events(second, 1, 3))))

    found = recorder.streams([first, second, empty])

    assert found == {stream: recorder.stream(stream) for stream in (first, second)}


def test_no_streams_are_none(recorder: CasefileRecorder):
    assert recorder.streams([]) == {}


def test_a_stream_is_read_page_by_page_from_any_position(recorder: CasefileRecorder):
    mine = uuid4()
    for version in range(1, 8):
        recorder.append(one(mine, version))
        recorder.append(one())
    rows = [row for row in recorder.page(0, 100) if row[1] == mine]
    places = [row[0] for row in rows]

    for after in range(places[-1] + 2):
        found = recorder.stream_page(mine, after, places[-1], 100)
        assert found == [row for row in rows if row[0] > after]
    assert recorder.stream_page(mine, places[1], places[4], 100) == rows[2:5]
    assert recorder.stream_page(mine, 0, places[-1], 3) == rows[:3]
    assert recorder.stream_page(uuid4(), 0, places[-1], 3) == []


def test_whoever_has_read_all_but_the_newest_pays_for_the_newest(
    recorder: CasefileRecorder, database: Database
):
    mine = uuid4()
    appended = recorder.append(Commit(events(mine, 1, 3_000)))

    touched = rows_touched(database, mine, after=appended.positions[-3])

    assert 2 <= touched <= 10


def rows_touched(database: Database, stream: UUID, after: int) -> int:
    """All rows that the database looked at for a page."""
    asked = {"stream": stream, "after": after, "upto": 2**62, "limit": 100, "lowest": -1}
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute("ANALYZE casefile.stored_events")
        statement = b"EXPLAIN (ANALYZE, FORMAT JSON) " + STREAM_PAGE
        ((plan,),) = connection.execute(statement, asked).fetchone()
    scans = [node for node in nodes(plan["Plan"]) if "Relation Name" in node]
    return sum(int(each["Actual Rows"]) + each.get("Rows Removed by Filter", 0) for each in scans)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)
