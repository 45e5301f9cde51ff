"""What a problem says beyond its title, in the caller's language, without what the caller sent."""

import re
from collections.abc import Callable
from typing import Any

from services.casefile.domain.refusals import CasefileError
from services.casefile.labels import Labels, spoken

# The forms a type error comes in; what they quote are names of types and fields of our own.
FORMS: tuple[tuple[str, str], ...] = (
    (r"Expected `([^`]+)`, got `([^`]+)`", "Expected {0}, got {1}"),
    (r"Expected `([^`]+)` of length (>=|<=|==) (\d+)", "Expected {0} of length {1} {2}"),
    (r"Expected `([^`]+)` (>=|<=|>|<) (-?[\d.]+)", "Expected {0} {1} {2}"),
    (r"Expected `([^`]+)` matching regex (.+)", "It does not have the form that is asked for"),
    (r"Object missing required field `([^`]+)`", "The required field {0} is missing"),
    (r"Object contains unknown field .*", "There is a field that this kind does not have"),
    (r"Invalid enum value.*", "It is none of the codes that may stand here"),
    (r"Invalid (RFC3339|ISO8601) encoded .*", "It is not a possible date or time"),
    (r"Invalid UUID", "It is not a UUID"),
)
PATTERNS = tuple((re.compile(pattern), text) for pattern, text in FORMS)
# Data of refusals that comes from us and not from the caller.
TOLD = (
    "case_id", "by", "days_late", "deadline_days", "limit", "checks", "held_at", "population",
    "strata", "findings", "reply_by",
)  # fmt: skip
Teller = Callable[[CasefileError, Labels], str | None]


def reason(error: CasefileError, labels: Labels) -> str | None:
    """One sentence about this very case, or nothing."""
    if "problem" in error.data:
        return typed_reason(str(error.data["problem"]), labels)
    if isinstance(why := error.data.get("why"), str):
        return labels.text(why)
    if isinstance(what := error.data.get("what"), str):
        word = spoken(what)
        return labels.text(word) if labels.has("", word) else labels.field(what)
    return None


def typed_reason(problem: str, labels: Labels) -> str:
    for pattern, text in PATTERNS:
        if (match := pattern.fullmatch(problem)) is not None:
            return labels.text(text).format(*match.groups())
    return labels.text("It does not have the form of its kind")


def missing_field(problem: str) -> str | None:
    """The field that a type error says is missing; msgspec names its parent only."""
    match = re.fullmatch(r"Object missing required field `(\w+)`", problem)
    return match.group(1) if match else None


def told(error: CasefileError) -> dict[str, Any]:
    """The data that may be told: an allow-list, so that nothing sent ever comes back."""
    return {name: error.data[name] for name in TOLD if name in error.data}
