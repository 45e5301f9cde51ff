"""Checks the windows of a rule: they have a length, they can be met, and they come at all."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.casefile.domain.cadence.calendar import Calendar, Term, TermsLoaded
from services.casefile.domain.cadence.policy import Policy, Rule
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.shapes import (
    ByLevelShape,
    DatedShape,
    IntervalShape,
    MilestoneShape,
    TriggerShape,
)
from services.casefile.domain.cadence.windows import day_or_none, scheduled
from services.casefile.domain.catalogue import Catalogue
from services.casefile.policies import sense_faults as sense
from services.casefile.policies.faults import Fault, Path, listed, shown
from services.casefile.policies.reading import PolicyDocument
from services.casefile.policies.vocabulary import levels

WITHIN = ("within_days", "within_working_days", "within_hours")
WITH_LEVEL = ("risk", "care_level")
LEAP = 2000


def check_shape(
    document: PolicyDocument, rule: Rule, path: Path, catalogue: Catalogue
) -> Iterator[Fault]:
    shape, at = rule.shape, (*path, "shape")
    if rule.terms_only and isinstance(shape, IntervalShape | TriggerShape):
        yield document.fault((*path, "terms_only"), sense.NO_TERMS)
    match shape:
        case TriggerShape():
            yield from _trigger(document, shape, at, catalogue)
            yield from _triggered(document, rule, shape, path)
        case MilestoneShape() if shape.before + shape.after == 0:
            yield document.fault(at, sense.NO_DAYS)
        case DatedShape():
            yield from _days(document, shape, at)
        case ByLevelShape():
            yield from _levels(document, rule, shape, at, catalogue)


def check_windows(
    document: PolicyDocument, rule: Rule, path: Path, calendar: Calendar | None = None
) -> Iterator[Fault]:
    """Whether windows come at all, and are long enough for what is asked in them."""
    days = longest(document.policy, rule, calendar)
    if days == 0:
        yield document.fault((*path, "shape"), sense.NEVER)
    elif (rule.least - 1) * rule.gap_days >= days:
        told = {"least": str(rule.least), "gap": str(rule.gap_days), "days": str(days)}
        yield document.fault((*path, "least"), sense.TOO_MANY, **told)


def longest(policy: Policy, rule: Rule, calendar: Calendar | None) -> int:
    """The days of the longest window in the three years to come; none if there is no window."""
    if isinstance(rule.shape, IntervalShape):
        return rule.shape.days
    if isinstance(rule.shape, TriggerShape):
        return _within(rule.shape)
    since = policy.effective_from
    ruling = Ruling(policy, rule, since, None, True, None, since)
    until = since + timedelta(days=3 * 366)
    windows = scheduled(ruling, calendar or usual_terms(since), until)
    return max((each.window.days for each in windows), default=0)


def usual_terms(since: date) -> Calendar:
    """Terms as they mostly are, for a check without a calendar."""
    terms: list[Term] = []
    for year in range(since.year - 1, since.year + 5):
        name = f"{year}-{year + 1}"
        autumn = date(year, 9, 1), date(year + 1, 1, 22)
        spring = date(year + 1, 2, 24), date(year + 1, 7, 8)
        terms += [
            Term(code=f"{name}-{n}", starts_on=start, ends_on=end)
            for n, (start, end) in enumerate((autumn, spring), 1)
        ]
    return Calendar(terms=[TermsLoaded(tuple(terms), since)])


def _within(shape: TriggerShape) -> int:
    """The most days it can take; working days come with weekends and holidays between them."""
    working = (shape.within_working_days or 0) * 2 + 14 if shape.within_working_days else 0
    hours = -(-(shape.within_hours or 0) // 24) + 1 if shape.within_hours else 0
    return max((shape.within_days or 0) + 1, working, hours)


def _trigger(
    document: PolicyDocument, shape: TriggerShape, path: Path, catalogue: Catalogue
) -> Iterator[Fault]:
    given = [name for name in WITHIN if getattr(shape, name) is not None]
    if len(given) > 1:
        yield document.fault((*path, given[1]), sense.TWO_TIMES)
    elif not any(getattr(shape, name) for name in WITHIN):
        yield document.fault((*path, *given), sense.NO_TIME)
    if shape.raised and shape.kind in catalogue.by_slug and shape.kind not in WITH_LEVEL:
        yield document.fault((*path, "raised"), sense.NOT_RAISED, value=shown(shape.kind))


def _triggered(
    document: PolicyDocument, rule: Rule, shape: TriggerShape, path: Path
) -> Iterator[Fault]:
    """What of the rule does not go with its trigger."""
    if shape.kind in rule.kinds:
        at = (*path, "kinds", rule.kinds.index(shape.kind))
        yield document.fault(at, sense.ENDS_ITSELF, value=shown(shape.kind))
    if shape.within_hours is not None and rule.roll != "keep":
        yield document.fault((*path, "roll"), sense.HOURS_ONLY)
    if shape.within_hours is not None and rule.grace.working_days:
        yield document.fault((*path, "grace", "working_days"), sense.HOURS_ONLY)


def _days(document: PolicyDocument, shape: DatedShape, path: Path) -> Iterator[Fault]:
    for number, text in enumerate(shape.by):
        at = (*path, "by", number)
        yearly = len(text) == len("MM-DD")
        if day_or_none(f"{LEAP}-{text}" if yearly else text) is None:
            yield document.fault(at, sense.NO_SUCH_DAY)
        elif text == "02-29":
            yield document.fault(at, sense.LEAP_DAY)
        elif text in shape.by[:number]:
            yield document.fault(at, sense.NAMED_TWICE, value=shown(text))


def _levels(
    document: PolicyDocument, rule: Rule, shape: ByLevelShape, path: Path, catalogue: Catalogue
) -> Iterator[Fault]:
    known = levels(catalogue, shape.level)
    choices, every = listed(known), (*path, "every")
    if not shape.every:
        yield document.fault(every, sense.NO_LEVEL, choices=choices)
    applied = rule.applies.care_level if shape.level == "care" else rule.applies.risk_level
    for level in shape.every:
        if level not in known:
            told = {"level": shape.level, "value": shown(level), "choices": choices}
            yield document.fault((*every, level), sense.UNKNOWN_LEVEL, **told)
        elif applied and level not in applied:
            yield document.fault((*every, level), sense.LEVEL_LEFT_OUT, value=level)
    for level in applied:
        if level in known and level not in shape.every:
            at = (*path[:-1], "applies", f"{shape.level}_level")
            yield document.fault(at, sense.LEVEL_WITHOUT_WINDOW, value=level)
