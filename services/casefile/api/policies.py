"""Policies over HTTP: read, checked, adopted and withdrawn; JSON or the YAML an office writes."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.casefile.api.answering import answered
from services.casefile.api.asked import AskedPolicies, AskedPolicy
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import JSON, Place, answer_receipt
from services.casefile.api.policy_bodies import context_of, document
from services.casefile.api.policy_faults import FaultOfPolicy, faults_told
from services.casefile.api.problems import Answer
from services.casefile.application.casefile import Casefile
from services.casefile.application.clock import day_in_china
from services.casefile.application.submissions import typed
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.envelope import PublicId
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.history.rulebook import PolicyNotFound, RulebookReader
from services.casefile.history.rulebook_rows import PolicyDetail, PolicyVersion
from services.casefile.policies.faults import Fault, PolicyNotUsable
from services.casefile.policies.reading import PolicyDocument

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
Held = tuple[str, int]


class PolicyPage(msgspec.Struct, frozen=True):
    """A page of the versions of all policies, and the cursor of the next one."""

    rows: list[PolicyVersion]
    next: str | None


class PolicyChecked(msgspec.Struct, frozen=True):
    """What is wrong with a policy, line by line. Nothing was stored."""

    usable: bool
    faults: list[FaultOfPolicy]


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last day a policy asks for anything, and who approved of its end."""

    last_day: date
    approved_by: PublicId


class Policies:
    """Reads for everybody who is signed in; commands for who makes the rules."""

    def __init__(
        self,
        casefile: Casefile,
        reader: RulebookReader,
        faults: Callable[[PolicyDocument], list[Fault]],
        now: Callable[[], datetime],
    ) -> None:
        self._casefile = casefile
        self._reader = reader
        self._faults = faults
        self._now = now

    def versions(self, request: Request, asked: Annotated[AskedPolicies, Query()]) -> Response:
        """List the policies, every version with the days it holds."""
        question = repr(("/v1/policies", pairs(asked, "limit")))
        place = after(asked.cursor, question, Held)
        on = asked.on
        found = [v for v in self._reader.versions() if on is None or v.holds_on(on)]
        rest = [v for v in found if place is None or (v.policy, v.version) > place]
        page = rest[: asked.limit]
        more = len(rest) > len(page)
        following = cursor((page[-1].policy, page[-1].version), question) if more else None
        link = next_link(request.url.path, pairs(asked), following)
        return answered(PolicyPage(page, following), link)

    def policy(self, policy: str, asked: Annotated[AskedPolicy, Query()]) -> Response:
        """Show a policy: its versions, which is in force on a day, and the document."""
        if CODE.fullmatch(policy) is None:
            raise PolicyNotFound
        on = asked.on or day_in_china(self._now())
        return answered(self._reader.policy(policy, on, asked.version))

    def check(self, call: Call) -> Answer:
        """Every fault with its line; nothing is stored."""
        try:
            faults = self._faults(document(call))
        except PolicyNotUsable as refused:
            faults = list(refused.faults)
        told = faults_told(faults, call.exchange.labels)
        return Answer(200, msgspec.json.encode(PolicyChecked(not told, told)), [JSON])

    def adopt(self, call: Call) -> Answer:
        read = document(call)
        if faults := self._faults(read):
            raise PolicyNotUsable(faults)
        receipt = self._casefile.adopt_policy(read.policy, context_of(call))
        return answer_receipt(receipt, Place("policy", read.policy.policy))

    def withdraw(self, call: Call) -> Answer:
        code = call.params["policy"]
        if CODE.fullmatch(code) is None:
            raise PolicyNotFound
        asked: Withdrawal = typed(call.data, Withdrawal)
        receipt = self._casefile.withdraw_policy(
            code, asked.last_day, asked.approved_by, call.context(RULEBOOK)
        )
        return answer_receipt(receipt, Place("policy", code))

    def operations(self) -> list[Operation]:
        media = ("application/yaml",)
        return [
            Operation(
                "/v1/policies", "adopt_policy", self.adopt, "Adopt a policy", "policies",
                body=Policy, media=media,
            ),
            Operation(
                "/v1/policies/check", "adopt_policy", self.check, "Check a policy", "policies",
                body=Policy, result=PolicyChecked, media=media,
                statuses=(400, 401, 403, 413, 415, 422, 503),
            ),
            Operation(
                "/v1/policies/{policy}/withdraw", "adopt_policy", self.withdraw,
                "Withdraw a policy", "policies", body=Withdrawal,
            ),
        ]  # fmt: skip

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["policies"], redirect_slashes=False)
        add = partial(documented, router, admission=Admission(gate, "read_rulebook"))
        add("/v1/policies", self.versions, shape=PolicyPage, errors=(400, 503))
        add("/v1/policies/{policy}", self.policy, shape=PolicyDetail, errors=(404, 503))
        return router
