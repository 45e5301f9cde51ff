"""What can be recorded, and what can go wrong: kinds with their forms, problems with remedies."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from services.casefile.api.access import ACTIONS, decide_access
from services.casefile.api.answering import answered
from services.casefile.api.documents import documented
from services.casefile.api.errors import problem_types, status_of
from services.casefile.api.exchange import exchange_of
from services.casefile.api.gate import Admission, Gate, signed_in
from services.casefile.api.problems import TYPES
from services.casefile.api.refusals import ProblemNotFound
from services.casefile.api.schemas import schema
from services.casefile.api.shapes import KindForm, Kinds, Me, ProblemType, ProblemTypes
from services.casefile.domain.catalogue import Catalogue, Kind
from services.casefile.domain.families.flag import FlagRecord
from services.casefile.domain.families.obligation import OfObligation
from services.casefile.domain.refusals import CasefileError
from services.casefile.labels import Labels, labels

PATHS = {
    "opening": "/v1/cases",
    "correction": "/v1/cases/{case_id}/corrections",
    "annulment": "/v1/cases/{case_id}/annulments",
    "merge": "/v1/cases/{case_id}/merge",
    "unmerge": "/v1/cases/{case_id}/unmerge",
    "group_session": "/v1/group-sessions",
    "waiver": "/v1/cases/{case_id}/waivers",
    "flag": "/v1/staff/{staff}/flags",
    "flag_explanation": "/v1/staff/{staff}/flags/{flag}/explanation",
    "flag_decision": "/v1/staff/{staff}/flags/{flag}/decision",
    "inspection": "/v1/inspections",
    "sample": "/v1/inspections/{inspection_id}/samples",
    "examination": "/v1/inspections/{inspection_id}/examinations",
    "callback": "/v1/inspections/{inspection_id}/callbacks",
    "finding": "/v1/inspections/{inspection_id}/findings",
    "explanation": "/v1/inspections/{inspection_id}/explanations",
    "rectification": "/v1/inspections/{inspection_id}/rectifications",
    "finding_decision": "/v1/inspections/{inspection_id}/decisions",
    "inspection_end": "/v1/inspections/{inspection_id}/closure",
}
PREFIXES = {"case": "/v1/cases/{case_id}", "unit": "/v1/units/{unit}", "staff": "/v1/staff/{staff}"}


class Reference:
    """Public knowledge about the API itself; nothing of it is about a child."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def kinds(self) -> Response:
        """List the kinds of record."""
        return answered({"kinds": [row(kind) for kind in self._catalogue]})

    def kind(self, kind: str) -> Response:
        """Show a kind: the schema of its body, and the words for its fields and codes."""
        return answered(form(self._catalogue.slug(kind)))

    def problem_types(self) -> Response:
        """List the problems a caller may meet."""
        shown = [problem_type(code, cls) for code, cls in problem_types().items()]
        return answered({"problems": shown})

    def problem_type(self, code: str) -> Response:
        """Show a problem: its status, its title and its remedy."""
        known = problem_types()
        if code not in known:
            raise ProblemNotFound
        return answered(problem_type(code, known[code]))

    def me(self, request: Request) -> Response:
        """Show who is calling, and what that role may do."""
        actor = signed_in(exchange_of(request.scope))
        may = [action for action in ACTIONS if decide_access(actor, action).is_allowed]
        author = actor.author
        named = {"staff": author.staff, "post": author.role, "unit": author.unit}
        return answered({"role": actor.role, **named, "actions": may})

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["reference"], redirect_slashes=False)
        public, mine = Admission(gate, "read_schema"), Admission(gate, "read_me")
        add = partial(documented, router)
        add("/v1/kinds", self.kinds, public, Kinds)
        add("/v1/kinds/{kind}", self.kind, public, KindForm, errors=(404,))
        add("/v1/problems", self.problem_types, public, ProblemTypes)
        add("/v1/problems/{code}", self.problem_type, public, ProblemType, errors=(404,))
        add("/v1/me", self.me, mine, Me)
        return router


def row(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.slug,
        "label": words(lambda language: language.kind(kind.label)),
        "family": kind.family,
        "stream": kind.stream,
        "contact": kind.contact,
        "needs_if_match": kind.declared.exclusive,
        "allowed_after_close": kind.declared.after_close,
        "path": path(kind),
    }


def path(kind: Kind) -> str | None:
    """Where it is recorded; some kinds only ever come with another one."""
    own = PATHS.get(kind.slug)
    if own is not None or kind.stream not in PREFIXES or is_declared(kind):
        return own
    if kind.stream == "case" and not kind.declared.recordable:
        return None
    return f"{PREFIXES[kind.stream]}/records/{kind.slug}"


def is_declared(kind: Kind) -> bool:
    """Whether only the clock says it, as nobody may declare or deny a miss by hand; or whether it
    has commands of its own, as a flag rests on what the panel says."""
    return issubclass(kind.type, OfObligation | FlagRecord)


def form(kind: Kind) -> dict[str, Any]:
    shown = schema(kind)
    names = shown["$defs"][kind.name]["properties"]
    fields = {name: words(lambda language, n=name: language.field(n)) for name in names}
    return row(kind) | {"schema": shown, "fields": fields, "codes": dict(codes(shown["$defs"]))}


def codes(definitions: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The words for the codes of every field that has some."""
    for definition in definitions.values():
        for field, property_ in definition.get("properties", {}).items():
            if found := sorted(set(enumerated(property_))):
                yield field, {c: words(lambda lang, f=field, c=c: lang.code(f, c)) for c in found}


def enumerated(form: Any) -> Iterator[str]:
    if isinstance(form, list):
        for each in form:
            yield from enumerated(each)
    if isinstance(form, dict):
        yield from (code for code in form.get("enum", ()) if isinstance(code, str))
        for name in ("items", "anyOf", "prefixItems"):
            yield from enumerated(form.get(name))


def problem_type(code: str, cls: type[CasefileError]) -> dict[str, Any]:
    title = (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    remedy = str(getattr(cls, "remedy", ""))
    return {
        "type": TYPES + code,
        "code": code,
        "status": status_of(cls),
        "title": words(lambda language: language.text(title)),
        "remedy": words(lambda language: language.text(remedy)),
    }


def words(of: Any) -> dict[str, str]:
    zh: Labels = labels("zh")
    return {"zh": of(zh), "en": of(labels("en"))}
