"""The invented county: sized like the sources, the same for the same seed, allowed by the rules."""

from collections import Counter
from datetime import date

import pytest

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.events import Encoder
from services.casefile.demo.generating import Block, generate
from services.casefile.domain.admission import admit
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.effective import effective
from services.casefile.domain.facts import fold, record_ids
from services.casefile.domain.situation import Situation
from services.casefile.log.mapper import CasefileMapper

TODAY = date(2026, 11, 21)
ENCODER = Encoder(catalogue(), CasefileMapper(catalogue()))


@pytest.fixture(scope="module")
def block() -> Block:
    [only] = generate(2026, 250, TODAY)
    return only


def age(born: date) -> int:
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def test_it_is_sized_like_the_sources(block: Block):
    children = block.children

    assert len(children) == 250
    assert max(Counter(c.township.school for c in children if c.teacher).values()) == 119
    assert sum(c.township.is_mountain for c in children) == 108
    assert sum(age(c.born) < 7 for c in children) == 76
    assert sum(c.is_poor for c in children) == 144
    assert sum(c.is_left_behind for c in children) == 247
    assert len({c.township.code for c in children} | {t.code for t in block.county.townships}) == 12


def test_the_guardians_are_58_31_and_11_per_cent(block: Block):
    shares = Counter(c.guardian for c in block.children)

    assert shares == {"grandparent": 145, "parent_single": 78, "relative_friend": 27}


def test_the_same_seed_gives_the_same_county(block: Block):
    [again] = generate(2026, 250, TODAY)
    [other] = generate(2027, 250, TODAY)

    assert again.streams == block.streams
    assert other.streams != block.streams


def test_more_children_come_in_more_counties():
    blocks = list(generate(1, 300, TODAY))

    assert [len(b.children) for b in blocks] == [250, 50]
    everyone = [c for b in blocks for c in b.children]
    assert len({c.case_id for c in everyone}) == 300
    assert len({c.resident_id for c in everyone}) == 300


def test_nobody_shares_a_number(block: Block):
    numbers = [c.resident_id for c in block.children]

    assert len(set(numbers)) == 250
    assert all(number.startswith("9901") for number in numbers)


def test_the_rules_allow_everything_that_was_recorded_in_that_order(block: Block):
    for stream in block.streams:
        entries = []
        for entry in ENCODER.entries([ENCODER.typed(p) for p in stream]):
            current = effective(entries)
            situation = Situation(
                today=entry.recorded_at.date(),
                env=entry.env,
                facts=fold(current),
                records=record_ids(current),
            )
            admit(entry.kind, entry.rec, situation)
            entries.append(entry)


def test_nothing_was_recorded_before_it_happened_or_after_today(block: Block):
    lines = [p for stream in block.streams for p in stream]

    assert all(p.recorded_at.date() >= p.occurred_on for p in lines)
    assert all(p.recorded_at.date() <= TODAY for p in lines)


def test_crammers_write_it_down_shortly_before_an_inspection(block: Block):
    inspections = Calendar(TODAY).inspections
    talks = [p for s in block.streams for p in s if p.slug == "talk"]
    crammed = [p for p in talks if p.worker.character == "cramming"]
    honest = [p for p in talks if p.worker.character == "honest"]

    assert crammed
    for one in crammed:
        assert any(0 <= (i - one.recorded_at.date()).days <= 14 for i in inspections)
    assert max((p.recorded_at.date() - p.occurred_on).days for p in honest) <= 4


def test_one_child_was_found_alone_and_the_police_were_told(block: Block):
    found = [s for s in block.streams if any(p.slug == "mandatory_report" for p in s)]

    assert len(found) == 1
    assert {"emergency", "emergency_resolution", "referral"} <= {p.slug for p in found[0]}
