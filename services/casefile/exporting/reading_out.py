"""Reads out what a record says: its fields and codes in words, what is withheld with the reason."""

import re
from typing import Any

import msgspec

from services.casefile.labels import Labels

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def read_out(cell: str, words: Labels) -> str:
    """A JSON object of fields as a line of text."""
    says = msgspec.json.decode(cell)
    if not isinstance(says, dict):
        return str(says)
    if len(says) == 1:
        [(name, value)] = says.items()
        return spell(name, value, words)
    return "；".join(f"{words.field(n)}：{spell(n, v, words)}" for n, v in says.items())


def spell(name: str, value: Any, words: Labels) -> str:
    if isinstance(value, dict):
        return of_parts(name, value, words)
    if isinstance(value, list):
        return "、".join(spell(name, each, words) for each in value)
    if isinstance(value, bool):
        return words.text("yes" if value else "no")
    if value is None:
        return ""
    return of_one(name, value, words)


def of_parts(name: str, value: dict[str, Any], words: Labels) -> str:
    if "withheld" in value:
        return f"[{words.code(name, str(value['withheld']))}]"
    return "，".join(f"{words.field(n)} {spell(n, v, words)}" for n, v in value.items())


def of_one(name: str, value: Any, words: Labels) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return f"¥{value / 100:,.2f}"
    text = str(value)
    return words.code(name, text) if CODE.fullmatch(text) else text
