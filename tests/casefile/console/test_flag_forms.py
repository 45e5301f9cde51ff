"""The forms of a flag: one event however often they are sent, and nothing decided unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from uuid import UUID

import pytest

from services.casefile.composition import Parts
from services.casefile.domain.stream_ids import staff_stream
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Form, Page
from tests.casefile.inspected import inspector
from tests.casefile.world import actor, context

In = Callable[[str], Person]
WORKER = "t-101"


class Raised(NamedTuple):
    """A question to the teacher."""

    flag: UUID

    @property
    def page(self) -> str:
        return f"/flags/{WORKER}/{self.flag}"


@pytest.fixture
def raised(product: Parts) -> Raised:
    return flag(product)


def flag(product: Parts) -> Raised:
    signal = {"rule": "late_share", "odd": 12, "whole": 40, "base": 0.04, "peers": 31}
    body = {
        "occurred_on": "2026-11-20", "since": "2026-09-01", "until": "2026-11-20",
        "signals": [signal], "panel_position": 1, "answer_by": "2026-11-30",
    }  # fmt: skip
    return Raised(product.casefile.record_staff(WORKER, "flag", body, inspector()).record_id)


def explain(product: Parts, raised: Raised) -> None:
    body = {"occurred_on": "2026-11-20", "flag": str(raised.flag), "explanation": "停电补录"}
    product.casefile.record_staff(WORKER, "flag_explanation", body, context())


def decide(product: Parts, raised: Raised) -> None:
    body = {"occurred_on": "2026-11-20", "flag": str(raised.flag)}
    other = context(actor=actor("county", "c-409", "county_officer"))
    verdict = body | {"outcome": "dismissed", "reason": "已核对"}
    product.casefile.record_staff(WORKER, "flag_decision", verdict, other)


def kinds(product: Parts, raised: Raised) -> list[str]:
    """What was said of this flag."""
    entries = product.history.entries(staff_stream(WORKER))
    return [e.kind.slug for e in entries if getattr(e.rec, "flag", None) == raised.flag]


def form_of(who: Person, raised: Raised) -> Form:
    return who.page(raised.page).form(raised.page)


@pytest.mark.parametrize(
    ("role", "typed", "kind"),
    [
        ("teacher", {"explanation": "停电补录"}, "flag_explanation"),
        ("county", {"outcome": "dismissed", "reason": "已核对"}, "flag_decision"),
    ],
)
def test_a_form_sent_twice_is_one_event_and_one_answer(
    sign_in: In, product: Parts, raised: Raised, role: str, typed: dict[str, str], kind: str
):
    who = sign_in(role)
    form = form_of(who, raised)

    first, second = who.resend(form, **typed), who.resend(form, **typed)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert kinds(product, raised) == [kind]


def test_a_double_click_is_one_event(sign_in: In, product: Parts, raised: Raised):
    who = sign_in("county")
    form = form_of(who, raised)
    typed = {"outcome": "dismissed", "reason": "已核对"}

    with ThreadPoolExecutor(2) as threads:
        clicks = [threads.submit(who.resend, form, **typed) for _ in range(2)]
        answers = [click.result() for click in clicks]

    assert [a.status_code for a in answers] == [303, 303]
    assert kinds(product, raised) == ["flag_decision"]


def test_a_flag_that_somebody_decided_meanwhile_says_what_to_do_and_keeps_what_was_typed(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("teacher")
    form = form_of(who, raised)
    decide(product, raised)

    answer = who.resend(form, explanation="停电补录")

    assert answer.status_code == 409
    assert "该疑点已经认定。 请查看认定结果" in Page(answer.text).text
    assert "已核对" in answer.text
    assert "停电补录</textarea>" in answer.text
    assert kinds(product, raised) == ["flag_decision"]


def test_a_decision_made_before_the_answer_was_read_asks_again(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("county")
    form = form_of(who, raised)
    explain(product, raised)

    stale = who.resend(form, outcome="upheld", reason="登记本对不上")
    again = Page(stale.text)
    answer = who.resend(again.form(raised.page))

    assert stale.status_code == 412
    assert "您打开这张表之后，又有新的登记" in again.text
    assert "停电补录" in again.text
    assert again.form(raised.page).value("reason") == "登记本对不上"
    assert again.form(raised.page).value("outcome") == "upheld"
    assert answer.status_code == 303


def test_what_is_said_of_another_flag_does_not_stop_a_decision(
    sign_in: In, product: Parts, raised: Raised
):
    who = sign_in("county")
    form = form_of(who, raised)
    explain(product, flag(product))

    answer = who.resend(form, outcome="dismissed", reason="已核对")

    assert answer.status_code == 303


def test_whoever_asked_is_told_why_she_does_not_decide(sign_in: In, product: Parts, raised: Raised):
    form = form_of(sign_in("county"), raised)
    who = sign_in("inspector")
    mine = next(filter(None, (f.value("form_token") for f in who.page("/find").forms)))

    answer = who.resend(form, outcome="upheld", reason="属实", form_token=mine)

    assert answer.status_code == 409
    assert "提出疑点的人不得认定该疑点" in answer.text
    assert "属实</textarea>" in answer.text
    assert kinds(product, raised) == []


def test_a_form_from_elsewhere_is_refused(sign_in: In, product: Parts, raised: Raised):
    who = sign_in("county")
    form = form_of(who, raised)
    pairs = dict(form.pairs(outcome="dismissed", reason="已核对"))

    foreign = who.client.post(
        form.action, data=pairs, headers={"origin": "http://elsewhere.example"}
    )
    tokenless = who.resend(form, outcome="dismissed", reason="已核对", form_token="0")

    assert (foreign.status_code, tokenless.status_code) == (403, 403)
    assert kinds(product, raised) == []
