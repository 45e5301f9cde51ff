"""What differs between two versions of a policy, rule by rule and field by field."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from services.casefile.domain.cadence.policy import Policy, Rule


class Change(msgspec.Struct, frozen=True):
    """One difference. Without a rule it is about the policy; without a field, about the rule."""

    what: Literal["added", "removed", "changed"]
    rule: str | None = None
    field: str | None = None
    old: Any = None
    new: Any = None


def diff(old: Policy, new: Policy) -> list[Change]:
    """The differences in the order of the new policy; removed rules come last."""
    before = {rule.code: rule for rule in old.rules}
    after = {rule.code: rule for rule in new.rules}
    changes = list(_fields(_head(old), _head(new), None))
    for code, rule in after.items():
        if code in before:
            changes += _fields(flat(before[code]), flat(rule), code)
        else:
            changes.append(Change("added", code, new=rule.title))
    removed = (rule for code, rule in before.items() if code not in after)
    return [*changes, *(Change("removed", rule.code, old=rule.title) for rule in removed)]


def flat(part: Policy | Rule) -> dict[str, Any]:
    """The fields with their paths, `shape.every`, as plain values; what is not written is left out."""
    return dict(_leaves(msgspec.to_builtins(part), ""))


def _head(policy: Policy) -> dict[str, Any]:
    return {name: value for name, value in flat(policy).items() if name != "rules"}


def _leaves(value: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        if isinstance(each, dict):
            yield from _leaves(each, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", each


def _fields(old: dict[str, Any], new: dict[str, Any], rule: str | None) -> Iterator[Change]:
    for name in dict.fromkeys([*new, *old]):
        if old.get(name) != new.get(name):
            yield Change("changed", rule, name, old.get(name), new.get(name))
