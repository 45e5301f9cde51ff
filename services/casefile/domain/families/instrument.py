"""Answers to a questionnaire whose wording is kept elsewhere, named by its id and version."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from services.casefile.domain.families.fields import Code, Note
from services.casefile.domain.refusals import Implausible

InstrumentVersion = Annotated[int, Meta(ge=1, le=999)]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answer to one item: an option, points, or the person's own words."""

    item: Code
    option: Code | None = None
    points: Annotated[int, Meta(ge=-100, le=100)] | None = None
    words: Note | None = None


Answers = Annotated[tuple[Answer, ...], Meta(max_length=200)]


def refuse_item_answered_twice(answers: Sequence[Answer]) -> None:
    if len({answer.item for answer in answers}) < len(answers):
        raise Implausible("answers", "an item is answered twice")
