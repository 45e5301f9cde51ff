"""R23 to R29: what was done for the children, and what came of it."""

from services.casefile.reports import activities, harm, questionnaire, services, targets, unmet
from services.casefile.reports.asking import Definition
from services.casefile.reports.readers import EVERYBODY

WORK: tuple[Definition, ...] = (
    Definition(
        code="R23", title="Services by priority", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=services.draw,
    ),
    Definition(
        code="R24", title="Activities, trainings and prizes", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=activities.draw,
    ),
    Definition(
        code="R25", title="Questionnaire", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=questionnaire.draw,
    ),
    Definition(
        code="R26", title="Injuries, accidents and legal aid", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=harm.draw,
    ),
    Definition(
        code="R28", title="Targets and results", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=targets.draw,
    ),
    Definition(
        code="R29", title="Needs nobody met, and load", version=1, roles=EVERYBODY,
        parameters=("unit", "since", "until"), draw=unmet.draw,
    ),
)  # fmt: skip
