"""Whom the panel asks about, and whom it leaves alone."""

from collections.abc import Callable
from datetime import date
from random import Random
from uuid import UUID

import pytest

from services.casefile.domain.backfill.header import Asked, Header
from services.casefile.domain.backfill.panel import SUPPORTING, THRESHOLD, Panel, Reading, panel

FIRST = date(2025, 9, 1).toordinal()
ANNOUNCED = date(2026, 6, 15).toordinal()
ASKED = Asked(since=FIRST, until=date(2026, 8, 31).toordinal(), announced_on=ANNOUNCED)
Entered = Callable[[Random, int], tuple[int, int, int | None]]


def prompt(chance: Random, on: int) -> tuple[int, int, int | None]:
    return on, on + chance.choice((0, 0, 1, 2)), None


def weekly(_: Random, on: int) -> tuple[int, int, int | None]:
    return on, on + 6 - on % 7, None


def offline(chance: Random, on: int) -> tuple[int, int, int | None]:
    return on, on + chance.randint(8, 15), on + 1


def imported(_: Random, on: int) -> tuple[int, int, int | None]:
    return on, FIRST + 360, None


def cramming(chance: Random, on: int) -> tuple[int, int, int | None]:
    return on, max(on, ANNOUNCED - chance.randint(1, 13)), None


def careful(chance: Random, on: int) -> tuple[int, int, int | None]:
    if chance.random() < 0.3:
        entered = ANNOUNCED - chance.randint(1, 13)
        return entered - 1, entered, None
    return prompt(chance, on)


def records(
    name: str, entered: Entered, times: int = 120, source: str = "web", seed: int = 1
) -> list[Header]:
    chance = Random(f"{name}:{seed}")
    found = []
    for _ in range(times):
        on, at, device = entered(chance, FIRST + chance.randrange(280))
        child = UUID(int=chance.randrange(10))
        header = Header(name, "v-1", "child_director", child, "talk", source, on, at, device)
        found.append(header)
    return found


def county(**others: list[Header]) -> Panel:
    """Twenty colleagues, half of whom write once a week, and some others."""
    peers = {f"p-{n}": records(f"p-{n}", weekly if n % 2 else prompt) for n in range(20)}
    return panel({**peers, **others}, ASKED)


def reading(found: Panel, name: str) -> Reading:
    return next(each for each in found.readings if each.subject == name)


def test_a_worker_who_crams_before_the_inspection_is_worth_asking_about() -> None:
    found = county(crammer=records("crammer", cramming))

    mine = reading(found, "crammer")

    assert mine.outcome == "worth_asking"
    assert found.readings[0] == mine
    assert {s.rule for s in mine.signals if s.is_worth_asking} >= {
        "late_share",
        "long_lag",
        "surge",
    }


def test_an_honest_worker_who_writes_once_a_week_is_left_alone() -> None:
    found = county()

    assert {each.outcome for each in found.readings} == {"usual"}


def test_a_careful_forger_is_found_by_the_fortnight_and_not_by_the_lag() -> None:
    found = county(forger=records("forger", careful))

    mine = reading(found, "forger")

    assert [s.rule for s in mine.signals if s.is_worth_asking] == ["surge"]


def test_a_device_without_a_network_is_no_back_filling_and_is_counted_apart() -> None:
    found = county(valley=records("valley", offline, source="mobile"))

    mine = reading(found, "valley")

    assert (mine.outcome, mine.offline) == ("usual", 120)
    assert "late_share" not in {signal.rule for signal in mine.signals}


def test_a_device_that_was_silent_for_months_excuses_nothing() -> None:
    headers = records("valley", cramming)
    silent = [
        Header(h.worker, h.unit, h.role, h.case_id, h.kind, "mobile", h.occurred_on, h.recorded_on,
               h.occurred_on)
        for h in headers
    ]  # fmt: skip

    assert reading(county(valley=silent), "valley").outcome == "worth_asking"


def test_records_read_in_from_a_spreadsheet_are_no_back_filling() -> None:
    found = county(school=records("school", imported, source="import"))

    mine = reading(found, "school")

    assert (mine.outcome, mine.imported) == ("too_few_records", 120)


def test_with_few_records_or_few_colleagues_nothing_is_said() -> None:
    few = reading(county(newcomer=records("newcomer", cramming, times=19)), "newcomer")
    alone = panel({f"w-{n}": records(f"w-{n}", cramming) for n in range(7)}, ASKED)

    assert (few.outcome, few.chance, few.signals) == ("too_few_records", None, ())
    assert {each.outcome for each in alone.readings} == {"too_few_peers"}


def test_when_everybody_is_late_nobody_stands_out() -> None:
    found = panel({f"w-{n}": records(f"w-{n}", cramming) for n in range(20)}, ASKED)

    assert {each.outcome for each in found.readings} == {"usual"}


def test_every_signal_says_the_counts_and_what_is_usual() -> None:
    mine = reading(county(crammer=records("crammer", cramming)), "crammer")

    late = next(s for s in mine.signals if s.rule == "late_share")

    assert (late.whole, late.peers, late.days) == (120, 21, 15)
    assert late.part > 60
    assert late.base < 0.05
    assert late.above > 0.9


def test_the_strongest_statistic_is_weighed_against_as_many_as_were_asked() -> None:
    mine = reading(county(crammer=records("crammer", cramming)), "crammer")
    deciding = [s for s in mine.signals if s.rule not in SUPPORTING]

    assert mine.chance == min(1.0, len(deciding) * min(s.chance for s in deciding))


def test_a_regular_visitor_is_shown_and_not_asked_about() -> None:
    def fixed(chance: Random, on: int) -> tuple[int, int, int | None]:
        return prompt(chance, on - on % 28)

    found = county(regular=records("regular", fixed, times=80))

    mine = reading(found, "regular")

    shown = next(s for s in mine.signals if s.rule == "regularity")
    assert shown.chance < THRESHOLD
    assert mine.outcome == "usual"


@pytest.mark.parametrize("seed", range(3))
def test_a_tenth_of_the_county_cramming_is_found_and_nobody_else(seed: int) -> None:
    crammers = {f"c-{n}": records(f"c-{n}", cramming, seed=seed) for n in range(3)}

    found = county(**crammers)

    asked = {r.subject for r in found.readings if r.outcome == "worth_asking"}
    assert asked == set(crammers)
