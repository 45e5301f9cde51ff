"""Why a policy, a calendar or a waiver may not be as it is."""

from services.casefile.domain.refusals import Invalid, Refused


class PolicyVersionTaken(Refused):
    """This version of the policy, or a later one, is on file already."""

    remedy = "Give the changed document the next version number."


class CalendarNotFound(Invalid):
    """The policy goes by a calendar of terms that is not on file."""

    field = "calendar"
    remedy = "Load the terms of this calendar first, or name one that is on file."


class CalendarTooShort(Invalid):
    """The calendar does not say which terms there are when the policy takes effect."""

    field = "effective_from"
    remedy = "Load the terms from that day on, without a hole between them."


class NeverWaivable(Refused):
    """This rule is never waived."""

    remedy = "Do it, or have it on file that it was missed and why."
