"""Files are made once, a few at a time, as long as somebody waits, and are there to be taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from services.casefile.api.refusals import Broken
from services.casefile.console.made import Made
from services.casefile.console.workshop import (
    AT_ONCE,
    MOST_EACH,
    UNWATCHED,
    Key,
    Making,
    NobodyWaits,
    TooMuchAtOnce,
    Workshop,
)
from services.casefile.exporting.paper import TooLongForPaper
from services.casefile.exporting.rendering import Rendered

SOMEBODY = Key("i-901", "inspector", "zh", "/reports/R2.csv")


class Hands:
    """Stands for the clock, and for the file that is being made."""

    def __init__(self, folder: Path) -> None:
        self.now = 0.0
        self.made = 0
        self.begun, self.go_on = Event(), Event()
        self._path = folder / "R2_all_2026-11-20_p1.csv"
        self._path.write_bytes(b"a,b\n")

    def clock(self) -> float:
        return self.now

    def at_once(self, making: Making[Made]) -> Made:
        self.made += 1
        return Made(self._path, Rendered("csv", 1, 4, "00"))

    def slowly(self, making: Making[Made]) -> Made:
        making.read(1, 4)
        self.begun.set()
        self.go_on.wait()
        making.read(2, 4)
        return self.at_once(making)


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    found = Hands(tmp_path)
    yield found
    found.go_on.set()


@pytest.fixture
def workshop(hands: Hands) -> Workshop[Made]:
    return Workshop(clock=hands.clock)


def another(number: int, staff: str = "i-901") -> Key:
    return Key(staff, "inspector", "zh", f"/reports/R{number}.csv")


def fails(error: Exception) -> Callable[[Making[Made]], Made]:
    def make(making: Making[Made]) -> Made:
        raise error

    return make


def test_who_asks_again_joins_the_file_that_is_being_made(workshop: Workshop[Made], hands: Hands):
    first = workshop.ask(SOMEBODY, hands.slowly)
    hands.begun.wait()

    again = workshop.ask(SOMEBODY, hands.slowly)
    hands.go_on.set()

    assert again is first
    assert first.wait()
    assert hands.made == 1


def test_a_file_says_how_far_it_is(workshop: Workshop[Made], hands: Hands):
    making = workshop.ask(SOMEBODY, hands.slowly)
    hands.begun.wait()

    assert tuple(making.stage) == ("reading", 1, 4)
    assert not making.is_over


def test_a_file_that_is_ready_can_be_taken_away_more_than_once(
    workshop: Workshop[Made], hands: Hands
):
    making = workshop.ask(SOMEBODY, hands.at_once)
    making.wait()

    taken = [b"".join(making.made.parts()) for _ in range(2)]

    assert taken == [b"a,b\n"] * 2
    assert workshop.ask(SOMEBODY, hands.at_once) is making


def test_another_language_or_another_person_is_another_file(workshop: Workshop[Made], hands: Hands):
    asked = (SOMEBODY, SOMEBODY._replace(locale="en"), SOMEBODY._replace(staff="i-902"))

    makings = {id(workshop.ask(key, hands.at_once)) for key in asked}

    assert len(makings) == len(asked)


def test_a_file_nobody_waits_for_any_more_is_not_made_to_its_end(
    workshop: Workshop[Made], hands: Hands
):
    making = workshop.ask(SOMEBODY, hands.slowly)
    hands.begun.wait()

    hands.now += UNWATCHED + 1
    hands.go_on.set()

    assert making.wait()
    assert isinstance(making.error, NobodyWaits)
    assert hands.made == 0


def test_whoever_looks_keeps_the_file_going(workshop: Workshop[Made], hands: Hands):
    making = workshop.ask(SOMEBODY, hands.slowly)
    hands.begun.wait()

    hands.now += UNWATCHED + 1
    workshop.find(SOMEBODY)
    hands.go_on.set()

    assert making.wait()
    assert making.error is None


def test_a_file_that_could_not_be_made_says_why_and_is_made_anew_when_asked_again(
    workshop: Workshop[Made], hands: Hands
):
    refused = workshop.ask(SOMEBODY, fails(TooLongForPaper()))
    refused.wait()

    again = workshop.ask(SOMEBODY, hands.at_once)
    again.wait()

    assert isinstance(refused.error, TooLongForPaper)
    assert again.error is None


def test_a_fault_of_ours_says_nothing_of_what_was_in_it(workshop: Workshop[Made]):
    making = workshop.ask(SOMEBODY, fails(ValueError("小雨")))

    assert making.wait()
    assert isinstance(making.error, Broken)


@contextmanager
def busy(workshop: Workshop[Made], hands: Hands, count: int) -> Iterator[list[Making[Made]]]:
    yield [workshop.ask(another(10 + number), hands.slowly) for number in range(count)]
    hands.go_on.set()


def test_one_person_may_wait_for_so_many_and_another_still_gets_hers(
    workshop: Workshop[Made], hands: Hands
):
    with busy(workshop, hands, MOST_EACH):
        with pytest.raises(TooMuchAtOnce):
            workshop.ask(SOMEBODY, hands.at_once)
        hers = workshop.ask(another(9, "i-902"), hands.at_once)

    assert hers.wait()
    assert hers.error is None


def test_so_many_are_made_at_once_and_the_others_wait_their_turn(
    workshop: Workshop[Made], hands: Hands
):
    with busy(workshop, hands, AT_ONCE + 1) as makings:
        hands.begun.wait()
        waiting = [making for making in makings if making.stage.step == "waiting"]

    assert waiting
    assert all(making.wait() and making.error is None for making in makings)
