"""Notices lead to the page of the console where whoever signs in sees the child."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.notifications.delivering.matter import Matter, Piece
from services.notifications.delivering.rendering import LOCALES, Renderer, Words
from services.notifications.delivering.sample import CASE, INSPECTED, NOTICE, kinds, sample
from services.notifications.settings import Settings

CONSOLE = "https://casefile.example"
OF_CASE = f"{CONSOLE}/cases/{CASE}"
OF_FINDING = f"{CONSOLE}/inspections/{INSPECTED['stream_id']}/findings/{INSPECTED['finding']}"
WHOLE = re.compile(r"(?<!/cases/)" + str(CASE))


def told(kind: str, facts: dict[str, Any], case: UUID | None = CASE) -> Words:
    piece = Piece(NOTICE, kind, case, facts, "now", is_confidential=False)
    return Renderer(CONSOLE).words(Matter(kind, [piece], [NOTICE], {kind: 1}), "zh", "smtp")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("in_group", [False, True])
@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("console", [None, CONSOLE])
def test_every_template_can_be_used_with_a_link_and_without(
    kind: str, locale: str, in_group: bool, console: str | None
) -> None:
    words = Renderer(console).words(sample(kind), locale, "smtp", in_group=in_group)

    assert words.fault is None
    assert bool(words.rendered.link) == bool(console)
    assert not (console and WHOLE.search(words.rendered.body))


@pytest.mark.parametrize("kind", ["missed", "overdue", "due", "reminder", "escalation"])
def test_what_is_owed_leads_to_the_obligations_of_the_child(kind: str) -> None:
    words = Renderer(CONSOLE).words(sample(kind), "zh", "smtp").rendered

    assert words.link == f"{OF_CASE}/obligations"
    assert "案件 …0000c0de" in words.body
    assert "2026年10月" in words.body


def test_a_finding_leads_to_its_own_page() -> None:
    assert Renderer(CONSOLE).words(sample("finding_due"), "zh", "smtp").rendered.link == OF_FINDING


def test_an_emergency_leads_to_the_child_s_file() -> None:
    facts = {"occurred_on": "2026-11-17", "stream": "case"}

    assert told("emergency", facts).rendered.link == OF_CASE


def test_what_concerns_no_child_has_no_link() -> None:
    facts = {"stream": "unit", "unit": "class-31", "rule": "x", "window": "y", "due_on": "z"}
    words = told("due", facts, case=None)

    assert words.fault is None
    assert words.rendered.link is None


def test_without_an_address_the_whole_number_is_told_and_no_link() -> None:
    words = Renderer().words(sample("missed"), "en", "smtp").rendered

    assert words.link is None
    assert f"Case {CASE}\n" in words.body


def test_each_line_of_a_digest_has_its_link() -> None:
    words = Renderer(CONSOLE).words(sample("digest"), "en", "smtp").rendered

    assert words.body.count(f"\n  {OF_CASE}/obligations\n") == 2
    assert words.link == f"{CONSOLE}/"


def test_a_group_is_not_led_from_a_digest_to_a_child() -> None:
    """One confidential notice alone in a digest would say by its link whom it concerns."""
    piece = sample("finding").pieces[0]
    matter = Matter("digest", [piece], [NOTICE], {"finding": 1})
    words = Renderer(CONSOLE).words(matter, "zh", "wecom", in_group=True).rendered

    assert words.link == f"{CONSOLE}/"
    assert "/cases/" not in words.body
    assert "/inspections/" not in words.body


def test_plain_words_name_the_case_in_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "missed.j2").write_text("{% block title %}{{ nobody }}{% endblock %}")
    words = Renderer(CONSOLE, tmp_path).words(sample("missed"), "en", "smtp")

    assert words.fault == "'nobody' is undefined"
    assert words.rendered.body == "Case …0000c0de. Log in for details."


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://casefile.example/", "https://casefile.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("", None),
    ],
)
def test_the_address_of_the_console_is_kept_without_its_slash(
    given: str, taken: str | None
) -> None:
    assert Settings(console_url=given).console_url == taken


@pytest.mark.parametrize(
    "given",
    [
        "casefile.example", "ftp://casefile.example", "https://", "javascript:alert(1)",
        "https://somebody:secret@casefile.example", "https://casefile.example/console",
        "https://casefile.example?lang=zh", "https://casefile.example#top",
        "https://casefile.example\n", "https://casefile.example:port",
    ],
)  # fmt: skip
def test_anything_but_scheme_host_and_port_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="give scheme, host and port alone"):
        Settings(console_url=given)
