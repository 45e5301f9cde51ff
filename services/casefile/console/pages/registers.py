"""Units and members of staff: who and what there is, and what is recorded of their work."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.casefile.api.access import Action
from services.casefile.api.asked import Asked
from services.casefile.api.kinds import is_declared
from services.casefile.api.listing import Text
from services.casefile.console.forms import flow
from services.casefile.console.forms.flow import Flow
from services.casefile.console.page import Answer, Page, PageNotFound, Shown
from services.casefile.console.visit import Visit, parsed
from services.casefile.domain.catalogue import Kind


class Named(Asked):
    code: Text


@dataclass(frozen=True)
class Register:
    """One sort of stream: `of` is how its records name the unit or the member of staff."""

    stream: str
    path: str
    action: Action
    of: str
    title: str

    def choose(self, visit: Visit) -> Answer:
        context = {
            "code": code_of(visit),
            "register": self,
            "kinds": [k.slug for k in self.kinds(visit) if visit.may(self.action_of(k))],
            "done": visit.value("done"),
        }
        return Shown(template="register.html", title=self.title, context=context)

    def ask(self, visit: Visit) -> Answer:
        return flow.ask(visit, self.flow(visit))

    def send(self, visit: Visit) -> Answer:
        return flow.send(visit, self.flow(visit))

    def flow(self, visit: Visit) -> Flow:
        code, kind = code_of(visit), self.kind(visit)
        visit.must(self.action_of(kind))
        casefile = visit.desk.product.casefile
        record = casefile.record_unit if self.stream == "unit" else casefile.record_staff
        # The address says whom it is about; records that name it themselves say the same.
        named = {self.of: code} if self.of in kind.type.__struct_fields__ else {}
        return Flow(
            kind=kind,
            title=self.title,
            send=lambda body, context: record(code, kind.slug, body | named, context),
            done=lambda receipt: f"{self.path}/{code}/new?done={receipt.kind}",
            template="registering.html",
            context={"code": code},
            back=f"{self.path}/{code}/new",
        )

    def kind(self, visit: Visit) -> Kind:
        slug = visit.params["kind"]
        found = next((kind for kind in self.kinds(visit) if kind.slug == slug), None)
        if found is None:
            raise PageNotFound
        return found

    def kinds(self, visit: Visit) -> Iterator[Kind]:
        every: Any = visit.desk.product.catalogue
        yield from (k for k in every if k.stream == self.stream and not is_declared(k))

    def action_of(self, kind: Kind) -> Action:
        """Who is on the register, and as what, is the operators' to say."""
        return self.action if kind.declared.recordable else "register"

    def pages(self) -> list[Page]:
        new = f"{self.path}/{{code}}/new"
        return [
            Page(new, self.action, self.choose),
            Page(f"{new}/{{kind}}", self.action, self.ask, submit=self.send),
        ]


UNITS = Register("unit", "/units", "record_unit", "code", "Work of a unit")
STAFF = Register("staff", "/staff", "record_staff", "staff", "Work of a member of staff")


def code_of(visit: Visit) -> str:
    return parsed(Named, [("code", visit.params["code"])]).code


def pages() -> list[Page]:
    return [*UNITS.pages(), *STAFF.pages()]
