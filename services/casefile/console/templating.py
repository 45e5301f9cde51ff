"""Turns what a page shows into HTML; whatever comes from a record is escaped."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.casefile.console.assets import Assets
from services.casefile.console.visit import Visit
from services.casefile.console.words import Words

FOLDER = Path(__file__).parent / "templates"


class Templates:
    """The environment of all templates, and what each of them is given."""

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["asset"] = assets.address

    def render(self, name: str, visit: Visit, context: Mapping[str, Any]) -> bytes:
        words = Words(visit.labels, visit.desk)
        given = {"v": visit, "w": words, "_": words.text, **context}
        return self._environment.get_template(name).render(given).encode()
