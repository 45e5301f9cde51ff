"""The formulas an appraisal can be run by, as data: `formulas/*.yaml`, read through one schema."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from services.casefile.domain.families.finding import FindingCode, Severity
from services.casefile.reports.appraisal_inputs import Inputs
from services.casefile.reports.asking import WrongValue
from services.casefile.reports.conduct import Upheld

FOLDER = Path(__file__).with_name("formulas")
Points = Annotated[int, Meta(ge=-1000, le=1000)]
Places = Annotated[int, Meta(ge=1, le=200)]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every part of a formula is."""


class RankGained(Form, frozen=True, kw_only=True, tag_field="for", tag="rank_gained"):
    """For every place a child rose in the class."""

    points: Points


class KeptAmongFirst(Form, frozen=True, kw_only=True, tag_field="for", tag="kept_among_first"):
    """For having been among the first of the class, and being there still."""

    places: Places
    points: Points


class NoSeriousBreach(Form, frozen=True, kw_only=True, tag_field="for", tag="no_serious_breach"):
    """For no serious breach of rules or law."""

    points: Points


class TitleHeld(Form, frozen=True, kw_only=True, tag_field="for", tag="title"):
    """For a title of honour, once however many there are."""

    points: Points


class ObligationsKept(Form, frozen=True, kw_only=True, tag_field="for", tag="obligations_kept"):
    """For keeping at least so many of a hundred of what was owed to the child."""

    percent: Annotated[int, Meta(ge=1, le=100)]
    points: Points


class NoFindingUpheld(Form, frozen=True, kw_only=True, tag_field="for", tag="no_finding_upheld"):
    """For a helper against whom no inspection upheld a finding of these codes, as grave as that."""

    points: Points
    findings: Annotated[tuple[FindingCode, ...], Meta(max_length=15)] = ()
    least: Severity = "slight"


Part = RankGained | KeptAmongFirst | NoSeriousBreach | TitleHeld | ObligationsKept | NoFindingUpheld
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


class Award(Form, frozen=True, kw_only=True):
    """What a child herself is given."""

    name: Literal["first_place", "places_two_to_five", "progress"]
    yuan: Annotated[int, Meta(ge=1, le=10_000)]
    from_place: Places | None = None
    to_place: Places | None = None
    ranks_gained: Places | None = None


class Formula(Form, frozen=True, kw_only=True):
    """How many points the work for a child is worth."""

    code: Annotated[str, Meta(pattern=r"^[a-z0-9-]{2,40}$")]
    version: Annotated[int, Meta(ge=1)]
    title: str
    source: str
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=20)]
    yuan_per_point: Annotated[int, Meta(ge=0, le=100)] = 0
    awards: Annotated[tuple[Award, ...], Meta(max_length=20)] = ()
    notes: tuple[str, ...] = ()

    @property
    def looks_at_conduct(self) -> bool:
        return any(isinstance(part, NoFindingUpheld) for part in self.parts)

    def points(self, inputs: Inputs) -> tuple[int, tuple[str, ...]]:
        """The sum of all parts, and the parts that gave something."""
        found = [(part, worth(part, inputs)) for part in self.parts]
        because = (f"{name_of(part)} {points:+d}" for part, points in found if points)
        return sum(points for _, points in found), tuple(because)

    def awards_of(self, inputs: Inputs) -> Iterator[Award]:
        return (award for award in self.awards if is_won(award, inputs))


def worth(part: Part, inputs: Inputs) -> int:
    match part:
        case RankGained():
            return part.points * max(inputs.ranks_gained or 0, 0)
        case KeptAmongFirst():
            ranks = (inputs.rank_before, inputs.rank_after)
            return part.points * all(r is not None and r <= part.places for r in ranks)
        case NoSeriousBreach():
            return part.points * (inputs.serious_breaches == 0)
        case TitleHeld():
            return part.points * (inputs.titles > 0)
        case ObligationsKept():
            is_kept = inputs.owed > 0 and 100 * inputs.kept >= part.percent * inputs.owed
            return part.points * is_kept
        case NoFindingUpheld():
            against = any(counts_against(part, each) for each in inputs.upheld or ())
            return part.points * (inputs.mentor is not None and not against)


def counts_against(part: NoFindingUpheld, found: Upheld) -> bool:
    is_meant = not part.findings or found.finding_code in part.findings
    return is_meant and SEVERITIES.index(found.severity) >= SEVERITIES.index(part.least)


def is_won(award: Award, inputs: Inputs) -> bool:
    if award.ranks_gained is not None:
        return (inputs.ranks_gained or 0) >= award.ranks_gained
    place = inputs.rank_after
    return place is not None and (award.from_place or 1) <= place <= (award.to_place or 1)


def name_of(part: Part) -> str:
    return str(type(part).__struct_config__.tag)


@cache
def formulas() -> dict[str, Formula]:
    """All there are, by code."""
    found = (
        msgspec.yaml.decode(path.read_bytes(), type=Formula)
        for path in sorted(FOLDER.glob("*.yaml"))
    )
    return {formula.code: formula for formula in found}


def formula_named(code: str) -> Formula:
    found = formulas().get(code)
    if found is None:
        raise WrongValue("formula", values=", ".join(formulas()))
    return found
