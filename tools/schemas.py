"""Writes schemas/records/*.schema.json from the types. Run it after adding or changing a kind."""

from pathlib import Path

import msgspec

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.schemas import record_schema

RECORDS = Path(__file__).parents[1] / "schemas" / "records"


def write_schemas(folder: Path = RECORDS) -> int:
    """Write every schema that is absent or differs; say how many."""
    written = 0
    for kind in catalogue():
        path = folder / f"{kind.slug}.v{kind.version}.schema.json"
        content = msgspec.json.format(msgspec.json.encode(record_schema(kind)), indent=2) + b"\n"
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            written += 1
    return written


if __name__ == "__main__":
    print(f"{write_schemas()} schemas written")
