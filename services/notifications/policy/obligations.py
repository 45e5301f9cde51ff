"""An obligation as messages and the board name it, and the keys under which people hear of it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.notifications.messages import Incoming

TOLD = (
    "policy", "policy_version", "rule", "window", "starts_on", "ends_on", "due_on", "obligor",
    "role", "accountable", "unit", "least", "counted", "provisional", "closed_on", "in_window",
    "severity", "outcome", "incident", "emergency",
)  # fmt: skip


class About(msgspec.Struct, frozen=True):
    """One window of one rule for one child, unit or worker."""

    subject_id: str
    policy: str
    version: int
    rule: str
    window: str

    def key(self, state: str) -> str:
        """What is told of one state; whoever heard it under this key never hears it again."""
        subject = "/".join(
            (self.subject_id, self.policy, str(self.version), self.rule, self.window)
        )
        return f"{subject}|{state}"


def about(message: Incoming) -> About:
    data = message.data
    return About(
        str(message.stream_id),
        data["policy"],
        data["policy_version"],
        data["rule"],
        data["window"],
    )


def about_row(row: Mapping[str, Any]) -> About:
    """The same of a row of Casefile's board."""
    return About(
        str(row["subject_id"]), row["policy"], row["version"], row["rule"], row["window_key"]
    )


def state_key(owed: About, state: str, record_id: str = "") -> str:
    """A miss is told by its own record: one that was reopened and missed again is another."""
    return owed.key(f"missed|{record_id}" if state == "missed" else state)


def facts_of(message: Incoming, rung: str) -> dict[str, Any]:
    """Codes and days for the templates; nothing that names a child."""
    data = message.data
    told = {name: data[name] for name in TOLD if data.get(name) is not None}
    return told | {
        "rung": rung,
        "stream": message.stream,
        "stream_id": str(message.stream_id),
        "record_id": data.get("record_id"),
        "occurred_on": data.get("occurred_on"),
    }
