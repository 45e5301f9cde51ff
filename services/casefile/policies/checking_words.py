"""Checks the words of a rule: its kinds, roles, codes and fields exist, and can be met."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches

from services.casefile.domain.cadence.policy import Applies, Rule
from services.casefile.domain.cadence.shapes import TriggerShape, Wanted
from services.casefile.domain.cadence.wanted import PRESENT
from services.casefile.domain.catalogue import Catalogue, Kind
from services.casefile.policies import sense_faults as sense
from services.casefile.policies.faults import Fault, Path, listed, shown
from services.casefile.policies.fitting import not_a_code
from services.casefile.policies.reading import PolicyDocument
from services.casefile.policies.vocabulary import (
    ACCOUNTABLE,
    ASSIGNED,
    ROLES,
    STREAMS,
    allowed,
    can_be,
    can_trigger,
    codes_of,
    fields_of,
    is_personal,
    is_proof,
    scalar,
)

LISTS = ("kinds", "performers", "seeds")
OF_TYPE = {bool: "true, false", int: "0, 1, 2, …", str: "'…'"}


def check_words(
    document: PolicyDocument, rule: Rule, path: Path, catalogue: Catalogue
) -> Iterator[Fault]:
    yield from _kinds(document, rule, path, catalogue)
    yield from _roles(document, rule, path)
    yield from _applies(document, rule.applies, (*path, "applies"), catalogue)
    for name in LISTS:
        yield from _named_once(document, getattr(rule, name), (*path, name))


def check_steps(document: PolicyDocument) -> Iterator[Fault]:
    """The roles that are told."""
    for number, step in enumerate(document.policy.escalation):
        path: Path = ("escalation", number, "to")
        yield from _named_once(document, step.to, path)
        for place, role in enumerate(step.to):
            if role not in (*ROLES, ACCOUNTABLE):
                yield _no_role(document, role, (*path, place), ACCOUNTABLE)


def _kinds(
    document: PolicyDocument, rule: Rule, path: Path, catalogue: Catalogue
) -> Iterator[Fault]:
    named = [catalogue.by_slug[slug] for slug in rule.kinds if slug in catalogue.by_slug]
    for number, slug in enumerate(rule.kinds):
        at: Path = (*path, "kinds", number)
        kind, faults = kind_at(document, slug, at, rule.subject, catalogue)
        yield from faults
        if kind is not None and not faults:
            if not is_proof(kind):
                yield document.fault(at, sense.NO_PROOF, value=slug)
            else:
                yield from _wanted(document, rule.requires, (*path, "requires"), kind, named)
    shape = rule.shape
    if isinstance(shape, TriggerShape):
        at = (*path, "shape", "kind")
        kind, faults = kind_at(document, shape.kind, at, rule.subject, catalogue)
        yield from faults
        if kind is not None and not faults:
            if not can_trigger(kind):
                yield document.fault(at, sense.NO_TRIGGER, value=shape.kind)
            yield from _wanted(document, shape.when, (*path, "shape", "when"), kind, [kind])


def kind_at(
    document: PolicyDocument, slug: str, path: Path, subject: str, catalogue: Catalogue
) -> tuple[Kind | None, list[Fault]]:
    """The kind that is named, and what is wrong with naming it."""
    kind = catalogue.by_slug.get(slug)
    if kind is None:
        like = get_close_matches(slug, catalogue.by_slug, 1)
        wrong = sense.MISSPELT_KIND if like else sense.UNKNOWN_KIND
        return None, [document.fault(path, wrong, value=shown(slug), like="".join(like))]
    if kind.stream != STREAMS[subject]:
        told = {"value": slug, "subject": STREAMS[subject]}
        return kind, [document.fault(path, sense.OTHER_STREAM, **told)]
    return kind, []


def _wanted(
    document: PolicyDocument,
    wanted: Mapping[str, Wanted],
    path: Path,
    kind: Kind,
    named: Sequence[Kind],
) -> Iterator[Fault]:
    """What is asked of a kind; of several kinds each needs one of the values, and each value one."""
    fields = fields_of(kind)
    for name, want in wanted.items():
        at: Path = (*path, name)
        if name not in fields:
            told = {"kind": kind.slug, "name": shown(name)}
            yield document.fault(at, sense.LACKS_FIELD, **told)
        elif want == ():
            yield document.fault(at, sense.NOTHING_WANTED)
        elif want != PRESENT:
            known = {c for k in named for c in codes_of(fields_of(k).get(name))}
            yield from _values(document, want, at, kind, known)


def _values(
    document: PolicyDocument, want: Wanted, path: Path, kind: Kind, known: AbstractSet[str]
) -> Iterator[Fault]:
    name = str(path[-1])
    annotation = fields_of(kind)[name]
    codes, wanted = codes_of(annotation), scalar(annotation)
    values = want if isinstance(want, tuple) else (want,)
    told = {"kind": kind.slug, "name": name}
    if is_personal(annotation) or (not codes and wanted not in (bool, int, str)):
        yield document.fault(path, sense.PRESENT_ONLY, **told)
    elif codes:
        some = [value for value in values if value in codes]
        for value in [v for v in values if v not in known] if some else values[:1]:
            told |= {"value": shown(value), "choices": listed(codes)}
            yield document.fault(path, sense.NEVER_WANTED, **told)
    else:
        for value in (v for v in values if not can_be(v, annotation)):
            told |= {"value": shown(value), "choices": OF_TYPE[wanted]}
            yield document.fault(path, sense.NEVER_WANTED, **told)


def _roles(document: PolicyDocument, rule: Rule, path: Path) -> Iterator[Fault]:
    if rule.role is not None and rule.role not in ROLES:
        yield _no_role(document, rule.role, (*path, "role"))
    for number, role in enumerate(rule.performers):
        if role not in (*ROLES, ASSIGNED):
            yield _no_role(document, role, (*path, "performers", number), ASSIGNED)


def _no_role(document: PolicyDocument, role: str, path: Path, *more: str) -> Fault:
    like = get_close_matches(role, [*ROLES, *more], 1)
    told = {"value": shown(role), "like": "".join(like), "choices": listed([*ROLES, *more])}
    return document.fault(path, sense.MISSPELT_ROLE if like else sense.UNKNOWN_ROLE, **told)


def _applies(
    document: PolicyDocument, applies: Applies, path: Path, catalogue: Catalogue
) -> Iterator[Fault]:
    for name in applies.__struct_fields__:
        if name == "priority":
            continue
        yield from _named_once(document, getattr(applies, name), (*path, name))
        codes = allowed(catalogue, name)
        for number, code in enumerate(getattr(applies, name)):
            if code not in codes:
                misfit = not_a_code((*path, name, number), code, codes)
                yield document.fault(misfit.path, misfit.wrong, **misfit.told)


def _named_once(document: PolicyDocument, values: Iterable[str], path: Path) -> Iterator[Fault]:
    for value, times in Counter(values).items():
        if times > 1:
            yield document.fault(path, sense.NAMED_TWICE, value=shown(value))
