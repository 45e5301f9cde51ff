"""Turns concurrent calls into batches, with no thread of its own: one caller leads, others wait.

The way to the database is a callable, so another strategy can take this one's place.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from services.casefile.log.errors import LogBusy
from services.casefile.log.gathering import Gathering

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Ticket(Generic[Item, Outcome]):
    """One call: its item, its outcome, and the gate its thread waits at."""

    __slots__ = ("gate", "item", "outcome", "weight")

    def __init__(self, item: Item, weight: int) -> None:
        self.item, self.weight = item, weight
        self.outcome: Outcome | None = None
        self.gate = Lock()
        self.gate.acquire()

    def wake(self) -> None:
        if self.gate.locked():
            self.gate.release()


class Batcher(Generic[Item, Outcome]):
    """The first caller leads: it writes all that waits, answers, and passes the lead on."""

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Outcome]],
        weigh: Callable[[Item], int],
        *,
        most_items: int = 256,
        most_weight: int = 1 << 20,
        most_waiting: int = 4096,
    ) -> None:
        self._write, self._weigh = write, weigh
        self._most_items, self._most_weight = most_items, most_weight
        self._most_waiting = most_waiting
        self._mutex = Lock()
        self._waiting: deque[Ticket[Item, Outcome]] = deque()
        self._leader: Ticket[Item, Outcome] | None = None
        self._gathering = Gathering(self._mutex, most_items)

    def submit(self, item: Item) -> Outcome:
        """Block until the item is written, by this thread or by another."""
        ticket: Ticket[Item, Outcome] = Ticket(item, self._weigh(item))
        try:
            if not self._join(ticket):
                ticket.gate.acquire()
            if ticket.outcome is None:
                self._lead(ticket)
        except BaseException:
            self._leave(ticket)
            raise
        assert ticket.outcome is not None
        return ticket.outcome

    def submit_many(self, items: Sequence[Item]) -> list[Outcome]:
        """The same for many items of one caller, in as few batches as they fit."""
        tickets: list[Ticket[Item, Outcome]] = [Ticket(i, self._weigh(i)) for i in items]
        try:
            led = [self._join(ticket) for ticket in tickets]
            for ticket, leads in zip(tickets, led, strict=True):
                if ticket.outcome is None and not leads:
                    ticket.gate.acquire()
                if ticket.outcome is None:
                    self._lead(ticket)
        except BaseException:
            for ticket in tickets:
                self._leave(ticket)
            raise
        return [ticket.outcome for ticket in tickets if ticket.outcome is not None]

    def _join(self, ticket: Ticket[Item, Outcome]) -> bool:
        with self._mutex:
            if len(self._waiting) >= self._most_waiting:
                raise LogBusy
            self._waiting.append(ticket)
            self._gathering.arrive(self._waiting)
            if self._leader is None:
                self._leader = ticket
            return self._leader is ticket

    def _lead(self, ticket: Ticket[Item, Outcome]) -> None:
        self._gathering.wait(self._waiting)
        batch = self._take()
        began = time.perf_counter()
        try:
            outcomes = self._write([each.item for each in batch])
            for each, outcome in zip(batch, outcomes, strict=True):
                each.outcome = outcome
        finally:
            self._expect_again(len(batch), time.perf_counter() - began)
            # The next leader first: it prepares its batch while the others return.
            self._pass_on([each for each in batch if each.outcome is None and each is not ticket])
            for each in batch:
                if each.outcome is not None and each is not ticket:
                    each.wake()

    def _expect_again(self, answered: int, took: float) -> None:
        self._gathering.expect(len(self._waiting) + answered, took)

    def _take(self) -> list[Ticket[Item, Outcome]]:
        with self._mutex:
            batch = [self._waiting.popleft()]
            weight = batch[0].weight
            while self._waiting and len(batch) < self._most_items:
                weight += self._waiting[0].weight
                if weight > self._most_weight:
                    break
                batch.append(self._waiting.popleft())
            return batch

    def _pass_on(self, unanswered: Sequence[Ticket[Item, Outcome]] = ()) -> None:
        with self._mutex:
            self._waiting.extendleft(reversed(unanswered))
            self._leader = self._waiting[0] if self._waiting else None
            if self._leader is not None:
                self._leader.wake()

    def _leave(self, ticket: Ticket[Item, Outcome]) -> None:
        """An interrupted thread takes its call back and never keeps the lead."""
        with self._mutex:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            leads = self._leader is ticket
        if leads:
            self._pass_on()
