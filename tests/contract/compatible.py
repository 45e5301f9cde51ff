"""Whether a schema of messages still keeps what an earlier one promised, in both directions."""

from typing import Any

FORM = ("type", "format", "items", "anyOf", "$ref")


def differences(old: dict[str, Any], new: dict[str, Any], where: str = "") -> list[str]:
    """What breaks readers of old messages or old readers of new ones; new optional fields do not."""
    found = [f"{where}{name} is gone" for name in _names(old) - _names(new)]
    required = set(old.get("required", ())), set(new.get("required", ()))
    found += [f"{where}{name} is no longer there for certain" for name in required[0] - required[1]]
    found += [f"{where}{name} is required now" for name in required[1] - required[0]]
    for name in _names(old) & _names(new):
        was, now = old["properties"][name], new["properties"][name]
        if any(was.get(form) != now.get(form) for form in FORM):
            found.append(f"{where}{name} has another form")
    for name, was in old.get("$defs", {}).items():
        found += differences(was, new.get("$defs", {}).get(name, {}), f"{where}{name}.")
    return found


def _names(schema: dict[str, Any]) -> set[str]:
    return set(schema.get("properties", ()))
