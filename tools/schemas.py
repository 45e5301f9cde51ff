"""Writes the schemas of records and policies from the types. Run it after changing a kind."""

from pathlib import Path
from typing import Any

import msgspec

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.schemas import record_schema
from services.casefile.policies.schema import policy_schema

SCHEMAS = Path(__file__).parents[1] / "schemas"


def write_schemas(folder: Path = SCHEMAS) -> int:
    """Write every schema that is absent or differs; say how many."""
    schemas = {
        f"records/{kind.slug}.v{kind.version}.schema.json": record_schema(kind)
        for kind in catalogue()
    } | {"policy.v1.schema.json": policy_schema()}
    return sum(write_schema(folder / name, schema) for name, schema in schemas.items())


def write_schema(path: Path, schema: dict[str, Any]) -> bool:
    content = msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"
    if path.exists() and path.read_bytes() == content:
        return False
    path.write_bytes(content)
    return True


if __name__ == "__main__":
    print(f"{write_schemas()} schemas written")
