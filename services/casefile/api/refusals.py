"""Every way the edge itself says no, before or beside the application."""

from services.casefile.domain.refusals import Absent, CasefileError, Refused


class NotSignedIn(CasefileError):
    """It is not known who is calling."""

    remedy = "Send a valid token: Authorization: Bearer <token>."


class NotAllowed(CasefileError):
    """Your role may not do this."""

    remedy = "Ask somebody whose role allows it; GET /v1/me lists what yours allows."


class PathNotFound(Absent):
    """There is nothing at this address."""

    remedy = "See GET /openapi.json for the addresses there are."


class ProblemNotFound(Absent):
    """There is no such problem type."""

    remedy = "List the problem types with GET /v1/problems."


class MethodNotAllowed(CasefileError):
    """This address does not answer this method."""

    remedy = "See the Allow header."


class MalformedJson(CasefileError):
    """The body is not one JSON object in UTF-8."""

    remedy = "Send a JSON object."


class MalformedHeader(CasefileError):
    """A request header does not have its form."""

    remedy = "Idempotency-Key: 1 to 255 visible characters. If-Match: one ETag as given, or *."

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NotJson(CasefileError):
    """The body has to be application/json."""

    remedy = "Send Content-Type: application/json, without a content encoding."


class BodyTooLarge(CasefileError):
    """The body is larger than this address takes."""

    remedy = "Send less at a time; files stay outside, and evidence names them by hash."

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class IfMatchRequired(CasefileError):
    """This command needs to know which version of the file you have seen."""

    remedy = "Read the file, then send its ETag as If-Match (or * for whatever is current)."


class WrongParameter(CasefileError):
    """A parameter of the address cannot be right."""

    remedy = "Compare it with the parameters in GET /openapi.json."

    def __init__(self, field: str | None = None, why: str = "") -> None:
        super().__init__(**({"why": why} if why else {}))
        self.field = field


class WrongCursor(CasefileError):
    """The cursor is not one of ours, or belongs to another question."""

    remedy = "Start from the first page, and follow its Link header."
    field = "cursor"


class ListUnavailable(CasefileError):
    """The lists across children cannot be read now; single files can."""

    remedy = "Try again in a moment; if it lasts, see whether `casefile project` runs."


class PositionAhead(Refused):
    """The log does not reach that position."""

    remedy = (
        "Was the log restored from a backup, or is this another one? "
        "Read the feed from its beginning, or from a position that is certain."
    )


class FeedHeld(CasefileError):
    """The next event cannot be read by this version, and the feed leaves nothing out."""

    remedy = "Wait until Casefile is upgraded, then go on from the same position."

    def __init__(self, held_at: int) -> None:
        super().__init__(held_at=held_at)


class MessageTypeNotFound(Absent):
    """There is no such type of message."""

    remedy = "See schemas/messages for the types there are."


class NotReady(CasefileError):
    """Casefile cannot serve now."""

    remedy = "See which check fails; run `casefile doctor`."


class NoticesUnavailable(CasefileError):
    """It cannot be read now who was told what."""

    remedy = "Look at the page, which says why; see that the notifications service is connected."


class Broken(CasefileError):
    """Something went wrong inside; nothing half-done was kept."""

    remedy = "Send the same request again; if it lasts, report the request_id."
