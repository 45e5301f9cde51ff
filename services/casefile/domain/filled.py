"""What a record or a part of it does say, for the facts it states."""

from collections.abc import Iterable
from typing import Any

import msgspec


def filled(part: msgspec.Struct, names: Iterable[str] = ()) -> dict[str, Any]:
    """The named fields (or all) that have something in them."""
    values = {name: getattr(part, name) for name in names or part.__struct_fields__}
    return {name: value for name, value in values.items() if value not in (None, ())}


def stated(prefix: str, part: msgspec.Struct, names: Iterable[str] = ()) -> list[tuple[str, Any]]:
    """One fact for each filled field, below a path."""
    return [(f"{prefix}.{name}", value) for name, value in filled(part, names).items()]
