"""Marked values that must never be found outside ciphertext, and where they are looked for."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.personal import DataClass
from services.casefile.domain.twins import Spec
from services.casefile.embedded import PgBinaries
from tests.servers import Database

NAME = "禾金雀"
RESIDENT_ID = "110101201503017049"
PHONE = "13900917364"
NOTE = "金丝雀便条七三九一"
MARKS = (NAME, RESIDENT_ID, PHONE, NOTE)
EXAMPLES = Path(__file__).parents[3] / "schemas" / "records"


def example(kind: Kind) -> dict[str, Any]:
    path = EXAMPLES / f"{kind.slug}.v{kind.version}.example.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def marked(kind: Kind) -> dict[str, Any]:
    """The kind's true example, with every personal text replaced by a mark."""
    body = example(kind)
    place_marks(body, kind.spec)
    return body | {"late_reason": NOTE}


def place_marks(data: Any, spec: Spec, name: str = "") -> Any:
    if isinstance(spec, DataClass):
        return mark(data, name)
    if isinstance(spec, list):
        return [place_marks(item, spec[0], name) for item in data]
    for field, inner in spec.items():
        if field in data:
            data[field] = place_marks(data[field], inner, field)
    return data


def mark(value: Any, name: str) -> Any:
    if not isinstance(value, str) or name.endswith(("date", "_on", "_at")):
        return value
    if name == "resident_id":
        return RESIDENT_ID
    if name.endswith("phone"):
        return PHONE
    return NAME if name.endswith("name") else NOTE


def spoilt(kind: Kind) -> Iterator[dict[str, Any]]:
    """The example, with a mark in one place after the other where no personal data belongs."""
    body = example(kind)
    for field in body:
        if field not in kind.spec:
            for value in (NOTE, [NAME], {NAME: RESIDENT_ID}):
                yield body | {field: value}
    yield body | {NAME: NOTE, "nickname": NAME, "record_id": RESIDENT_ID}


def forms(text: str) -> set[bytes]:
    """How a text may hide: as it is, escaped, or in the hexadecimal of a dump."""
    escaped = json.dumps(text)[1:-1].encode()
    plain = {text.encode(), escaped}
    return plain | {form.hex().encode() for form in plain}


def found_in(content: bytes, marks: tuple[str, ...] = MARKS) -> list[str]:
    return [text for text in marks if any(form in content for form in forms(text))]


def dumped(binaries: PgBinaries, database: Database) -> bytes:
    """Everything both databases hold."""
    names = [conninfo_to_dict(c)["dbname"] for c in (database.app, database.keyring_app)]
    return b"".join(dump(binaries, database, str(name)) for name in names)


def dump(binaries: PgBinaries, database: Database, name: str) -> bytes:
    address = make_conninfo(database.admin, dbname=name)
    command = [str(binaries.path("pg_dump")), "--dbname", address]
    return subprocess.run(command, check=True, capture_output=True).stdout
