"""Two versions of a policy are compared rule by rule."""

from datetime import date

import msgspec

from services.casefile.policies.bundles import bundle
from services.casefile.policies.comparing import Change, diff
from tests.casefile.policies.written import SOUND, policy, spoilt, with_line

RULE = "talk.class_teacher"


def test_equal_policies_do_not_differ():
    assert diff(policy(), policy(SOUND)) == []


def test_a_field_of_a_rule_changes_from_one_value_to_another():
    new = policy(spoilt("month", "quarter"))

    assert diff(policy(), new) == [Change("changed", RULE, "shape.every", "month", "quarter")]


def test_a_field_that_is_new_or_gone_has_nothing_on_one_side():
    graced = policy(with_line("grace: {days: 5}"))

    assert diff(policy(), graced) == [Change("changed", RULE, "grace.days", None, 5)]
    assert diff(graced, policy()) == [Change("changed", RULE, "grace.days", 5, None)]


def test_rules_come_and_go_by_their_codes():
    renamed = policy(spoilt(RULE, "talk.teacher"))

    assert diff(policy(), renamed) == [
        Change("added", "talk.teacher", new="每月谈心"),
        Change("removed", RULE, old="每月谈心"),
    ]


def test_the_order_of_rules_is_no_change():
    ones = bundle("three-ones")

    assert diff(ones, msgspec.structs.replace(ones, rules=ones.rules[::-1])) == []


def test_the_head_of_the_policy_is_compared_too():
    new = msgspec.structs.replace(policy(), version=2, effective_from=date(2027, 3, 1))

    assert diff(policy(), new) == [
        Change("changed", None, "version", 1, 2),
        Change("changed", None, "effective_from", "2026-09-01", "2027-03-01"),
    ]
