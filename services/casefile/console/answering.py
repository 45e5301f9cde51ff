"""Answers a page: admits, reads the form, lets the page show itself, and sends it with its headers."""

from urllib.parse import parse_qsl

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from services.casefile.api.exchange import exchange_of
from services.casefile.api.faults import fault
from services.casefile.api.gate import Gate
from services.casefile.api.incoming import read
from services.casefile.api.listing import reading
from services.casefile.api.refusals import BodyTooLarge, Broken, MethodNotAllowed, NotSignedIn
from services.casefile.console.desk import Desk
from services.casefile.console.filing import file_reply
from services.casefile.console.front import OutsideForm, locale_of, must_be_our_form, session_of
from services.casefile.console.page import Answer, Drawn, Format, Page, Redirect
from services.casefile.console.rendering import Rendering
from services.casefile.console.sending import Reply, drawn, found_elsewhere, html
from services.casefile.console.sessions import Sessions
from services.casefile.console.visit import Visit, addressed
from services.casefile.domain.refusals import CasefileError

# Parameters that are not the page's own.
OURS = ("lang", "purpose")
FORM_LIMIT = 256 * 1024
log = structlog.get_logger()


class Front:
    """The parts that answer any page."""

    def __init__(self, desk: Desk, gate: Gate, sessions: Sessions, rendering: Rendering) -> None:
        self.desk = desk
        self.gate = gate
        self.sessions = sessions
        self.rendering = rendering

    def visit(self, scope: Scope, page: Page | None, format_: Format | None = None) -> Visit:
        """Who asks for what; nobody has been admitted yet."""
        exchange = exchange_of(scope)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        exchange.locale, spoken = locale_of(exchange, query)
        session = session_of(exchange, self.sessions)
        if session is not None:
            exchange.actor = session.actor
        path = scope["path"].removesuffix(f".{format_}") if format_ else scope["path"]
        return Visit(
            exchange=exchange,
            gate=self.gate,
            desk=self.desk,
            path="/" if path == "/home" else path,
            params=scope.get("path_params", {}),
            query=[pair for pair in query if pair[0] not in OURS],
            page=page,
            session=session,
            format=format_,
            purpose=dict(query).get("purpose", ""),
            scheme=scope.get("scheme", "http"),
            cookies={"lang": spoken} if spoken else {},
        )

    def refused(self, visit: Visit, error: CasefileError) -> Reply:
        return html(self.rendering.refusal(visit, error), visit)


class PageEndpoint:
    """One page as an ASGI application. Everything that waits happens in a thread."""

    def __init__(self, page: Page, front: Front, format_: Format | None = None) -> None:
        self.page = page
        self.action = page.action
        self._front = front
        self._format = format_

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(scope)
        exchange.route = self.page.path
        visit = self._front.visit(scope, self.page, self._format)
        try:
            body = await read(receive, FORM_LIMIT) if scope["method"] == "POST" else b""
        except BodyTooLarge as error:
            await self._front.refused(visit, error).send(send)
            return
        reply = await run_in_threadpool(self._reply, visit, scope["method"], body)
        await reply.send(send)

    def _reply(self, visit: Visit, method: str, body: bytes) -> Reply:
        try:
            if visit.format is not None:
                self._front.gate.admit(visit.exchange, self.page.action)
                return file_reply(self.page, visit, visit.format)
            with reading():
                return self._sent(visit, self._answer(visit, method, body))
        except NotSignedIn as error:
            # Nothing is posted twice: after signing in one starts from the page.
            if method == "POST" or visit.format is not None:
                return self._front.refused(visit, error)
            return found_elsewhere(addressed("/login", [("next", visit.address)]), visit)
        except CasefileError as error:
            return self._front.refused(visit, error)
        except Exception as error:  # noqa: BLE001
            request_id = visit.exchange.request_id
            log.error("request_failed", request_id=request_id, **fault(error))  # noqa: TRY400
            return self._front.refused(visit, Broken())

    def _answer(self, visit: Visit, method: str, body: bytes) -> Answer:
        if method == "POST":
            return self._submitted(visit, body)
        self._front.gate.admit(visit.exchange, self.page.action)
        return self.page.show(visit)

    def _submitted(self, visit: Visit, body: bytes) -> Answer:
        page = self.page
        if page.submit is None:
            raise MethodNotAllowed
        visit.form = form_of(body)
        must_be_our_form(visit)
        self._front.gate.admit(visit.exchange, page.submit_action or page.action)
        return page.submit(visit)

    def _sent(self, visit: Visit, answer: Answer) -> Reply:
        if isinstance(answer, Redirect):
            return found_elsewhere(answer.to, visit)
        if isinstance(answer, Drawn):
            return drawn(answer)
        return html(self._front.rendering.page(visit, answer), visit)


def form_of(body: bytes) -> list[tuple[str, str]]:
    """What a form sent; names and values in UTF-8, as our pages say."""
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise OutsideForm from None
