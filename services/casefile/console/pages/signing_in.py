"""Signing in with a token, and out again."""

from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.sessions import Sessions
from services.casefile.console.visit import Visit

UNKNOWN = "Nobody holds this token. Copy it whole, as `make up` or your operator gave it."


class SigningIn:
    """The only pages for somebody who is not known yet."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def ask(self, visit: Visit) -> Answer:
        if visit.session is not None:
            return Redirect(onward(visit.value("next")))
        return shown(visit.value("next"))

    def enter(self, visit: Visit) -> Answer:
        form = dict(visit.form)
        cookie = self._sessions.begin(form.get("token", ""))
        if cookie is None:
            return shown(form.get("next", ""), UNKNOWN, status=422)
        visit.cookies["session"] = cookie
        return Redirect(onward(form.get("next", "")))

    def leave(self, visit: Visit) -> Answer:
        visit.cookies["session"] = ""
        return Redirect("/login")

    def confirm(self, _: Visit) -> Answer:
        """For whoever follows the address by hand; leaving itself takes a form."""
        return Shown(template="signing_out.html", title="Sign out")

    def pages(self) -> list[Page]:
        return [
            Page("/login", "read_schema", self.ask, submit=self.enter),
            Page("/logout", "read_schema", self.confirm, submit=self.leave),
        ]


def shown(onwards: str, wrong: str = "", status: int = 200) -> Shown:
    context = {"wrong": wrong, "next": onwards}
    return Shown(template="signing_in.html", title="Sign in", context=context, status=status)


def onward(address: str) -> str:
    """An address of our own, or the first page: nobody is sent elsewhere by a link to us."""
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_ours and address.isprintable() and address.isascii() else "/"
