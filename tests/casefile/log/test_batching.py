"""Leaders and followers without a database: who writes what, and what happens when one fails."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock, current_thread, get_ident

import pytest

from services.casefile.log.batching import Batcher
from services.casefile.log.errors import LogBusy
from services.casefile.log.gathering import Gathering
from tests.casefile.log.logs import PATIENCE, queue_is, until


class Writer:
    """Writes when told to; remembers every batch and who wrote it."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.leaders: list[int] = []
        self.entered, self.may_go = Event(), Event()
        self.fail_once: BaseException | None = None

    def __call__(self, batch: Sequence[str]) -> list[str]:
        self.batches.append(list(batch))
        self.leaders.append(get_ident())
        self.entered.set()
        assert self.may_go.wait(PATIENCE)
        error, self.fail_once = self.fail_once, None
        if error:
            raise error
        return [f"{item} written" for item in batch]


@pytest.fixture
def writer() -> Writer:
    return Writer()


def batcher_of(writer: Writer, **limits: int) -> Batcher[str, str]:
    return Batcher(writer, len, **limits)


def queued(pool: ThreadPoolExecutor, batcher: Batcher[str, str], *items: str) -> list[Future[str]]:
    futures = []
    for number, item in enumerate(items, 1):
        futures.append(pool.submit(batcher.submit, item))
        until(lambda number=number: queue_is(batcher, number))
    return futures


def test_a_lone_caller_writes_in_its_own_thread(writer: Writer) -> None:
    writer.may_go.set()

    assert batcher_of(writer).submit("a") == "a written"

    assert writer.leaders == [current_thread().ident]


def test_calls_that_meet_share_a_batch_and_get_their_own_outcomes(writer: Writer) -> None:
    batcher = batcher_of(writer)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(batcher.submit, "a")
        assert writer.entered.wait(PATIENCE)
        others = queued(pool, batcher, "b", "c", "d")
        writer.may_go.set()

    assert writer.batches == [["a"], ["b", "c", "d"]]
    assert [each.result() for each in (first, *others)] == [f"{item} written" for item in "abcd"]


@pytest.mark.parametrize("limits", [{"most_items": 2}, {"most_weight": 2}])
def test_a_batch_has_its_limits(writer: Writer, limits: dict[str, int]) -> None:
    batcher = batcher_of(writer, **limits)

    with ThreadPoolExecutor(5) as pool:
        pool.submit(batcher.submit, "a")
        assert writer.entered.wait(PATIENCE)
        queued(pool, batcher, "b", "c", "d")
        writer.may_go.set()

    assert writer.batches == [["a"], ["b", "c"], ["d"]]


def test_what_is_heavier_than_a_batch_goes_alone(writer: Writer) -> None:
    batcher = batcher_of(writer, most_weight=2)

    with ThreadPoolExecutor(4) as pool:
        pool.submit(batcher.submit, "a")
        assert writer.entered.wait(PATIENCE)
        queued(pool, batcher, "b", "heavy", "c")
        writer.may_go.set()

    assert writer.batches == [["a"], ["b"], ["heavy"], ["c"]]


def test_a_full_queue_refuses_without_waiting(writer: Writer) -> None:
    batcher = batcher_of(writer, most_waiting=1)

    with ThreadPoolExecutor(2) as pool:
        pool.submit(batcher.submit, "a")
        assert writer.entered.wait(PATIENCE)
        queued(pool, batcher, "b")
        with pytest.raises(LogBusy):
            batcher.submit("c")
        writer.may_go.set()

    assert writer.batches == [["a"], ["b"]]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_a_leader_that_dies_alone_takes_nobody_with_it(
    writer: Writer, error: type[BaseException]
) -> None:
    batcher = batcher_of(writer)
    writer.may_go.set()
    batcher.submit("before")
    writer.may_go.clear()
    writer.entered.clear()

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(batcher.submit, "a")
        assert writer.entered.wait(PATIENCE)
        others = queued(pool, batcher, "b", "c")
        writer.fail_once = error()
        writer.may_go.set()

    assert type(first.exception()) is error
    assert [each.result() for each in others] == ["b written", "c written"]


def test_when_the_leader_of_a_batch_dies_its_followers_write_it_themselves(writer: Writer) -> None:
    batcher = batcher_of(writer)

    def fail_on_the_batch(batch: Sequence[str]) -> list[str]:
        if len(batch) == 3:
            raise KeyboardInterrupt
        return writer(batch)

    batcher._write = fail_on_the_batch

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(batcher.submit, "a")
        assert writer.entered.wait(PATIENCE)
        leader, *followers = queued(pool, batcher, "b", "c", "d")
        writer.may_go.set()

    assert first.result() == "a written"
    assert type(leader.exception()) is KeyboardInterrupt
    assert [each.result() for each in followers] == ["c written", "d written"]
    assert writer.batches == [["a"], ["c", "d"]]


def test_callers_that_come_back_are_waited_for_and_those_that_stay_away_soon_are_not() -> None:
    mutex, queue = Lock(), [object()]
    gathering = Gathering(mutex, most=256)
    gathering.expect(crowd=2, took=0.0)

    waits = [waited(gathering, mutex, queue) for _ in range(8)]

    assert waits == [True, False, True, False, False, False, True, False]


def waited(gathering: Gathering, mutex: Lock, queue: list[object]) -> bool:
    """Whether a leader that finds nobody back has waited at all this time."""
    rested = gathering._rest
    gathering.wait(queue)
    assert not mutex.locked()
    return not rested


def test_the_last_caller_expected_ends_the_waiting() -> None:
    mutex, queue = Lock(), [object()]
    gathering = Gathering(mutex, most=256, longest=PATIENCE)
    gathering.expect(crowd=2, took=PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(gathering.wait, queue)
        until(lambda: gathering._quorum == 2)
        with mutex:
            queue.append(object())
            gathering.arrive(queue)
        waiting.result(PATIENCE)

    assert gathering._rest == 0
