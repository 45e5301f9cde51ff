"""After a file was healed: declares the quotas that could not be judged when their windows closed.

A day is closed although a file cannot be read, so that one file holds up nobody else. What the
child's or unit's own windows brought is declared from the board's rows once they are written anew.
Quotas have no rows, and the windows of closed days are not looked at again: but here.
"""

from contextlib import closing
from uuid import UUID

from services.casefile.following.lease import session
from services.casefile.sweeping.office import Office
from services.casefile.sweeping.quotas import QuotaSweep
from services.casefile.sweeping.swept import Swept


def judge_again(office: Office, conninfo: str, healed: UUID | None = None) -> Swept:
    """The quotas of the member of staff whose file it is; after a child's, those of everybody.

    What was said is not said again.
    """
    with closing(session(conninfo, "casefile-heal", {"jit": "off"})) as link:
        return QuotaSweep(office, link).again(healed)
