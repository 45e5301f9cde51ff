"""Every way the service says no: a present fact, with data that names nobody, and a remedy."""

from typing import Any


class NotificationsError(Exception):
    """Notifications cannot do that."""

    remedy: str = ""

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.title)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.data.items())
        return f"{self.title} ({told})" if told else self.title

    @property
    def title(self) -> str:
        return (type(self).__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")

    @property
    def code(self) -> str:
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class Refused(NotificationsError):
    """As things stand, this is not possible."""


class Absent(NotificationsError):
    """There is no such thing."""
