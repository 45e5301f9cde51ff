"""What the files of the children and of staff say of the work: known, lettered, registered."""

from services.casefile.reports import (
    case_study,
    child_directors,
    commendations,
    letters,
    registers,
    sources,
    spot_questions,
    talk_cards,
    what_is_known,
)
from services.casefile.reports.asking import Definition
from services.casefile.reports.readers import EVERYBODY, OFFICES

FILES: tuple[Definition, ...] = (
    Definition(
        code="R18", title="What is known of each child", version=1, roles=EVERYBODY,
        parameters=("unit", "case_id"), draw=what_is_known.draw,
    ),
    Definition(
        code="R19", title="Talk cards", version=1, roles=EVERYBODY,
        parameters=("unit", "case_id", "staff", "since", "until"), draw=talk_cards.draw,
    ),
    Definition(
        code="R20", title="Responsibility letters", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=letters.draw,
    ),
    Definition(
        code="R21", title="External registers", version=1, roles=EVERYBODY,
        parameters=("unit",), draw=registers.draw,
    ),
    Definition(
        code="R22", title="Money by source", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=sources.draw,
    ),
    Definition(
        code="R27", title="Case study", version=1, roles=OFFICES, case_level=True,
        parameters=("case_id",), needs=("case_id",), draw=case_study.draw,
    ),
    Definition(
        code="R30", title="Spot questions", version=1, roles=OFFICES, case_level=True,
        parameters=("staff", "seed"), needs=("staff",), draw=spot_questions.draw,
    ),
    Definition(
        code="R31", title="Child directors and supervisors", version=1, roles=OFFICES,
        case_level=True, parameters=("unit",), draw=child_directors.draw,
    ),
    Definition(
        code="R32", title="Commendations", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=commendations.draw,
    ),
)  # fmt: skip
