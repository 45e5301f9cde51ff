"""R27: one case for a study (典型个案), without anybody's name: what happened in which week, and what came of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, value
from services.casefile.domain.families.consent import allows_data
from services.casefile.domain.refusals import Refused
from services.casefile.history.cohort import Seen
from services.casefile.history.view import NOW, cut, facts_of
from services.casefile.reports.asking import Ground
from services.casefile.reports.distribution import age_band, parents_away, several
from services.casefile.reports.lags import is_own
from services.casefile.reports.report import Column, Figure, Paragraph, Report, Row, Scope, Table
from services.casefile.reports.tallying import Tally

WHO = {
    "sex": "child.sex",
    "population": "child.population",
    "guardian_type": "guardian.type",
    "boarding": "school.boarding",
    "school_status": "school.status",
    "care_level": "level.care",
    "risk_level": "level.risk",
    "file_status": "status",
    "closed_for": "closed_for",
}
CAME_OF_IT = (
    "outcome", "effect", "found", "movement", "guardian_type", "level", "severity", "status",
    "mood", "attainment", "state",
)  # fmt: skip
OF_THE_STUDY = "consent"
WEEK = 7
CHILD = (Column("dimension", "Dimension", "code"), Column("value", "Value", "code"))
KINDS = (
    Column("kind", "Kind", "code"),
    Column("records", "Records", "count"),
    Column("first_week", "First week", "count"),
    Column("last_week", "Last week", "count"),
)
TIMELINE = (
    Column("week", "Week", "count"),
    Column("kind", "Kind", "code"),
    Column("came_of_it", "What came of it", "fields"),
)
NOTES = (
    "Weeks are counted from the opening of the file and rounded; what happened has no date, place, person or word in here.",
    "The last weeks and the day of the cut together let somebody guess about when the file was opened.",
    "Left out are records that no other service is told of, consents, and what the product wrote itself.",
    "Whoever knows the child may still know her again from what happened. Read it before you hand it on, and hand on no more than the study needs.",
)


class CaseStudyNotApproved(Refused):
    """No approval of a study of this case is on file that holds, with a consent that stands."""

    remedy = (
        "Record the guardian's consent to use the data and the leading group's approval, "
        "and ask for a day on which both hold."
    )


def draw(ground: Ground) -> Report:
    [child] = ground.cases()
    day = ground.at.pinned.as_of
    study = approval(ground, child)
    shown = sorted(
        (entry for entry in child.current if is_shown(entry)),
        key=lambda entry: (entry.occurred_on, entry.kind.slug, entry.version),
    )
    opened = child.facts["opened_on"].value
    tables = (
        Table(name="child", title="The child", columns=CHILD, rows=list(who(child, opened, day))),
        Table(name="kinds", title="By kind", columns=KINDS, rows=list(kinds(shown, opened))),
        Table(name="timeline", title="Week by week", columns=TIMELINE,
              rows=[told(entry, opened) for entry in shown]),
    )  # fmt: skip
    about = summary(study, len(shown), len(list(left_out(child))))
    report = ground.report(children=1, tables=tables, paragraphs=(about,), notes=NOTES)
    stamp = msgspec.structs.replace(report.stamp, scope=Scope(), policies=(), unnamed=True)
    return msgspec.structs.replace(report, stamp=stamp, about=child.id)


def approval(ground: Ground, child: Seen) -> dict[str, Any]:
    """The approval, if it held on the day of the cut and nothing that is known has ended it since."""
    pinned = ground.at.pinned
    known_on = max(pinned.as_of, day_in_china(pinned.known_at))
    meanwhile = facts_of(cut(child.recorded, NOW)[1])
    for facts, day in ((child.facts, pinned.as_of), (meanwhile, known_on)):
        if not is_approved(facts, day):
            raise CaseStudyNotApproved
    study: dict[str, Any] = child.facts["case_study"].value
    return study


def is_approved(facts: Mapping[str, Fact], day: date) -> bool:
    study = value(facts, "case_study")
    if study is None or study["valid_until"] < day:
        return False
    return allows_data(value(facts, "consents.data"), day)


def is_shown(entry: Entry) -> bool:
    kind = entry.kind
    return is_own(entry) and kind.declared.private is None and kind.family != OF_THE_STUDY


def left_out(child: Seen) -> Iterator[Entry]:
    """What people wrote and is not shown; keys are nobody's record."""
    return (entry for entry in child.current if is_own(entry) and not is_shown(entry))


def who(child: Seen, opened: date, day: date) -> Iterator[Row]:
    tally = Tally()
    tally.add("age_at_opening", age_band(child, opened))
    tally.add("age_at_cut", age_band(child, day))
    for dimension, path in WHO.items():
        tally.add(dimension, child.fact(path))
    tally.add("parents_away", parents_away(child))
    tally.add("difficulty", *several(child.fact("child.difficulties")))
    tally.add("special_status", *child.under("child.special"))
    yield from ((dimension, value) for dimension, value, _ in tally.rows())


def kinds(shown: list[Entry], opened: date) -> Iterator[Row]:
    counts = Counter(entry.kind.slug for entry in shown)
    for slug in sorted(counts):
        weeks = [week(opened, entry.occurred_on) for entry in shown if entry.kind.slug == slug]
        yield slug, counts[slug], min(weeks), max(weeks)


def told(entry: Entry, opened: date) -> Row:
    said = {name: found for name in CAME_OF_IT if (found := code_of(entry, name)) is not None}
    says = msgspec.json.encode(said).decode() if said else None
    return week(opened, entry.occurred_on), entry.kind.slug, says


def code_of(entry: Entry, name: str) -> str | None:
    """What the field says, if it is one of the codes the field can have, and no word of anybody."""
    found = getattr(entry.rec, name, None)
    return found if isinstance(found, str) and found in codes(entry.kind.slug, name) else None


@cache
def codes(slug: str, name: str) -> frozenset[str]:
    kind: Kind = catalogue().slug(slug)
    return frozenset(codes_in(get_type_hints(kind.type).get(name)))


def codes_in(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    for inner in get_args(annotation):
        yield from codes_in(inner)


def week(opened: date, day: date) -> int:
    return round((day - opened).days / WEEK)


def summary(study: dict[str, Any], records: int, left: int) -> Paragraph:
    return Paragraph(
        text="Approved for {study_for:code} until {valid_until}. {records} records are shown and "
        "{left} are left out.",
        figures=(
            Figure(name="study_for", value=study["study_for"]),
            Figure(name="valid_until", value=study["valid_until"]),
            Figure(name="records", value=records),
            Figure(name="left", value=left),
        ),
    )
