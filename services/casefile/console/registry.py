"""All pages there are. A new one is a module with `pages()`, named here."""

from services.casefile.console.page import Page
from services.casefile.console.pages import (
    amending,
    backfill,
    board,
    caseload,
    child,
    child_funding,
    child_notices,
    child_obligations,
    compliance,
    diff,
    finding,
    findings,
    flags,
    home,
    inspection,
    inspection_acts,
    inspection_changes,
    inspection_sheets,
    inspections,
    making,
    money,
    opening,
    quotas,
    record,
    recording,
    registers,
    reports,
    roster,
    rulebook,
    session,
    staff,
    timeline,
    units,
)
from services.casefile.console.pages.signing_in import SigningIn
from services.casefile.console.sessions import Sessions

# In the order of the navigation.
MODULES = (
    home,
    roster,
    board,
    compliance,
    caseload,
    money,
    quotas,
    backfill,
    flags,
    reports,
    making,
    inspections,
    findings,
    inspection_acts,
    inspection_sheets,
    inspection_changes,
    inspection,
    session,
    rulebook,
    units,
    staff,
    registers,
    opening,
    finding,
    recording,
    amending,
    timeline,
    child_obligations,
    child_notices,
    child_funding,
    diff,
    record,
    child,
)


def all_pages(sessions: Sessions) -> list[Page]:
    return [
        *(page for module in MODULES for page in module.pages()),
        *SigningIn(sessions).pages(),
    ]
