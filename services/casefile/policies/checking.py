"""Checks the sense of a policy: alone, and against the installation it is meant for."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from services.casefile.domain.cadence.calendar import Calendar
from services.casefile.domain.cadence.policy import Applies, Policy
from services.casefile.domain.catalogue import Catalogue
from services.casefile.policies.checking_place import (
    check_calendar,
    check_children,
    check_versions,
)
from services.casefile.policies.checking_rules import check_codes, check_rule
from services.casefile.policies.checking_shapes import check_shape, check_windows
from services.casefile.policies.checking_words import check_steps, check_words
from services.casefile.policies.faults import Fault, Path, in_order
from services.casefile.policies.reading import PolicyDocument


def check(
    document: PolicyDocument,
    catalogue: Catalogue,
    *,
    calendars: Mapping[str, Calendar] | None = None,
    adopted: Sequence[Policy] = (),
    children: Callable[[Applies], int] | None = None,
) -> list[Fault]:
    """Every fault that can be found, in the order of the lines; none means it can be adopted.

    `calendars`, `adopted` and `children` (how many on the roster a rule would be for) say what
    the installation has; what is not given is not checked.
    """
    faults = [*check_codes(document), *check_steps(document), *check_versions(document, adopted)]
    calendar_faults = list(check_calendar(document, calendars)) if calendars is not None else []
    faults += calendar_faults
    usable = None if calendars is None or calendar_faults else calendars.get(_calendar(document))
    faults += _rules(document, catalogue, usable)
    if children is not None and not faults:
        faults += check_children(document, children)
    return list(in_order(faults))


def _calendar(document: PolicyDocument) -> str:
    return document.policy.calendar


def _rules(
    document: PolicyDocument, catalogue: Catalogue, calendar: Calendar | None
) -> Iterator[Fault]:
    for number, rule in enumerate(document.policy.rules):
        path: Path = ("rules", number)
        faults = [
            *check_words(document, rule, path, catalogue),
            *check_rule(document, rule, path),
            *check_shape(document, rule, path, catalogue),
        ]
        yield from faults or check_windows(document, rule, path, calendar)
