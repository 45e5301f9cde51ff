"""What a calendar of terms has to be before anything is judged by it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import Policy, Rule
from services.casefile.domain.cadence.shapes import ByLevelShape, CalendarShape, MilestoneShape
from services.casefile.domain.refusals import Implausible

LONGEST_BREAK = timedelta(days=100)
SHORTEST, LONGEST = timedelta(days=30), timedelta(days=250)


def needs_terms(policy: Policy) -> bool:
    """Whether any rule asks when terms are."""
    return any(rule.terms_only or asks_for_terms(rule) for rule in policy.rules)


def asks_for_terms(rule: Rule) -> bool:
    match rule.shape:
        case MilestoneShape():
            return True
        case CalendarShape(every=every):
            return every == "term"
        case ByLevelShape(every=by_level):
            return "term" in by_level.values()
    return False


def covers(terms: Iterable[Term], since: date) -> bool:
    """Whether there are terms from that day on, or after a break at most, and no hole between."""
    ahead = ordered(term for term in terms if term.ends_on >= since)
    if not ahead or ahead[0].starts_on - since > LONGEST_BREAK:
        return False
    return not any(is_hole(*pair) for pair in pairwise(ahead))


def check_terms(named: Sequence[Term], merged: Iterable[Term]) -> None:
    """Refuse terms that cannot be, alone or among those on file."""
    if len({term.code for term in named}) < len(named):
        raise Implausible("terms", "a term is named twice")
    for term in named:
        _check_term(term)
    for earlier, later in pairwise(ordered(merged)):
        if later.starts_on <= earlier.ends_on or later.code < earlier.code:
            raise Implausible("terms", "terms overlap or are not in order")
        if is_hole(earlier, later):
            raise Implausible("terms", "there is a hole between two terms")


def check_change(on_file: Mapping[str, Term], named: Collection[Term], today: date) -> None:
    """Refuse to move what is over already: windows have been judged by it."""
    for term in named:
        known = on_file.get(term.code)
        if known is None or known == term:
            continue
        for field in ("starts_on", "ends_on", "middle"):
            before, after = getattr(known, field), getattr(term, field)
            if before != after and min(before, after) < today:
                raise Implausible("terms", "what is over of a term stays as it was", at=field)


def ordered(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: term.starts_on)


def is_hole(earlier: Term, later: Term) -> bool:
    return later.starts_on - earlier.ends_on > LONGEST_BREAK


def _check_term(term: Term) -> None:
    if not SHORTEST <= term.ends_on - term.starts_on <= LONGEST:
        raise Implausible("terms", "a term lasts one to eight months", term=term.code)
    if not term.starts_on <= term.middle <= term.ends_on:
        raise Implausible("terms", "the middle of a term lies within it", term=term.code)
    first, second = int(term.code[:4]), int(term.code[5:9])
    year = first if term.code.endswith("1") else second
    if second != first + 1 or term.starts_on.year != year:
        raise Implausible("terms", "the code names other years than its days", term=term.code)
