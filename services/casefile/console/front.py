"""What is looked at before any page: language, session, and whether a form is one of ours."""

from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from services.casefile.api.access import PUBLIC
from services.casefile.api.exchange import Exchange
from services.casefile.api.refusals import NotAllowed
from services.casefile.console.sessions import COOKIE, Session, Sessions, is_same
from services.casefile.console.visit import Pairs, Visit
from services.casefile.labels import Locale

LANGUAGE = "casefile_lang"
FIELD = "form_token"
NEVER = ""


class OutsideForm(NotAllowed):
    """The form did not come from a page of this console, or the page is too old."""

    remedy = "Open the page again and send the form from there."


def cookies_of(exchange: Exchange) -> dict[str, str]:
    try:
        jar: SimpleCookie = SimpleCookie(exchange.header(b"cookie"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def session_of(exchange: Exchange, sessions: Sessions) -> Session | None:
    return sessions.read(cookies_of(exchange).get(COOKIE))


def locale_of(exchange: Exchange, query: Pairs) -> tuple[Locale, Locale | None]:
    """The language of the answer, and the one to remember because it was just asked for."""
    asked = language(dict(query).get("lang", ""))
    kept = language(cookies_of(exchange).get(LANGUAGE, ""))
    return asked or kept or exchange.locale, asked


def language(text: str) -> Locale | None:
    match text:
        case "zh":
            return "zh"
        case "en":
            return "en"
    return None


def must_be_our_form(visit: Visit) -> None:
    """Another site's form has another origin, and does not know the session's token."""
    origin = visit.exchange.header(b"origin")
    if origin and urlsplit(origin).netloc != visit.exchange.header(b"host"):
        raise OutsideForm
    if not origin and visit.exchange.header(b"sec-fetch-site") not in ("", "same-origin"):
        raise OutsideForm
    session = visit.session
    # Signing in and out has no page before it that could have known the session.
    is_open = visit.page is not None and visit.page.action in PUBLIC
    if session is not None and not is_open and not is_same(sent_token(visit), session.form_token):
        raise OutsideForm


def sent_token(visit: Visit) -> str:
    found: Any = dict(visit.form).get(FIELD, NEVER)
    return str(found)
