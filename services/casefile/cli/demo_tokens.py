"""A bearer token per demo role, kept in a file of the owner's, so that a second start prints them again."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec

ROLES = {
    "teacher": ("t-demo", "class_teacher", "c000-t01-sch-01"),
    "child_director": ("d-demo", "child_director", "c000-t01-v1"),
    "supervisor": ("s-demo", "child_supervisor", "c000-t01"),
    "county": ("c-demo", "county_civil_affairs", "c000"),
    "inspector": ("i-demo", "inspector", "c000"),
    "operator": ("o-demo", "records_officer", "c000"),
    "service": ("notifications", "service", "c000"),
}


def ensure_tokens(tokens_path: Path) -> dict[str, str]:
    """The demo tokens by role; the file the service reads holds only their hashes."""
    plain_path = tokens_path.with_name("demo-tokens.json")
    plain = _read(plain_path)
    missing = ROLES.keys() - plain.keys()
    if not missing:
        return plain
    plain |= {role: f"demo-{role}-{secrets.token_hex(12)}" for role in ROLES if role in missing}
    hashed = _read(tokens_path) | {
        hashlib.sha256(plain[role].encode()).hexdigest(): {
            "role": role, "staff": staff, "post": post, "unit": unit,
        }
        for role, (staff, post, unit) in ROLES.items()
        if role in missing
    }  # fmt: skip
    _write(tokens_path, hashed)
    _write(plain_path, plain)
    return plain


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content)))
