"""Lets a request in: who is calling, and whether they may take the action the route names."""

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from services.casefile.api.access import API, PUBLIC, Action, Resource, decide_access
from services.casefile.api.exchange import Exchange, exchange_of
from services.casefile.api.refusals import NotAllowed, NotSignedIn
from services.casefile.api.tokens import SignIn
from services.casefile.application.context import Actor


class Gate:
    """The one place where decisions about access are asked for, and will be logged."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    def admit(self, exchange: Exchange, action: Action, resource: Resource = API) -> None:
        if exchange.actor is None and action not in PUBLIC:
            exchange.actor = self._sign_in.actor(exchange.header(b"authorization"))
        decision = decide_access(exchange.actor, action, resource)
        if decision.reason == "signed_out":
            raise NotSignedIn
        if not decision.is_allowed:
            raise NotAllowed


class Admission:
    """A route's dependency that names its action. A coroutine, as it never waits."""

    def __init__(self, gate: Gate, action: Action) -> None:
        self._gate = gate
        self.action = action

    async def __call__(self, request: Request) -> None:
        self._gate.admit(exchange_of(request.scope), self.action)


def action_of(route: BaseRoute) -> Action | None:
    """The action a route names; None is a fault that `create_app` refuses."""
    if not isinstance(route, Route):
        return None
    dependant = getattr(route, "dependant", None)
    named = [d.call for d in dependant.dependencies] if dependant else [route.endpoint]
    return next((n.action for n in named if hasattr(n, "action")), None)


def signed_in(exchange: Exchange) -> Actor:
    assert exchange.actor is not None
    return exchange.actor
