"""Why an inspection may not go on as somebody asks."""

from services.casefile.domain.refusals import Absent, Invalid, Refused


class InspectionNotFound(Absent):
    """There is no inspection with this id."""

    remedy = "List the inspections with GET /v1/inspections, or with `casefile inspection list`."


class FindingNotFound(Absent):
    """There is no finding with this id in this inspection."""

    remedy = "List the findings with GET /v1/findings."


class SampleNotFound(Absent):
    """Nothing was drawn with this seed in this inspection."""

    remedy = "Take the seed from the samples of the inspection."


class NoEarlierInspection(Absent):
    """There is no earlier inspection to compare with."""

    remedy = "Name one that was pinned before this one, in since."


class ScopeEmpty(Invalid):
    """The scope has no child at this cut."""

    field = "unit"
    remedy = "Name a unit that has children on file, itself or below it, or choose another cut."


class SampleTooLarge(Invalid):
    """The scope has fewer children than are to be drawn."""

    field = "sample_size"
    remedy = "Draw at most as many as there are."


class SampleTooSmall(Invalid):
    """There are more strata than children to be drawn, so not each can have one."""

    field = "sample_size"
    remedy = "Draw at least one for each stratum, or do not ask for one of each."


class SeedAlreadyUsed(Refused):
    """This seed was used in this inspection already."""

    remedy = "The same seed draws the same children; take another seed for another sample."


class NotInSample(Refused):
    """This case was not drawn in this inspection."""

    remedy = "Examine what was drawn; what else was noticed can be raised as a finding."


class NotApart(Refused):
    """Whoever did the work, or answers for it, does not judge it."""

    remedy = "Let somebody do it who had no part in it."


class NotConcerned(Refused):
    """The finding is not about the one who is calling, nor about their unit."""

    remedy = "Only those whom a finding is about answer it."


class NotHeardYet(Refused):
    """Those concerned have not answered yet, and still have time to."""

    remedy = "Wait for their answer, or until reply_by is over."


class FindingSettled(Refused):
    """The finding is settled."""

    remedy = "Raise a new one if there is more to it."


class FindingsOpen(Refused):
    """Findings of this inspection are still open."""

    remedy = "Decide on them first, or say with leaves_open that they stay open."


class InspectionAlreadyClosed(Refused):
    """The inspection is closed."""

    remedy = "Open another one; findings that were left open can still be answered and decided."
