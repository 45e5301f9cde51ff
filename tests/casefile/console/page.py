"""A page as a browser without script has it: its forms with what stands in them, its texts, its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Pairs = list[tuple[str, str]]
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass
class Control:
    """One control: its name, its kind, what it would send, and what it offers."""

    name: str
    kind: str
    value: str = ""
    checked: bool = False
    options: list[str] = field(default_factory=list)
    id: str = ""


@dataclass
class Form:
    """A form of the page, to be filled in and sent."""

    action: str
    controls: list[Control] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(c.name for c in self.controls))

    def kind(self, name: str) -> str:
        return next(c.kind for c in self.controls if c.name == name)

    def value(self, name: str) -> str:
        return next((text for n, text in reversed(self.pairs()) if n == name), "")

    def pairs(self, /, **changes: Any) -> Pairs:
        """What a browser would send; a change is a text, a list of texts, or None to take it away."""
        found: Pairs = []
        for control in self.controls:
            is_sent = control.kind not in ("checkbox", "radio", "button") or control.checked
            if control.name not in changes and is_sent:
                found.append((control.name, control.value))
        for name, value in changes.items():
            texts = value if isinstance(value, list) else [] if value is None else [value]
            found += [(name, text) for text in texts]
        return found


class Page(HTMLParser):
    """Reads a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self._area: Control | None = None
        self._select: Control | None = None
        self.feed(html)

    def form(self, action: str = "") -> Form:
        """The form that goes there; without an address, the one to record something with."""
        if action:
            return next(f for f in self.forms if f.action == action)
        return next(f for f in self.forms if "record_id" in f.names)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found.get("href", ""))
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
        if self.forms and tag in ("input", "textarea", "select", "button") and "name" in found:
            self._control(tag, found)
        if tag == "option" and self._select is not None:
            self._select.options.append(found.get("value", ""))
            if "selected" in found or len(self._select.options) == 1:
                self._select.value = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        else:
            self.text += data

    def _control(self, tag: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text") if tag == "input" else tag
        control = Control(found["name"], kind, found.get("value", ""), "checked" in found)
        control.id = found.get("id", "")
        self.forms[-1].controls.append(control)
        if tag == "textarea":
            self._area = control
        if tag == "select":
            self._select = control
