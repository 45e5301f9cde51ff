"""Shows values as people read them: days, moments, money, codes, names of units, what is withheld."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from services.casefile.application.clock import SHANGHAI
from services.casefile.console.desk import Desk
from services.casefile.labels import Labels, spoken
from services.casefile.reports.report import Column, Share, Suppressed

NOTHING = "–"
UNITS = ("unit", "village", "school", "class_unit", "township", "under", "from_unit", "to_unit")
STATES = ("state", "status", "care_level", "outcome")
NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CODE = re.compile(r"[a-z][a-z0-9_-]{1,39}")
# Fields that name kinds of record.
OF_KINDS = ("open_items", "kinds")
# A code with the version of what it stands for, as a fact has it.
EDITION = re.compile(r"(?P<code>[a-z][a-z0-9-]+)/(?P<version>\d+)")
HALF_MONTH = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<half>[AB])")
WEEK = re.compile(r"(?P<year>\d{4})-W(?P<week>\d{2})")
# The rest of an amendment stands with the record it is about.
OF_AMENDMENTS = ("of", "changes")
OF_OBLIGATIONS = (
    "policy_version", "starts_on", "ends_on", "obligor", "unit", "least", "provisional", "role",
    "attempts", "policy",
)  # fmt: skip
SHORT = 8


class Words:
    """One language's way of showing things."""

    def __init__(self, labels: Labels, desk: Desk) -> None:
        self.labels = labels
        self._desk = desk
        self._kinds = {kind.slug: kind.label for kind in desk.product.catalogue}

    def text(self, message: str, **gaps: Any) -> str:
        found = self.labels.text(message)
        return found.format(**gaps) if gaps else found

    def kind(self, slug: str) -> str:
        return self.labels.kind(self._kinds.get(slug, slug))

    def family(self, name: str) -> str:
        """What the kinds of a family module have in common."""
        return self.labels.text(spoken(name))

    def field(self, name: str) -> str:
        return self.labels.field(name)

    def parameter(self, name: str) -> str:
        """What a report takes; a grade there is one of evidence, not of a school."""
        return self.labels.text("Least grade of evidence") if name == "grade" else self.field(name)

    def fact(self, path: str) -> str:
        """What a fact is called; the parts that only sort facts are left out."""
        parts = [p for p in path.split(".") if p != "child" and NUMBER.fullmatch(p) is None]
        return " · ".join(map(self._part, parts))

    def _part(self, part: str) -> str:
        is_field = self.labels.has("field", spoken(part))
        return self.labels.field(part) if is_field else self.labels.code("role", part)

    def code(self, field: str, code: Any) -> str:
        if code is None:
            return NOTHING
        return self.labels.code(field, str(code))

    def day(self, day: date | None) -> str:
        return NOTHING if day is None else f"{day:%Y-%m-%d}"

    def moment(self, moment: datetime | None) -> str:
        return NOTHING if moment is None else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"

    def fen(self, fen: int | None) -> str:
        if fen is None:
            return NOTHING
        return f"{'-' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"

    def unit(self, code: str | None) -> str:
        return NOTHING if not code else self._desk.unit_name(code) or code

    def short(self, case_id: UUID) -> str:
        """The end of a case number, which is what tells cases apart."""
        return f"…{str(case_id)[-SHORT:]}"

    def string(self, field: str, text: str) -> str:
        """A text as it was written, or the label of a code; what people write is no code."""
        if field in UNITS:
            return self.unit(text)
        if NUMBER.fullmatch(text):
            return f"…{text[-SHORT:]}"
        if field in OF_KINDS and text in self._kinds:
            return self.kind(text)
        if (edition := EDITION.fullmatch(text)) is not None:
            name = self.labels.code(field, edition["code"])
            return self.text("{name}, version {version}", name=name, version=edition["version"])
        return self.labels.code(field, text) if CODE.fullmatch(text) else text

    def heading(self, column: Column) -> str:
        return self.label(column.label)

    def label(self, label: str) -> str:
        """A text of its own, or else a field's name."""
        is_text = self.labels.has("", label)
        return self.labels.text(label) if is_text else self.labels.field(label)

    def rule(self, policy: str, code: str) -> str:
        """What a rule is called in the rulebook that holds now; its code where it is no more."""
        return self._desk.rule_title(policy, code) or code

    def period(self, period: str) -> str:
        """Half a month or a week in words; a month, a term or a day reads as it is."""
        if (half := HALF_MONTH.fullmatch(period)) is not None:
            part = "{month}, first half" if half["half"] == "A" else "{month}, second half"
            return self.text(part, month=half["month"])
        if (week := WEEK.fullmatch(period)) is not None:
            return self.text("week {week} of {year}", week=int(week["week"]), year=week["year"])
        return period

    def left_out(self, kind: str) -> Sequence[str]:
        """What a line on the timeline can do without; the record itself shows it."""
        if kind in ("correction", "annulment"):
            return OF_AMENDMENTS
        return OF_OBLIGATIONS if kind.startswith("obligation") else ()

    def toggled(self, chosen: Sequence[str], one: str) -> list[str]:
        """The choice with this one taken away, or added."""
        rest = [each for each in chosen if each != one]
        return rest if one in chosen else [*chosen, one]

    def is_money(self, field: str) -> bool:
        return field == "fen" or field.endswith("_fen")

    def is_state(self, field: str) -> bool:
        return field in STATES

    def share(self, share: Share) -> str:
        """No percentage without the two numbers it is made of."""
        rate = "" if share.percent is None else f" ({share.percent:g}%)"
        return f"{share.part}/{share.whole}{rate}"

    def cell(self, column: Column, value: Any) -> str:
        """A cell of a table, in the form its column has."""
        if value is None or value == "":
            return NOTHING
        if isinstance(value, Suppressed):
            return f"<{value.below}"
        match column.form:
            case "fen":
                return self.fen(value)
            case "case":
                return self.short(value)
            case "unit":
                return self.unit(value)
        is_code = column.form == "code"
        return self.code(column.name, value) if is_code else self.plain(value)

    def plain(self, value: Any) -> str:
        if isinstance(value, Share):
            return self.share(value)
        if isinstance(value, bool):
            return self.text("yes" if value else "no")
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, UUID):
            return self.short(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        return str(value)
