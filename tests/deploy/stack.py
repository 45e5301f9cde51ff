"""The compose file, read as compose reads it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OURS = re.compile(r"^casefile:")
VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")

Service = dict[str, Any]


@cache
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def services() -> dict[str, Service]:
    return compose()["services"]


def ours() -> dict[str, Service]:
    """The services that are processes of this repository."""
    return {name: each for name, each in services().items() if OURS.match(each["image"])}


def settings_of(service: Service, given: dict[str, str] | None = None) -> dict[str, str]:
    """Its environment, with variables of the caller filled in."""
    known = given or {}
    return {
        name: VARIABLE.sub(lambda found: known.get(found[1], found[2]), value)
        for name, value in service["environment"].items()
    }


def secrets_of(service: Service) -> dict[str, str]:
    """Which variable each of its files is made from, by the name of the file."""
    declared = compose()["secrets"]
    return {s["source"]: declared[s["source"]]["environment"] for s in service.get("secrets", [])}
