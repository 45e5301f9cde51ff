"""Checks a policy against an installation: versions on file, its calendar, the children there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from services.casefile.domain.cadence.calendar import Calendar, Term
from services.casefile.domain.cadence.policy import Applies, Policy
from services.casefile.domain.cadence.terms import LONGEST_BREAK, is_hole, needs_terms
from services.casefile.policies import sense_faults as sense
from services.casefile.policies.faults import Fault
from services.casefile.policies.reading import PolicyDocument

DEFAULT = "default"


def check_versions(document: PolicyDocument, adopted: Sequence[Policy]) -> Iterator[Fault]:
    """A version follows those before it, in number and in time."""
    policy = document.policy
    mine = [known for known in adopted if known.policy == policy.policy]
    if not mine:
        return
    version = max(known.version for known in mine)
    since = max(known.effective_from for known in mine)
    if policy.version <= version:
        told = {"version": str(version), "next": str(version + 1)}
        yield document.fault(("version",), sense.OLD_VERSION, **told)
    if policy.effective_from <= since:
        told = {"version": str(version), "day": since.isoformat()}
        yield document.fault(("effective_from",), sense.OVERLAPS, **told)


def check_calendar(document: PolicyDocument, calendars: Mapping[str, Calendar]) -> Iterator[Fault]:
    """The calendar is there, and has the terms the policy needs, without a hole."""
    policy = document.policy
    calendar = calendars.get(policy.calendar)
    if calendar is None or not calendar.terms:
        if policy.calendar != DEFAULT or needs_terms(policy):
            yield document.fault(("calendar",), sense.UNKNOWN_CALENDAR, value=policy.calendar)
    elif needs_terms(policy):
        yield from _terms(document, policy.effective_from, calendar.terms)


def check_children(document: PolicyDocument, children: Callable[[Applies], int]) -> Iterator[Fault]:
    """Each rule is for some child; on an empty roster that says nothing."""
    if not children(Applies()):
        return
    for number, rule in enumerate(document.policy.rules):
        if rule.subject != "unit" and not children(rule.applies):
            at = ("rules", number, "applies")
            yield document.fault(at, sense.NOBODY)


def _terms(document: PolicyDocument, since: date, terms: Sequence[Term]) -> Iterator[Fault]:
    at = ("effective_from",)
    coming = [term for term in terms if term.ends_on >= since]
    if not coming:
        yield document.fault(at, sense.NO_TERM, day=since.isoformat())
        return
    if coming[0] is terms[0] and coming[0].starts_on - since > LONGEST_BREAK:
        yield document.fault(at, sense.LATE_TERMS, day=coming[0].starts_on.isoformat())
    known = [term for term in terms if term.ends_on < since][-1:] + coming
    for earlier, later in pairwise(known):
        if is_hole(earlier, later):
            told = {"since": earlier.ends_on.isoformat(), "until": later.starts_on.isoformat()}
            yield document.fault(("calendar",), sense.HOLE, **told)
