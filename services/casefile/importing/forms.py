"""The sheets a ledger may have: the roster, units, staff, and one per kind, from the catalogue."""

from collections.abc import Iterable

import msgspec

from services.casefile.domain.catalogue import Catalogue, Kind
from services.casefile.domain.envelope import Submission
from services.casefile.domain.families.case import CaseOpened
from services.casefile.domain.families.organisation import UnitRegistered
from services.casefile.domain.families.staff import StaffRegistered
from services.casefile.importing.columns import Column, columns_of
from services.casefile.importing.headings import LOCALES, normal, sheet_title
from services.casefile.labels import Labels, labels

UNITS, STAFF, ROSTER = "unit_registration", "staff_registration", "opening"
TITLES = {UNITS: "Units", STAFF: "Staff", ROSTER: "Roster of children"}
DAY_OF = {UNITS: "valid_from", STAFF: "starts_on"}
FILLED_IN_BY_US = ("birth_year",)
ENVELOPE = ("occurred_on", "performed_by", "occurred_at", "late_reason")
KEYS = (
    Column("child.school_register_no", "text", str | None),
    Column("child.resident_id", "text", str | None),
    Column("child.name", "text", str, required=True),
)
STAFF_NAME = Column("directory.name", "text", str | None)


class SheetForm(msgspec.Struct, frozen=True):
    """One sheet: the kind its rows are of, and its columns in order."""

    slug: str
    label: str
    columns: tuple[Column, ...]
    in_template: bool

    def title(self, words: Labels) -> str:
        own = TITLES.get(self.slug)
        return sheet_title(words.kind(self.label) if own is None else words.text(own))

    @property
    def shown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.in_template)


def forms(catalogue: Catalogue) -> dict[str, SheetForm]:
    """All forms, in the order in which their rows have to be imported."""
    kinds = [kind for kind in catalogue if _is_importable(kind)]
    made = [_units(catalogue), _staff(catalogue), _roster(catalogue), *map(_records, kinds)]
    return {form.slug: form for form in made}


def named(known: Iterable[SheetForm], name: str) -> SheetForm | None:
    """The form a sheet's name stands for: in Chinese, in English, or the kind's own slug."""
    wanted = normal(name)
    for form in known:
        titles = (form.title(labels(locale)) for locale in LOCALES)
        if wanted in {normal(form.slug), *map(normal, titles)}:
            return form
    return None


def _is_importable(kind: Kind) -> bool:
    return kind.stream == "case" and kind.declared.recordable and not kind.declared.exclusive


def _records(kind: Kind) -> SheetForm:
    first, *rest = _envelope()
    columns = (*KEYS, first, rest[0], *_own(kind.type), *rest[1:])
    return SheetForm(kind.slug, kind.label, columns, kind.declared.ledger)


def _roster(catalogue: Catalogue) -> SheetForm:
    kind = catalogue.of(CaseOpened)
    own = [column for column in _own(kind.type) if column.path not in FILLED_IN_BY_US]
    return SheetForm(kind.slug, kind.label, (*own, *_envelope()), in_template=True)


def _units(catalogue: Catalogue) -> SheetForm:
    kind = catalogue.of(UnitRegistered)
    return SheetForm(kind.slug, kind.label, (*_own(kind.type), _hidden_day()), in_template=True)


def _staff(catalogue: Catalogue) -> SheetForm:
    kind = catalogue.of(StaffRegistered)
    first, *rest = _own(kind.type)
    columns = (first, STAFF_NAME, *rest, _hidden_day())
    return SheetForm(kind.slug, kind.label, columns, in_template=True)


def _own(struct: type[msgspec.Struct]) -> tuple[Column, ...]:
    return columns_of(struct)


def _envelope() -> list[Column]:
    columns = {column.path: column for column in columns_of(Submission)}
    shown = {path: path != "occurred_at" for path in ENVELOPE}
    return [msgspec.structs.replace(columns[path], in_template=shown[path]) for path in ENVELOPE]


def _hidden_day() -> Column:
    day = _envelope()[0]
    return msgspec.structs.replace(day, required=False, in_template=False)
