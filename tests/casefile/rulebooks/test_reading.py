"""The rulebook as the log has it, now and earlier."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from services.casefile.composition import Parts
from services.casefile.rulebooks.reading import Rulebooks
from tests.casefile.rulebooks.policies import county, policy
from tests.casefile.world import context

LATER = date(2027, 1, 1)


def test_an_empty_log_has_a_rulebook_without_rules(casefile: Parts):
    rulebook = casefile.rulebooks.current()

    assert rulebook.rulings == ()
    assert rulebook.position == 0
    assert rulebook.calendar("default").terms == ()


def test_while_nothing_changes_it_is_the_same_object(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())
    rulebook = casefile.rulebooks.fresh()

    assert casefile.rulebooks.fresh() is rulebook
    assert casefile.rulebooks.current() is rulebook


def test_another_process_sees_what_was_adopted_when_it_asks_afresh(casefile: Parts):
    elsewhere = Rulebooks(casefile.recorder, casefile.mapper)
    assert elsewhere.current().rulings == ()

    receipt = casefile.casefile.adopt_policy(policy(), county())

    assert elsewhere.fresh().position == receipt.position
    assert elsewhere.current().policy("school-default", LATER) == policy()


def test_at_an_earlier_position_it_is_as_it_was(casefile: Parts):
    first = casefile.casefile.adopt_policy(policy(), county())
    second = policy(version=2, effective_from=date(2026, 12, 15))
    later = casefile.casefile.adopt_policy(second, county())

    rulebooks = casefile.rulebooks
    assert rulebooks.at(first.position - 1).rulings == ()
    assert rulebooks.at(first.position).policy("school-default", LATER) == policy()
    assert rulebooks.at(later.position).policy("school-default", LATER) == second
    assert rulebooks.at(first.position) is rulebooks.at(later.position - 1)


def test_closing_a_day_does_not_count_as_a_change_of_the_rules(casefile: Parts):
    receipt = casefile.casefile.adopt_policy(policy(), county())

    casefile.casefile.close_day(date(2026, 11, 19), context(source="system"))

    rulebook = casefile.rulebooks.fresh()
    assert rulebook.position == receipt.position
    assert rulebook.closed_until == date(2026, 11, 19)


def test_many_readers_at_once_read_the_same(casefile: Parts):
    casefile.casefile.adopt_policy(policy(), county())

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: casefile.rulebooks.fresh(), range(40)))

    assert all(rulebook is found[0] for rulebook in found)
    assert len(found[0].rulings) == 1
