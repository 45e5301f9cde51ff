"""Another policy, tried out on a term that is over."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.casefile.composition import Parts
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.cadence.refusals import CalendarNotFound
from services.casefile.domain.cadence.shapes import CalendarShape, MilestoneShape
from services.casefile.domain.refusals import EndBeforeStart
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.rulebooks.comparing import Change, Counts
from services.casefile.rulebooks.what_if import WhatIf, what_if
from tests.casefile.rulebooks.past import Past, told_each
from tests.casefile.rulebooks.policies import policy, rule
from tests.servers import Database

SINCE, UNTIL = date(2025, 9, 1), date(2025, 12, 31)
NOW = datetime(2026, 2, 1, tzinfo=UTC)
TALKS = ("2025-09-10", "2025-10-14", "2025-12-03")


@pytest.fixture
def past(casefile: Parts, database: Database) -> Past:
    return Past(database, casefile)


def adopted(past: Past, document: Policy, on: str) -> None:
    past.told(RULEBOOK, "policy", on, document=msgspec.to_builtins(document))


def asked(casefile: Parts, database: Database, document: Policy, **options: Any) -> WhatIf:
    rulebook = casefile.rulebooks.fresh()
    asked = {"since": SINCE, "until": UNTIL, "now": NOW} | options
    return what_if(casefile.recorder, database.app, casefile.mapper, rulebook, document, **asked)


def talked_three_times(past: Past) -> UUID:
    case_id = past.opened("2025-08-20")
    told_each(past, case_id, "talk", TALKS)
    return case_id


def test_it_says_what_would_have_been_missed_by_rule(
    casefile: Parts, database: Database, past: Past
):
    talked_three_times(past)
    past.write()
    monthly = rule("talk.monthly")
    quarterly = rule("talk.quarterly", shape=CalendarShape(every="quarter"))

    answer = asked(casefile, database, policy(rules=(monthly, quarterly)))

    assert [(each.rule, each.supposed, each.as_it_is) for each in answer.rules] == [
        ("talk.monthly", Counts(owed=4, in_window=3, missed=1), None),
        ("talk.quarterly", Counts(owed=1, in_window=1), None),
    ]
    assert answer.subjects == 1


def test_beside_it_stands_what_the_policy_in_force_gave(
    casefile: Parts, database: Database, past: Past
):
    case_id = talked_three_times(past)
    in_force = policy(rules=(rule(), rule("visit", kinds=("home_visit",))), effective_from=SINCE)
    adopted(past, in_force, "2025-08-25")
    past.write()
    weekly = rule(shape=CalendarShape(every="half_month"))

    answer = asked(casefile, database, policy(version=2, rules=(weekly,)))

    talks, visits = answer.rules
    assert talks.supposed == Counts(owed=8, in_window=3, missed=5)
    assert talks.as_it_is == Counts(owed=4, in_window=3, missed=1)
    assert (visits.supposed, visits.as_it_is) == (None, Counts(owed=4, missed=4))
    assert (visits.newly_missed, visits.no_longer_missed, visits.unchanged) == (0, 4, 0)
    assert (talks.newly_missed, talks.no_longer_missed, talks.unchanged) == (5, 1, 6)
    assert Change(case_id, "visit", "2025-09", newly_missed=False) in answer.changes


def test_the_same_policy_again_changes_nothing(casefile: Parts, database: Database, past: Past):
    talked_three_times(past)
    in_force = policy(effective_from=SINCE)
    adopted(past, in_force, "2025-08-25")
    past.write()

    answer = asked(casefile, database, in_force)

    [talks] = answer.rules
    assert talks.supposed == talks.as_it_is == Counts(owed=4, in_window=3, missed=1)
    assert (talks.newly_missed, talks.no_longer_missed, talks.unchanged) == (0, 0, 4)
    assert answer.changes == []


def test_what_was_declared_under_the_policy_in_force_binds_no_other(
    casefile: Parts, database: Database, past: Past
):
    case_id = talked_three_times(past)
    past.told(case_id, "home_visit", "2025-11-11", met=["child"])
    adopted(past, policy(effective_from=SINCE), "2025-08-25")
    past.write()
    casefile.casefile.declare(case_id, "case", NOW)
    loose = policy(rules=(rule(kinds=("talk", "home_visit")),))

    answer = asked(casefile, database, loose)

    [talks] = answer.rules
    assert talks.as_it_is == Counts(owed=4, in_window=3, missed=1)
    assert talks.supposed == Counts(owed=4, in_window=4)
    assert answer.changes == [Change(case_id, talks.rule, "2025-11", newly_missed=False)]


def test_what_was_entered_after_the_close_stands_as_a_miss_made_good(
    casefile: Parts, database: Database, past: Past
):
    case_id = past.opened("2025-09-01")
    past.told(case_id, "talk", "2025-09-10", lag=40)
    past.write()

    answer = asked(casefile, database, policy(), until=date(2025, 9, 30))

    [talks] = answer.rules
    assert talks.supposed == Counts(owed=1, missed=1, made_good=1)


def test_a_window_that_is_not_closed_yet_is_open(casefile: Parts, database: Database, past: Past):
    past.opened("2025-09-01")
    past.write()

    answer = asked(
        casefile,
        database,
        policy(),
        until=date(2025, 10, 31),
        now=datetime(2025, 11, 2, tzinfo=UTC),
    )

    [talks] = answer.rules
    assert talks.supposed == Counts(owed=2, missed=1, open=1)


def test_nothing_is_written(casefile: Parts, database: Database, past: Past):
    talked_three_times(past)
    past.write()
    head = casefile.recorder.head()

    asked(casefile, database, policy())

    assert casefile.recorder.head() == head


def test_every_file_is_read_however_few_fit_into_memory_at_once(
    casefile: Parts, database: Database, past: Past, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("services.casefile.rulebooks.what_if.EVENTS", 5)
    for _ in range(7):
        talked_three_times(past)
    past.write()
    seen: list[tuple[int, int]] = []

    answer = asked(
        casefile, database, policy(), report=lambda done, total: seen.append((done, total))
    )

    [talks] = answer.rules
    assert talks.supposed == Counts(owed=28, in_window=21, missed=7)
    total = seen[0][1]
    assert seen == [(done, total) for done in range(1, total + 1)]


def test_a_window_that_had_begun_before_counts_from_the_first_day_on(
    casefile: Parts, database: Database, past: Past
):
    past.opened("2025-08-20")
    past.write()
    quarterly = policy(rules=(rule(shape=CalendarShape(every="quarter")),))

    enough = asked(casefile, database, quarterly, since=date(2025, 8, 31))
    too_short = asked(casefile, database, quarterly, since=date(2025, 9, 1))

    assert [each.rules[0].supposed.owed for each in (enough, too_short)] == [2, 1]


def test_a_policy_for_terms_needs_terms(casefile: Parts, database: Database):
    terms = rule(shape=MilestoneShape(at="mid_term"))

    with pytest.raises(CalendarNotFound):
        asked(casefile, database, policy(rules=(terms,)))


def test_the_days_are_in_order(casefile: Parts, database: Database):
    with pytest.raises(EndBeforeStart):
        asked(casefile, database, policy(), since=UNTIL, until=SINCE)


def test_rules_for_workers_are_named_and_left_out(casefile: Parts, database: Database, past: Past):
    quota = rule(
        "quota", subject="worker", distinct_children=3, shape=CalendarShape(every="iso_week")
    )
    past.opened("2025-09-01")
    past.write()

    answer = asked(casefile, database, policy(rules=(quota, rule())))

    assert answer.left_out == ["quota"]
    assert [each.rule for each in answer.rules] == ["talk.class_teacher"]
