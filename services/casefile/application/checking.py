"""Checks a policy against this installation: its calendars, what was adopted before, its children."""

from collections.abc import Callable, Sequence
from typing import Protocol

from services.casefile.domain.cadence.policy import Applies, Policy
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.catalogue import Catalogue
from services.casefile.policies.checking import check
from services.casefile.policies.faults import Fault
from services.casefile.policies.reading import PolicyDocument

Children = Callable[[Applies], int]


class Rules(Protocol):
    """Where the rules of this moment come from."""

    def fresh(self) -> Rulebook: ...


class Checking:
    """Knows what a document has to fit into."""

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        self._catalogue = catalogue
        self._rules = rules

    def faults(self, document: PolicyDocument, children: Children | None = None) -> list[Fault]:
        """Every fault. A document that is adopted already has none for that."""
        rulebook = self._rules.fresh()
        return check(
            document,
            self._catalogue,
            calendars=rulebook.calendars,
            adopted=[p for p in adopted(rulebook) if p != document.policy],
            children=children,
        )


def adopted(rulebook: Rulebook) -> Sequence[Policy]:
    """Every version that was ever adopted, once."""
    found = {(r.policy.policy, r.policy.version): r.policy for r in rulebook.rulings}
    return tuple(found.values())
