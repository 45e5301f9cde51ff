"""Checks who a rule is for and who owes it, and that no two rules are one."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from services.casefile.domain.cadence.policy import Rule
from services.casefile.domain.cadence.shapes import ByLevelShape, CalendarShape
from services.casefile.policies import sense_faults as sense
from services.casefile.policies.faults import Fault, Path
from services.casefile.policies.reading import PolicyDocument
from services.casefile.policies.vocabulary import ASSIGNED


def check_rule(document: PolicyDocument, rule: Rule, path: Path) -> Iterator[Fault]:
    yield from _obligor(document, rule, path)
    yield from _quota(document, rule, path)
    yield from _subject(document, rule, path)
    if rule.never_waivable and rule.note is None:
        yield document.fault((*path, "never_waivable"), sense.NO_REASON)


def check_codes(document: PolicyDocument) -> Iterator[Fault]:
    """Each rule has a code of its own, and asks something of its own."""
    rules = document.policy.rules
    times = Counter(rule.code for rule in rules)
    asked: dict[bytes, str] = {}
    for number, rule in enumerate(rules):
        if times[rule.code] > 1:
            yield document.fault(("rules", number, "code"), sense.SAME_CODE, value=rule.code)
            continue
        same = asked.setdefault(_asked(rule), rule.code)
        if same != rule.code:
            yield document.fault(("rules", number), sense.SAME_RULE, value=same)


def _asked(rule: Rule) -> bytes:
    """What a rule asks, without what it is called."""
    plain = msgspec.structs.replace(rule, code="x", title="x", note=None, seeds=(), example=False)
    return msgspec.json.encode(plain, order="sorted")


def _obligor(document: PolicyDocument, rule: Rule, path: Path) -> Iterator[Fault]:
    if rule.obligor == "parent":
        if rule.role is not None:
            yield document.fault((*path, "role"), sense.PARENTS_ROLE)
        if rule.subject != "case":
            yield document.fault((*path, "subject"), sense.PARENTS_SUBJECT)
    elif rule.role is None:
        yield document.fault(path, sense.NO_ROLE)
    if ASSIGNED in rule.performers and (rule.role is None or rule.subject == "unit"):
        yield document.fault((*path, "performers"), sense.NOBODY_ASSIGNED)


def _quota(document: PolicyDocument, rule: Rule, path: Path) -> Iterator[Fault]:
    if rule.subject != "worker":
        if rule.distinct_children is not None:
            yield document.fault((*path, "distinct_children"), sense.NOT_A_QUOTA)
        return
    if rule.distinct_children is None:
        yield document.fault(path, sense.NO_QUOTA)
    for name, without in (("least", 1), ("gap_days", 0)):
        if getattr(rule, name) != without:
            yield document.fault((*path, name), sense.QUOTA_ONLY, name=name)
    if not isinstance(rule.shape, CalendarShape):
        yield document.fault((*path, "shape", "shape"), sense.QUOTA_SHAPE)


def _subject(document: PolicyDocument, rule: Rule, path: Path) -> Iterator[Fault]:
    """A unit has neither levels nor what a child has; a child has no kind of unit."""
    is_unit = rule.subject == "unit"
    if is_unit and isinstance(rule.shape, ByLevelShape):
        yield document.fault((*path, "shape", "shape"), sense.UNITS_LEVEL)
    for name in rule.applies.__struct_fields__:
        named = getattr(rule.applies, name) not in ((), None)
        if named and is_unit and name != "unit_kind":
            yield document.fault((*path, "applies", name), sense.NOT_OF_UNITS, name=name)
        if named and not is_unit and name == "unit_kind":
            yield document.fault((*path, "applies", name), sense.ONLY_OF_UNITS)
