"""All reports there are. Each list says what its reports take, who may draw them, in which version."""

from services.casefile.reports.asking import Definition, ReportNotFound
from services.casefile.reports.registry_audit import AUDIT
from services.casefile.reports.registry_files import FILES
from services.casefile.reports.registry_work import WORK

DEFINITIONS: tuple[Definition, ...] = tuple(
    sorted((*AUDIT, *FILES, *WORK), key=lambda each: int(each.code[1:]))
)
BY_CODE = {definition.code: definition for definition in DEFINITIONS}


def definition(code: str) -> Definition:
    found = BY_CODE.get(code.upper())
    if found is None:
        raise ReportNotFound
    return found
