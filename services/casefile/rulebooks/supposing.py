"""A rulebook in which one policy held that was never adopted, and what it is compared with."""

from collections.abc import Iterable
from datetime import date

import msgspec

from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.cadence.refusals import CalendarNotFound, CalendarTooShort
from services.casefile.domain.cadence.rulebook import Rulebook, Ruling
from services.casefile.domain.cadence.terms import covers, needs_terms

# No version on file has this number, so nothing that was declared is taken for this policy's.
NEVER_ADOPTED = 0


def supposed(rulebook: Rulebook, policy: Policy, since: date) -> Rulebook:
    """The policy alone, as if it had been adopted on the first day and nothing before it."""
    check_calendar(rulebook, policy, since)
    policy = msgspec.structs.replace(policy, version=NEVER_ADOPTED, effective_from=since)
    rulings = [Ruling(policy, rule, since, None, True, None, since) for rule in policy.rules]
    return with_rulings(rulebook, rulings)


def as_it_is(rulebook: Rulebook, policy: Policy) -> Rulebook:
    """The policy of that code in all its versions; if there is none, the rules of the same codes."""
    mine = [ruling for ruling in rulebook.rulings if ruling.policy.policy == policy.policy]
    codes = {rule.code for rule in policy.rules}
    return with_rulings(rulebook, mine or [r for r in rulebook.rulings if r.rule.code in codes])


def with_rulings(rulebook: Rulebook, rulings: Iterable[Ruling]) -> Rulebook:
    return Rulebook(list(rulings), rulebook.calendars, rulebook.units, position=rulebook.position)


def check_calendar(rulebook: Rulebook, policy: Policy, since: date) -> None:
    """Refuse a policy that asks for terms nobody has loaded: it would miss nothing, for ever."""
    if not needs_terms(policy):
        return
    if policy.calendar not in rulebook.calendars:
        raise CalendarNotFound("calendar", calendar=policy.calendar)
    if not covers(rulebook.calendars[policy.calendar].terms, since):
        raise CalendarTooShort("since", calendar=policy.calendar)
