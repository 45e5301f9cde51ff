"""Writes the schemas, examples and the AsyncAPI document of published messages, from the kinds."""

import json
from pathlib import Path
from typing import Any

import msgspec
import yaml

from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.log.mapper import CasefileMapper
from services.casefile.publishing.asyncapi import asyncapi
from services.casefile.publishing.cloudevents import to_json
from services.casefile.publishing.message import WITHHELD, is_published, message_of, type_of
from services.casefile.publishing.schema import message_schema, withheld_schema
from tools.golden import GOLDEN, MOMENT, STREAM, VERSION
from tools.schemas import SCHEMAS, write_schema

MESSAGES = SCHEMAS / "messages"
ASYNCAPI = SCHEMAS / "asyncapi.yaml"
POSITION = 4711


def example(kind: Kind) -> dict[str, Any]:
    """The message of the event in the golden corpus, as HTTP gives it."""
    stored = json.loads((GOLDEN / f"{kind.topic}.json").read_text())
    mapper = CasefileMapper(catalogue())
    state = stored["state"].encode()
    message = message_of(mapper.entry(STREAM, VERSION, stored["topic"], state, POSITION, MOMENT))
    found: dict[str, Any] = json.loads(to_json(message))
    return found


def document() -> str:
    return yaml.safe_dump(
        asyncapi(catalogue(), "1.0.0"), sort_keys=False, allow_unicode=True, width=100
    )


def write_messages(folder: Path = MESSAGES) -> int:
    folder.mkdir(exist_ok=True)
    written = 0
    for kind in filter(is_published, catalogue()):
        name = type_of(kind)
        written += write_schema(folder / f"{name}.schema.json", message_schema(kind))
        written += write_example(folder / f"{name}.example.json", example(kind))
    written += write_schema(folder / f"{WITHHELD}.schema.json", withheld_schema())
    withheld = example(catalogue().slug("keys"))
    written += write_example(folder / f"{WITHHELD}.example.json", withheld)
    ASYNCAPI.write_text(document())
    return written


def write_example(path: Path, content: dict[str, Any]) -> bool:
    text = msgspec.json.format(json.dumps(content, ensure_ascii=False), indent=2) + "\n"
    if path.exists() and path.read_text() == text:
        return False
    path.write_text(text)
    return True


if __name__ == "__main__":
    print(f"{write_messages()} files of messages written")
