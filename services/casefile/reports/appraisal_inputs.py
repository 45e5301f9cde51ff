"""What an appraisal looks at, child by child, as it stood at the cut."""

from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.school import (
    AcademicResultRecorded,
    AwardReceived,
    DisciplineRecorded,
)
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.conduct import Upheld

HONOUR = "three_good_pupil"
DECIDED = ("fulfilled", "late", "missed")


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a formula may look at of one child; nothing else reaches it."""

    case_id: UUID
    mentor: str | None = None
    class_unit: str | None = None
    rank_before: int | None = None
    rank_after: int | None = None
    serious_breaches: int = 0
    titles: int = 0
    kept: int = 0
    owed: int = 0
    # Only of a formula that looks at conduct: without it, the inputs are what they always were.
    upheld: tuple[Upheld, ...] | msgspec.UnsetType = msgspec.UNSET

    @property
    def ranks_gained(self) -> int | None:
        if self.rank_before is None or self.rank_after is None:
            return None
        return self.rank_before - self.rank_after


def inputs_of(ground: Ground, child: Seen) -> Inputs:
    ranks = class_ranks(child)
    before, after = base_and_end(ground, ranks)
    entries = [entry for entry in child.current if ground.in_days(entry.occurred_on)]
    owed = [o for o in child.obligations if ground.in_days(o.window.ends_on)]
    mine = [o for o in owed if o.obligor == "staff" and o.outcome in DECIDED]
    class_unit = child.fact("child.class_unit")
    return Inputs(
        case_id=child.id,
        mentor=mentor_of(child),
        class_unit=str(class_unit) if class_unit is not None else None,
        rank_before=before,
        rank_after=after,
        serious_breaches=sum(is_serious(entry) for entry in entries),
        titles=sum(is_title(entry) for entry in entries),
        kept=sum(o.outcome == "fulfilled" for o in mine),
        owed=len(mine),
    )


def class_ranks(child: Seen) -> dict[str, int]:
    """The rank in the class at the end of each term; a later record of a term replaces it."""
    found: dict[str, int] = {}
    for entry in child.current:
        rec = entry.rec
        if not isinstance(rec, AcademicResultRecorded) or rec.rank is None:
            continue
        if (rec.exam, rec.cohort) == ("term_end", "class"):
            found[rec.term] = rec.rank
    return found


def base_and_end(ground: Ground, ranks: dict[str, int]) -> tuple[int | None, int | None]:
    """The year's end is its second term; its base the second term of the year before.

    In the first year of a school there is no such term: the base is then the first term's end.
    """
    last = school_year(ground)
    end, first = f"{last}-{last + 1}-2", f"{last}-{last + 1}-1"
    base = f"{last - 1}-{last}-2"
    return ranks.get(base, ranks.get(first)), ranks.get(end)


def school_year(ground: Ground) -> int:
    """The year in which the school year of the last day begins."""
    return ground.until.year if ground.until.month >= 9 else ground.until.year - 1


def is_serious(entry: Entry) -> bool:
    return isinstance(entry.rec, DisciplineRecorded) and entry.rec.severity == "serious"


def is_title(entry: Entry) -> bool:
    return isinstance(entry.rec, AwardReceived) and entry.rec.award == HONOUR


def mentor_of(child: Seen) -> str | None:
    """The member of staff paired with the child; of several, the first."""
    pairings = sorted(child.under("pairings").items())
    return next((f.value["mentor"] for _, f in pairings if f.value.get("mentor")), None)
