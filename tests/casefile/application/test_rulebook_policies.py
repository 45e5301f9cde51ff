"""Policies on file: adopted once, replaced by versions, withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from services.casefile.application.decision import Receipt
from services.casefile.composition import Parts
from services.casefile.domain.cadence.refusals import (
    CalendarNotFound,
    CalendarTooShort,
    PolicyVersionTaken,
)
from services.casefile.domain.cadence.shapes import CalendarShape, MilestoneShape, TriggerShape
from services.casefile.domain.refusals import (
    AlreadyOnFile,
    Implausible,
    NotOnFile,
    UnitNotFound,
    UnknownKind,
)
from services.casefile.domain.stream_ids import RULEBOOK
from tests.casefile.rulebooks.policies import county, load_terms, policy, rule
from tests.casefile.world import NOW, parts
from tests.servers import Database


def first(receipt: Receipt) -> Receipt:
    return msgspec.structs.replace(receipt, is_replay=False)


def test_an_adopted_policy_is_in_force_from_its_day_on(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())

    rulebook = casefile.rulebooks.fresh()
    assert rulebook.policy("school-default", date(2026, 11, 30)) is None
    assert rulebook.policy("school-default", date(2026, 12, 1)) == policy()


def test_a_policy_with_every_shape_reads_back_as_it_was_written(casefile: Parts):
    load_terms(casefile)
    rules = (
        rule(),
        rule("visit.mid", shape=MilestoneShape(at="mid_term", after=7), kinds=("home_visit",)),
        rule("react", shape=TriggerShape(kind="risk", raised=True, within_days=3)),
        rule("asked", requires={"mood": ("calm", "cheerful"), "note": "present"}),
    )

    casefile.casefile.adopt_policy(policy(rules=rules), county())

    assert casefile.rulebooks.fresh().policy("school-default", date(2027, 1, 1)).rules == rules


def test_the_same_document_twice_is_one_receipt(casefile: Parts):
    receipt = casefile.casefile.adopt_policy(policy(), county())

    again = casefile.casefile.adopt_policy(policy(), county())

    assert first(again) == receipt
    assert again.is_replay


def test_the_same_document_from_many_at_once_is_one_event(casefile: Parts):
    with ThreadPoolExecutor(8) as pool:
        receipts = list(
            pool.map(lambda _: casefile.casefile.adopt_policy(policy(), county()), range(8))
        )

    assert len({receipt.position for receipt in receipts}) == 1
    assert len(casefile.recorder.stream(RULEBOOK)) == 1


def test_another_document_under_the_same_version_is_refused(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())

    with pytest.raises(PolicyVersionTaken) as refusal:
        casefile.casefile.adopt_policy(policy(title="另一份"), county())

    assert refusal.value.remedy
    assert refusal.value.data == {"policy": "school-default", "latest": 1}


def test_a_later_version_takes_over_on_its_day(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())
    later = policy(version=2, effective_from=date(2027, 1, 1))

    casefile.casefile.adopt_policy(later, county())

    rulebook = casefile.rulebooks.fresh()
    assert rulebook.policy("school-default", date(2026, 12, 31)) == policy()
    assert rulebook.policy("school-default", date(2027, 1, 1)) == later


def test_the_first_document_is_still_on_file_when_a_later_version_is(casefile: Parts):
    receipt = casefile.casefile.adopt_policy(policy(), county())
    casefile.casefile.adopt_policy(policy(version=2, effective_from=date(2027, 1, 1)), county())

    assert first(casefile.casefile.adopt_policy(policy(), county())) == receipt


def test_a_later_version_does_not_take_effect_before_the_earlier_one(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())

    with pytest.raises(Implausible, match="not plausible") as refusal:
        casefile.casefile.adopt_policy(policy(version=2), county())

    assert refusal.value.field == "effective_from"


def test_a_later_version_does_not_take_effect_on_a_day_that_has_been_judged(
    casefile: Parts, database: Database, tmp_path: Path
):
    casefile.casefile.adopt_policy(policy(effective_from=date(2026, 11, 1)), county())
    days_later = parts(database, tmp_path, clock=lambda: NOW + timedelta(days=5))
    later = policy(version=2, effective_from=date(2026, 11, 24))

    with pytest.raises(Implausible, match="judged already"):
        days_later.casefile.adopt_policy(later, county())
    today = msgspec.structs.replace(later, effective_from=date(2026, 11, 25))
    assert days_later.casefile.adopt_policy(today, county()).version == 2
    days_later.close()


@pytest.mark.parametrize("kinds", [("no_such_kind",), ("talk", "no_such_kind")])
def test_a_rule_that_asks_for_an_unknown_kind_is_refused(casefile: Parts, kinds: tuple[str, ...]):
    with pytest.raises(UnknownKind):
        casefile.casefile.adopt_policy(policy(rules=(rule(kinds=kinds),)), county())


def test_a_rule_that_waits_for_an_unknown_kind_is_refused(casefile: Parts):
    waits = rule(shape=TriggerShape(kind="no_such_kind", within_days=3))

    with pytest.raises(UnknownKind):
        casefile.casefile.adopt_policy(policy(rules=(waits,)), county())


def test_a_rule_for_children_cannot_ask_for_what_units_record(casefile: Parts):
    with pytest.raises(Implausible):
        casefile.casefile.adopt_policy(policy(rules=(rule(kinds=("circular",)),)), county())


def test_a_policy_of_an_unknown_unit_is_refused(casefile: Parts):
    with pytest.raises(UnitNotFound):
        casefile.casefile.adopt_policy(policy(unit="town-9"), county())

    assert casefile.casefile.adopt_policy(policy(unit="town-1"), county()).version == 1


def test_a_policy_that_asks_for_terms_needs_a_calendar_that_has_them(casefile: Parts):
    by_term = policy(rules=(rule(shape=CalendarShape(every="term")),))
    with pytest.raises(CalendarNotFound):
        casefile.casefile.adopt_policy(by_term, county())
    load_terms(casefile)

    assert casefile.casefile.adopt_policy(by_term, county()).kind == "policy"


def test_a_calendar_that_ends_before_the_policy_begins_is_too_short(casefile: Parts):
    load_terms(casefile)
    late = policy(effective_from=date(2027, 9, 1), rules=(rule(terms_only=True),))

    with pytest.raises(CalendarTooShort):
        casefile.casefile.adopt_policy(late, county())


def test_a_policy_that_names_a_calendar_needs_it_even_without_terms(casefile: Parts):
    with pytest.raises(CalendarNotFound):
        casefile.casefile.adopt_policy(policy(calendar="county-schools"), county())


def test_a_withdrawn_policy_holds_to_its_last_day(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())

    casefile.casefile.withdraw_policy(
        "school-default", date(2027, 1, 31), "leading-group", county()
    )

    rulebook = casefile.rulebooks.fresh()
    assert rulebook.policy("school-default", date(2027, 1, 31)) is not None
    assert rulebook.policy("school-default", date(2027, 2, 1)) is None


def test_a_withdrawal_twice_is_one_and_a_later_one_is_refused(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())
    withdraw = casefile.casefile.withdraw_policy
    receipt = withdraw("school-default", date(2027, 1, 31), "leading-group", county())

    assert (
        first(withdraw("school-default", date(2027, 1, 31), "leading-group", county())) == receipt
    )
    with pytest.raises(AlreadyOnFile):
        withdraw("school-default", date(2027, 2, 28), "leading-group", county())


def test_a_policy_can_come_back_and_be_withdrawn_again(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())
    withdraw = casefile.casefile.withdraw_policy
    once = withdraw("school-default", date(2027, 1, 31), "leading-group", county())
    casefile.casefile.adopt_policy(policy(version=2, effective_from=date(2026, 12, 15)), county())

    again = withdraw("school-default", date(2027, 1, 31), "leading-group", county())

    assert again.record_id != once.record_id
    assert casefile.rulebooks.fresh().policy("school-default", date(2027, 2, 1)) is None


def test_nothing_is_withdrawn_that_is_unknown_or_over(casefile: Parts):
    with pytest.raises(NotOnFile):
        casefile.casefile.withdraw_policy("unknown", date(2027, 1, 1), "leading-group", county())
    casefile.casefile.adopt_policy(policy(), county())
    with pytest.raises(Implausible):
        casefile.casefile.withdraw_policy(
            "school-default", date(2026, 11, 19), "leading-group", county()
        )
