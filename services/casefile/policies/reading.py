"""Reads a policy document: YAML in, a policy and the place of each of its parts out."""

from datetime import date
from typing import Any

import msgspec
import yaml

from services.casefile.domain.cadence.policy import Policy
from services.casefile.policies import form_faults as form
from services.casefile.policies.faults import Fault, Path, PolicyNotUsable, Wrong
from services.casefile.policies.fitting import misfits
from services.casefile.policies.nodes import Tree


class PolicyDocument:
    """A policy, and where in its source each part stands."""

    def __init__(self, policy: Policy, source: str, tree: Tree) -> None:
        self.policy = policy
        self.source = source
        self._tree = tree

    def fault(self, path: Path, wrong: Wrong, **told: str) -> Fault:
        return self._tree.fault(path, wrong, told)

    def having(self, **head: Any) -> "PolicyDocument":
        """The same document with some of its head otherwise, as an office adopts a bundle."""
        policy = msgspec.structs.replace(self.policy, **head)
        return PolicyDocument(policy, self.source, self._tree)


def read_policy(text: str | bytes, source: str) -> PolicyDocument:
    """The policy, or `PolicyNotUsable` with every fault of form that can be found.

    JSON is read too: it is YAML. `source` names the document to people.
    """
    tree = Tree(text)
    found = [
        tree.fault(m.path, m.wrong, m.told, at_name=m.at_name) for m in misfits(Policy, tree.value)
    ]
    if faults := [*tree.faults, *found]:
        raise PolicyNotUsable(faults)
    try:
        policy = msgspec.convert(tree.value, Policy)
    except msgspec.ValidationError:
        raise PolicyNotUsable([tree.fault((), form.WRONG, {})]) from None
    return PolicyDocument(policy, source, tree)


def read_values(text: str | bytes) -> Any:
    """The plain values of a document, as a JSON Schema sees them."""
    return Tree(text).value


def write_policy(policy: Policy) -> str:
    """The policy as YAML; reading it gives the same policy."""
    values = msgspec.to_builtins(policy, builtin_types=(date,))
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=100)


def document_of(policy: Policy, source: str) -> PolicyDocument:
    """A policy that did not come as YAML, as the document it would be."""
    return read_policy(write_policy(policy), source)
