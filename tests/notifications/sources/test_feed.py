"""The feed as a source: goes on where it was told, and says what is wrong with an answer."""

from collections.abc import Iterator

import pytest

from services.notifications.sources.feed import FeedSource
from services.notifications.sources.source import SourceDown, Unreadable
from tests.notifications.feed_server import TOKEN, Feed, serving
from tests.notifications.given import histories, message, page


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving(Feed(histories(2, 3))) as found:
        yield found


@pytest.fixture
def source(feed: Feed) -> Iterator[FeedSource]:
    found = FeedSource(feed.address, TOKEN, limit=4, wait=0)
    yield found
    found.close()


def test_it_reads_page_by_page_from_where_it_is_told(feed: Feed, source: FeedSource) -> None:
    assert source.unstarted() == {"feed"}
    source.start({"feed": 1})
    first, second = source.batch(1), source.batch(1)
    assert first is not None and second is not None
    assert (first.offset, first.next_offset) == (1, 5)
    assert [*first.messages, *second.messages] == feed.messages[1:]
    assert source.batch(1) is None
    assert source.unstarted() == frozenset()


def test_a_position_beyond_what_was_sent_is_gone_on_from(feed: Feed, source: FeedSource) -> None:
    source.start({"feed": 6})
    feed.messages.append(message(4, position=90))
    batch = source.batch(1)
    assert batch is not None and (batch.offset, batch.next_offset) == (6, 90)
    feed.says_position = False
    feed.messages.append(message(5, position=95))
    batch = source.batch(1)
    assert batch is not None and batch.next_offset == 95


def test_one_message_that_cannot_be_read_does_not_spoil_its_page(
    feed: Feed, source: FeedSource
) -> None:
    good = message(2)
    bad = page([message(1)])[1:-1].replace(b'"data":{', b'"data":7,"other":{')
    feed.answer = (200, b"[" + bad + b"," + page([good])[1:])
    source.start({"feed": 0})
    batch = source.batch(1)
    assert batch is not None
    first, second = batch.messages
    assert isinstance(first, Unreadable) and first.traces.version == 1
    assert second == good


@pytest.mark.parametrize(
    "answer", [(500, b"{}"), (404, b"{}"), (200, b"<html>"), (200, b"{}"), (200, b"[")]
)
def test_an_answer_that_is_no_page_is_the_source_being_down(
    feed: Feed, source: FeedSource, answer: tuple[int, bytes]
) -> None:
    feed.answer = answer
    source.start({"feed": 0})
    with pytest.raises(SourceDown):
        source.batch(1)
    feed.answer = None
    assert source.batch(1) is not None


def test_a_wrong_token_and_a_closed_port_are_told_apart(feed: Feed) -> None:
    for source, told in (
        (FeedSource(feed.address, "wrong"), {"status": 401}),
        (FeedSource("http://127.0.0.1:9", TOKEN), {"reason": "NewConnectionError"}),
    ):
        source.start({"feed": 0})
        with pytest.raises(SourceDown) as down:
            source.batch(0)
        assert down.value.data == told
        source.close()


def test_a_message_of_two_megabytes_is_not_taken_and_keeps_its_place(
    feed: Feed, source: FeedSource
) -> None:
    feed.answer = (200, page([message(1, note="x" * (2 << 20)), message(2)]))
    source.start({"feed": 0})
    batch = source.batch(1)
    assert batch is not None
    large, next_one = batch.messages
    assert isinstance(large, Unreadable) and large.reason == "larger than 1048576 bytes"
    assert large.traces.version == 1
    assert next_one == message(2)
