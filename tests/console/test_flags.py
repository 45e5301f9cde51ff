"""An inspector finds the crammer of a demo county, asks, is answered, and somebody else decides."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from services.casefile.api.app import create_app
from services.casefile.api.tokens import Holder, Tokens, digest_of
from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.composition import read_models
from services.casefile.console.app import add_console
from services.casefile.demo.calendar import Calendar
from services.casefile.demo.events import Encoder
from services.casefile.demo.generating import generate
from services.casefile.demo.loading import Loader
from services.casefile.demo.names import FORGED_NOTE
from services.casefile.following import Following, Upkeep
from services.casefile.readmodels.pages import open_pool
from tests.console.asking import Somebody, hidden, text_of
from tests.console.county import HOLDERS, product, said, token
from tests.servers import Database, Template

CHILDREN, SEED = 120, 2026
TODAY = day_in_china(system_clock())
ANNOUNCED = Calendar(TODAY).inspections[-1]
ASKED = f"since={TODAY - timedelta(365)}&until={TODAY}&announced_on={ANNOUNCED}"


@pytest.fixture(scope="module")
def crammer() -> str:
    """Whoever of the county crams, and has the most to cram."""
    [block] = generate(SEED, CHILDREN, TODAY)
    workers = [line.worker for stream in block.streams for line in stream]
    crammers = [w.staff for w in workers if w.character == "cramming"]
    return max(set(crammers), key=crammers.count)


@pytest.fixture(scope="module")
def app(template: Template, tmp_path_factory: Any, crammer: str) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("flags")
    with template.clone() as database, closing(product(database, folder)) as built:
        loader = Loader(Encoder(built.catalogue, built.mapper), built.keyring, built.identities)
        loader.load(database.owner, SEED, CHILDREN, TODAY, said)
        follow(built, database)
        mine = Holder("teacher", crammer, "class_teacher", "c000-t01-sch")
        held = Tokens({digest_of(token(n)): h for n, h in (HOLDERS | {"crammer": mine}).items()})
        with open_pool(database.app) as pool:
            made = create_app(built, held, pool=pool)
            add_console(made, built, pool, held, Path(folder) / "session.key")
            made.state.follow = lambda: follow(built, database)
            yield made


def follow(built: Any, database: Database) -> None:
    every = read_models(built)
    Upkeep(database.app, built.recorder, built.mapper, every).prepare()
    with closing(Following(database.app, built.recorder, built.mapper, every)) as following:
        following.catch_up()


def raised(app: FastAPI, crammer: str) -> str:
    """The address of a flag that an inspector raised."""
    inspector = Somebody(app, "inspector")
    page = f"/backfill/{crammer}?{ASKED}"
    form = {
        "record_id": hidden(inspector.read(page), "record_id"),
        "rules": ["late_share", "surge"],
        "question": "请说明检查前集中录入的原因",
        "answer_by": str(TODAY + timedelta(10)),
    }
    answer = inspector.send(page, form)
    assert answer.status_code == 303, text_of(answer.text)
    app.state.follow()
    return str(answer.headers["location"]).partition("?")[0]


def test_the_crammer_stands_first_on_the_panel_and_it_says_why(app: FastAPI, crammer: str) -> None:
    page = Somebody(app, "inspector").read(f"/backfill?{ASKED}&outcome=worth_asking")

    asked = re.findall(r'<a href="/backfill/([\w-]+)\?', page)
    assert crammer in asked
    assert "条记录中有" in text_of(page)
    assert "不作结论" in text_of(page)


def test_a_flag_is_asked_answered_and_decided_by_three_people(app: FastAPI, crammer: str) -> None:
    flag = raised(app, crammer)
    mine, county, inspector = (Somebody(app, n) for n in ("crammer", "county", "inspector"))

    page = mine.read(flag)
    answer = {"step": "explain", "explanation": "网络中断,照登记本补录"}
    mine.send(flag, answer | {"record_id": hidden(page, "record_id")})
    verdict = {"step": "decide", "outcome": "upheld", "reason": "登记本对不上"}
    own = inspector.send(flag, verdict | {"record_id": str(uuid4())})
    decided = county.send(flag, verdict | {"record_id": str(uuid4())})
    app.state.follow()

    assert "请说明检查前集中录入的原因" in page
    assert own.status_code == 409
    assert "提出疑点的人不得认定该疑点" in own.text
    assert decided.status_code == 303
    shown = text_of(mine.read(flag))
    assert all(text in shown for text in ("网络中断,照登记本补录", "登记本对不上", "属实"))
    assert flag in mine.read("/flags?state=upheld")


def test_a_form_that_is_refused_keeps_what_was_typed(app: FastAPI, crammer: str) -> None:
    inspector = Somebody(app, "inspector")
    page = f"/backfill/{crammer}?{ASKED}"
    form = {"question": "为什么", "answer_by": str(TODAY), "rules": "surge"}

    answer = inspector.send(page, form | {"record_id": str(uuid4())})

    assert answer.status_code == 422
    assert "为什么" in answer.text
    assert "至少留三天时间说明" in answer.text


def test_a_question_that_is_sent_twice_is_asked_once(app: FastAPI, crammer: str) -> None:
    inspector = Somebody(app, "inspector")
    page = f"/backfill/{crammer}?{ASKED}"
    read = inspector.read(page)
    form = {"record_id": hidden(read, "record_id"), "rules": "late_share"}
    form |= {"question": "为什么", "answer_by": str(TODAY + timedelta(10))}

    first = inspector.send(page, form)
    app.state.follow()
    second = inspector.send(page, form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]


def test_a_question_that_is_refused_keeps_what_was_ticked(app: FastAPI, crammer: str) -> None:
    inspector = Somebody(app, "inspector")
    page = f"/backfill/{crammer}?{ASKED}"
    form = {"record_id": str(uuid4()), "rules": "surge", "answer_by": str(TODAY)}

    answer = inspector.send(page, form)

    ticked = re.findall(r'name="rules" value="(\w+)" checked', answer.text)
    assert ticked == ["surge"]


def test_others_see_neither_the_panel_nor_the_flag(app: FastAPI, crammer: str) -> None:
    flag = raised(app, crammer)
    teacher = Somebody(app, "teacher")

    assert teacher.get(f"/backfill?{ASKED}").status_code == 403
    assert teacher.get(flag).status_code == 403
    assert crammer not in teacher.read("/flags")


def test_the_crammer_s_notes_are_copies_and_are_not_shown(app: FastAPI, crammer: str) -> None:
    asked = {"staff": crammer, "since": str(TODAY - timedelta(365)), "until": str(TODAY)}
    inspector = {"authorization": f"Bearer {token('inspector')}"}
    client = TestClient(app)

    answer = client.get("/v1/backfill/narratives", params=asked, headers=inspector)

    found = answer.json()
    assert found["signal"]["part"] > found["signal"]["whole"] / 2
    assert found["signal"]["base"] < 0.05
    assert FORGED_NOTE[:4] not in answer.text
    page = Somebody(app, "inspector").read(f"/backfill/{crammer}?{ASKED}&notes=compare")
    assert "段文字中有" in text_of(page)
    assert FORGED_NOTE[:4] not in page
    teacher = {"authorization": f"Bearer {token('teacher')}"}
    assert client.get("/v1/backfill/narratives", params=asked, headers=teacher).status_code == 403


def test_the_panel_is_a_file_too(app: FastAPI, crammer: str) -> None:
    answer = Somebody(app, "inspector").get(f"/backfill.csv?{ASKED}")

    assert answer.status_code == 200
    assert crammer in answer.text


def test_a_day_before_the_first_event_is_an_empty_panel(app: FastAPI) -> None:
    page = Somebody(app, "inspector").read("/backfill?since=2001-01-01&until=2001-02-01")

    assert "没有内容。" in text_of(page)
    assert date(2001, 1, 1).isoformat() in page
