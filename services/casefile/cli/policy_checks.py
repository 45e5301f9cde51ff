"""Checks policy files: alone, or against what this installation has."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from services.casefile.cli.policy_sources import from_file
from services.casefile.cli.wiring import addresses, parts
from services.casefile.domain.catalogue import catalogue
from services.casefile.policies.checking import check
from services.casefile.policies.faults import Fault, PolicyNotUsable
from services.casefile.policies.reading import PolicyDocument


class Checked(NamedTuple):
    """A file and what is wrong with it."""

    source: str
    faults: Sequence[Fault]


Check = Callable[[PolicyDocument], Sequence[Fault]]


def check_offline(files: Iterable[Path]) -> list[Checked]:
    return [checked(file, lambda document: check(document, catalogue())) for file in files]


def check_online(files: Iterable[Path]) -> list[Checked]:
    """Also against the calendars, the versions on file, and the children on the roster."""
    from services.casefile.readmodels.matching import children_matching
    from services.casefile.readmodels.pages import open_pool

    with parts() as built, addresses() as found, open_pool(found.app) as pool:
        children = children_matching(pool)
        return [checked(file, lambda d: built.checking.faults(d, children)) for file in files]


def checked(file: Path, look: Check) -> Checked:
    try:
        return Checked(str(file), look(from_file(file)))
    except PolicyNotUsable as refused:
        return Checked(str(file), refused.faults)
