"""Many streams read in one go."""

from uuid import uuid4

from services.casefile.log.commit import Commit
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.logs import events


def test_many_streams_are_read_as_each_of_them_would_be(recorder: CasefileRecorder):
    first, second, empty = uuid4(), uuid4(), uuid4()
    recorder.append(Commit((*events(first, 1, 2), *events(second, 1, 3))))

    found = recorder.streams([first, second, empty])

    assert found == {stream: recorder.stream(stream) for stream in (first, second)}


def test_no_streams_are_none(recorder: CasefileRecorder):
    assert recorder.streams([]) == {}
