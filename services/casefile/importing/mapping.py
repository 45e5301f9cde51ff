"""The mapping file: how somebody's own spreadsheet is to be read, in TOML."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from services.casefile.importing.refusals import MappingWrong


class SheetMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one sheet is to be read; what is not said is read as in the template."""

    kind: str | None = None
    skip: bool = False
    header_row: Annotated[int, Meta(ge=1, le=100)] = 1
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    fixed: dict[str, Any] = {}
    ignore_unknown: bool = False


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the mapping file says of each sheet, by its name."""

    sheets: dict[str, SheetMapping] = {}

    def of(self, sheet: str) -> SheetMapping:
        return self.sheets.get(sheet, AS_IN_TEMPLATE)


AS_IN_TEMPLATE = SheetMapping()
NO_MAPPING = Mapping()


def read_mapping(path: Path) -> Mapping:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Mapping)
    except OSError:
        raise MappingWrong(why=f"{path.name} cannot be read") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MappingWrong(why=str(error)) from None
