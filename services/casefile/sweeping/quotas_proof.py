"""The standing proof for quotas: judges every window anew and compares with what was declared."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from services.casefile.domain.cadence.quota import Quota
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.readmodels.quotas import Judged, Judging
from services.casefile.sweeping.founding import Breach, Offence
from services.casefile.sweeping.office import Office
from services.casefile.sweeping.pending import Link
from services.casefile.sweeping.quotas import CHUNK, Closed, closed, have_held_in_chunks

KIND = "quota_missed"


class Proved(NamedTuple):
    """A quota that was compared, and what is wrong with what the log says of it."""

    quota: Quota | None
    offence: Offence | None


def prove_quotas(
    office: Office, link: Link, position: int, rulebook: Rulebook, cut: datetime
) -> Iterator[Proved]:
    """All windows that closed by the last closed day; before there is one, none is asked for."""
    if rulebook.closed_until is None:
        return
    for each in closed(rulebook, None, cut):
        for ids in have_held_in_chunks(link, each.ruling, CHUNK):
            judging = Judging(link, office.mapper, rulebook.units, position)
            for judged in judging.judged(each.ruling, each.window, ids, cut):
                yield Proved(judged.quota, offence_of(each, judged))


def offence_of(each: Closed, judged: Judged) -> Offence | None:
    if judged.fault:
        return Offence("unreadable", judged.subject, reason=judged.fault)
    if judged.declaration is not None:
        return named("absent", each, judged)
    return None if judged.is_founded else named("unfounded", each, judged)


def named(breach: Breach, each: Closed, judged: Judged) -> Offence:
    ruling, window = each
    told = (ruling.policy.policy, ruling.rule.code, window.key)
    return Offence(breach, judged.subject, KIND, *told)
