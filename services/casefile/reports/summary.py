"""R16: the term summary (总结) in its five sections, every figure filled in and with a link behind it.

The sentences stand in English here and in Chinese in the catalogue; what no event knows is left as
a gap for a hand to fill.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from services.casefile.reports.asking import Ground
from services.casefile.reports.report import (
    Cell,
    Column,
    Figure,
    Paragraph,
    Report,
    Table,
)
from services.casefile.reports.term import read_term

LEFT_TO_A_HAND = "Written by hand: ____________________________________________"
SENTENCES: tuple[tuple[str | None, str], ...] = (
    (
        "I. The children",
        (
            "On the last day {children} children were on file: {girls} girls and {boys} boys; "
            "{left_behind} left behind, {in_difficulty} in difficulty, {both} both."
        ),
    ),
    (
        None,
        (
            "Of them {with_grandparents} live with grandparents, {with_one_parent} with one parent, "
            "{with_relatives} with relatives or friends, {in_institutions} in institutions; "
            "{without_guardian} have no guardian, and of {guardian_not_stated} it is not on file."
        ),
    ),
    (
        "II. What was done",
        (
            "{opened} files were opened and {closed} closed. {paired} of the children have somebody "
            "who stands by them, in {pairs} pairings."
        ),
    ),
    (
        None,
        (
            "{talks} talks were held and {home_visits} home visits made; {attempts} more visits found "
            "nobody. {calls} family calls were noted, {letters} letters, {parent_contacts} contacts "
            "with parents and {guardian_contacts} with guardians."
        ),
    ),
    (
        None,
        (
            "{sessions} sessions were held, with {heads} attendances of children and {guardians} of "
            "guardians; {meetings} meetings of the leading group; {trainings} trainings of staff."
        ),
    ),
    (
        None,
        (
            "{checks} health checks were done, for {checked} of the children; {abnormal} found "
            "something."
        ),
    ),
    (
        None,
        (
            "{grants} grants of {granted:fen} yuan in all were made, {paid:fen} yuan were paid out, "
            "and goods worth {goods:fen} yuan were given."
        ),
    ),
    (
        "III. What came of it",
        (
            "Files for {filing} of the children the last survey counted; {enrolment} of compulsory age "
            "at school; {retention} of those at school on the first day still there."
        ),
    ),
    (
        None,
        (
            "{kept} of the obligations of staff that were decided were kept. {progress} of the pairings "
            "that were reviewed brought progress; {awards} awards were won."
        ),
    ),
    (
        "IV. What is lacking",
        (
            "{missed} obligations of staff were missed, {made_good} of them made good afterwards. "
            "{late} of the records were entered more than 7 days late."
        ),
    ),
    (
        None,
        (
            "{unpaired} children have nobody who stands by them, {without_card} no verified contact "
            "card; {unverified} grants older than 30 days were not asked after; {incidents} incidents "
            "were reported."
        ),
    ),
    (None, LEFT_TO_A_HAND),
    (
        "V. What comes next",
        "{open} obligations are still open. To be caught up with first: {missed_most}.",
    ),
    (None, LEFT_TO_A_HAND),
)
ANSWERED_BY = {
    "R7": (
        "children", "girls", "boys", "left_behind", "in_difficulty", "both", "with_grandparents",
        "with_one_parent", "with_relatives", "in_institutions", "without_guardian",
        "guardian_not_stated",
    ),
    "R10": ("paired", "pairs", "unpaired"),
    "R4": (
        "opened", "closed", "talks", "home_visits", "attempts", "calls", "letters",
        "parent_contacts", "guardian_contacts", "checks", "checked", "abnormal", "progress",
        "awards", "late", "incidents",
    ),
    "R17": ("sessions", "heads", "guardians", "meetings", "trainings"),
    "R8": ("grants", "granted", "paid", "goods", "unverified"),
    "R6": ("filing", "enrolment", "retention", "without_card"),
    "R2": ("kept", "open"),
    "R3": ("missed", "made_good", "missed_most"),
}  # fmt: skip
DAYS_OF = ("R2", "R3", "R4", "R8", "R17")
REPORT_OF = {figure: code for code, figures in ANSWERED_BY.items() for figure in figures}
GRADES = (
    Column("dimension", "Dimension", "code"),
    Column("value", "Value", "code"),
    Column("share", "Children", "share"),
)
UNITS = (Column("branch", "Unit", "unit"), Column("share", "Children", "share"))
NOTES = (
    (
        "Every figure is counted from events up to the position printed above; the link behind it asks "
        "the same question again."
    ),
)


def draw(ground: Ground) -> Report:
    term = read_term(ground)
    figures = term.figures()
    return ground.report(
        children=term.children,
        paragraphs=[
            Paragraph(heading=heading, text=text, figures=list(filled(ground, text, figures)))
            for heading, text in SENTENCES
        ],
        tables=(
            Table(name="grades", title="By grade and guardian", columns=GRADES, rows=term.shares()),
            Table(name="units", title="By unit", columns=UNITS, rows=term.units()),
        ),
        notes=NOTES,
        days=True,
    )


def filled(ground: Ground, text: str, figures: dict[str, Cell]) -> Iterator[Figure]:
    """The figures a sentence names, each with the question that answers it again."""
    for name, value in figures.items():
        if f"{{{name}}}" in text or f"{{{name}:" in text:
            yield Figure(name=name, value=value, link=link(ground, REPORT_OF[name]))


def link(ground: Ground, code: str) -> str:
    """The report of the same scope at the same cut."""
    pinned = ground.at.pinned
    asked = {
        "unit": ground.asked.unit,
        "as_of": pinned.as_of.isoformat(),
        "known_at": pinned.known_at.isoformat(),
        "position": str(pinned.position),
    }
    if code in DAYS_OF:
        asked |= {"since": ground.since.isoformat(), "until": ground.until.isoformat()}
    if code == "R6":
        asked |= {"since": ground.since.isoformat()}
    return f"/reports/{code}?{urlencode({k: v for k, v in asked.items() if v is not None})}"
