"""The demo county keeps rules: adopted in time, kept by most, and missed often enough to show."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time

import pytest

from services.casefile.demo.events import Encoder
from services.casefile.demo.generating import Block, generate
from services.casefile.demo.planned import Planned
from services.casefile.domain.admission import admit
from services.casefile.domain.cadence.days import CHINA, day_in_china
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import Judgement
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import fold, record_ids
from services.casefile.domain.families.obligation import ObligationFulfilled, ObligationMissed
from services.casefile.domain.situation import Situation
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.log.mapper import CasefileMapper

TODAY = date(2026, 11, 21)
ENCODER = Encoder(catalogue(), CasefileMapper(catalogue()))


class Nowhere:
    def chain(self, code: str, day: date) -> Sequence[str]:
        return (code,)


@pytest.fixture(scope="module")
def block() -> Block:
    [only] = generate(2026, 250, TODAY)
    return only


@pytest.fixture(scope="module")
def judgements(block: Block) -> list[Judgement]:
    book, now = rulebook(block), datetime.combine(TODAY, time(9), CHINA)
    files = [stream for stream in block.streams if stream[0].slug == "opening"]
    return [judge(Subject(s[0].stream_id, "case", entries(s)), book, now) for s in files]


def entries(stream: Sequence[Planned]) -> list[Entry]:
    return list(ENCODER.entries([ENCODER.typed(planned) for planned in stream]))


def rules_of(block: Block) -> list[Planned]:
    [only] = [stream for stream in block.streams if stream[0].stream_id == RULEBOOK]
    return only


def rulebook(block: Block) -> Rulebook:
    return Rulebook.of(entries(rules_of(block)), Nowhere())


def test_it_has_days_off_terms_and_policies_on_file(block: Block):
    book = rulebook(block)

    assert {term.code for term in book.calendar("default").terms} >= {
        "2025-2026-1", "2025-2026-2", "2026-2027-1", "2026-2027-2",
    }  # fmt: skip
    assert book.calendar("default").is_official(2026, TODAY)
    assert {ruling.policy.policy for ruling in book.rulings} == {
        "class-teacher-monthly-talk", "half-monthly-visits", "boarders-weekly-call", "weekly-quota",
    }  # fmt: skip


def test_every_policy_was_adopted_before_it_took_effect(block: Block):
    for ruling in rulebook(block).rulings:
        assert ruling.known_on < ruling.since < TODAY


@pytest.mark.parametrize(
    "today",
    [
        "2026-01-05", "2026-02-25", "2026-03-01", "2026-07-20", "2026-09-01", "2026-09-30",
        "2027-01-01", "2027-08-20", "2028-02-29",
    ],
)  # fmt: skip
def test_on_whatever_day_it_is_made_its_rules_are_allowed(today: str):
    [only] = generate(1, 10, date.fromisoformat(today))
    told: list[Entry] = []
    for entry in entries(rules_of(only)):
        situation = Situation(
            today=day_in_china(entry.recorded_at),
            env=entry.env,
            facts=fold(told),
            records=record_ids(told),
        )
        admit(entry.kind, entry.rec, situation)
        told.append(entry)

    assert sum(entry.kind.slug == "policy" for entry in told) == 4


def test_a_second_county_keeps_the_rules_of_the_first():
    first, second = generate(1, 260, TODAY)

    assert rules_of(first)
    assert all(stream[0].stream_id != RULEBOOK for stream in second.streams)


def test_some_hundred_windows_were_missed_and_some_of_them_made_good(
    judgements: list[Judgement],
):
    said = Counter(type(each.record) for j in judgements for each in j.declarations)

    assert 150 < said[ObligationMissed] < 600
    assert 20 < said[ObligationFulfilled] < said[ObligationMissed]


@pytest.mark.parametrize("rule", ["talk.class_teacher", "guardian.half_month", "parent.call"])
def test_each_rule_was_kept_by_most_and_missed_by_some(judgements: list[Judgement], rule: str):
    kept = sum(
        o.outcome == "fulfilled" for j in judgements for o in j.obligations if o.rule == rule
    )
    missed = sum(
        isinstance(each.record, ObligationMissed) and each.record.rule == rule
        for j in judgements
        for each in j.declarations
    )

    assert 10 < missed < kept
