"""The words: a template for each kind and language, and another form where a group reads it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifications.channels.channel import Rendered
from services.notifications.delivering.links import Links
from services.notifications.delivering.matter import Matter
from services.notifications.delivering.window_words import window_in_words

HERE = Path(__file__).parent.parent / "templates"
LOCALES = ("zh", "en")
MOST_BYTES = 64 * 1024

log = structlog.get_logger("services.notifications.delivering")


class Words(msgspec.Struct, frozen=True):
    """`fault` says what was wrong with the template, if plain words stand in for it."""

    rendered: Rendered
    fault: str | None = None


def locale_of(wanted: str) -> str:
    return "en" if wanted.lower().startswith("en") else "zh"


class Renderer:
    """`console`: its public address. `own`: a folder of templates that come before the shipped ones.

    A name that is not defined is a fault of the template, never an empty place in a sentence.
    """

    def __init__(self, console: str | None = None, own: Path | None = None) -> None:
        folders = ([own] if own else []) + [HERE]
        self._environment: Environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._links = Links(console)

    def words(self, matter: Matter, locale: str, channel: str, *, in_group: bool = False) -> Words:
        """A template that cannot be used is told, and plain words go out instead of none."""
        first = matter.pieces[0]
        link = self._links.of_matter(matter)
        given = self._given(matter, locale, link)
        data: dict[str, object] = {
            "kind": matter.template,
            "notices": [str(each) for each in matter.notice_ids[:100]],
            "counts": matter.counts,
        }
        if len(matter.pieces) == 1:
            data |= {"case_id": first.case_id, "facts": first.facts}
        fault = None
        try:
            title, body = self._rendered(matter.template, locale, channel, in_group, given)
        except Exception as error:  # noqa: BLE001 - whatever a template does, somebody is told
            fault = _said(error)
            log.error(  # noqa: TRY400 - a traceback would add nothing to the name of the template
                "template_failed", template=matter.template, locale=locale, reason=fault
            )
            title, body = _filled(self._environment.get_template(f"{locale}/plain.j2"), given)
        return Words(Rendered(title, body, link, data), fault)

    def _given(self, matter: Matter, locale: str, link: str | None) -> dict[str, Any]:
        first = matter.pieces[0]
        return {
            **first.facts,
            **self._tools(locale),
            "facts": first.facts,
            "kind": matter.template,
            "case_id": first.case_id,
            "link": link,
            "locale": locale,
            "counts": matter.counts,
            "total": len(matter.notice_ids),
            "pieces": [
                {**msgspec.structs.asdict(piece), "link": self._links.of_piece(piece)}
                for piece in matter.pieces
            ],
        }

    def _tools(self, locale: str) -> dict[str, Any]:
        """What every template may use: words for codes, and how a child and a duty are named."""
        named = {
            "case_name": self._links.case_name,
            "window_name": lambda window: window_in_words(str(window), locale),
        }
        shared = self._environment.get_template(f"{locale}/_about.j2", globals=named).module
        return named | {name: getattr(shared, name) for name in ("words", "about", "owed")}

    def _rendered(
        self, kind: str, locale: str, channel: str, in_group: bool, given: Mapping[str, Any]
    ) -> tuple[str, str]:
        names = [f"{locale}/{channel}/{kind}.j2"]
        names += [f"{locale}/group.j2"] if in_group else []
        found = self._environment.select_template([*names, f"{locale}/{kind}.j2"])
        if in_group:
            own = self._environment.get_template(f"{locale}/{kind}.j2")
            given = {**given, "title": _block(own, "title", given)}
        return _filled(found, given)


def _filled(template: Template, given: Mapping[str, Any]) -> tuple[str, str]:
    title = _block(template, "title", given)
    return " ".join(title.split()), _block(template, "body", given).strip()


def _block(template: Template, name: str, given: Mapping[str, Any]) -> str:
    context = template.new_context(dict(given))
    if name not in template.blocks:
        raise TemplateError(f"no block {name}")
    return "".join(template.blocks[name](context))[:MOST_BYTES]


def _said(error: Exception) -> str:
    """Jinja names what is missing; of anything else only the type is told."""
    return str(error)[:200] if isinstance(error, TemplateError) else type(error).__name__
