"""A small invented county to look at in a browser: its past, its misses, one file with everything."""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.casefile.api.tokens import Holder, Tokens, digest_of
from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.application.context import Actor, Context
from services.casefile.composition import Parts, every_read_model
from services.casefile.demo.events import Encoder
from services.casefile.demo.loading import Loader
from services.casefile.following import Following, Upkeep, Whereabouts
from services.casefile.readmodels.pages import open_pool
from services.casefile.sweeping.clock import CONTEXT, Board, Clockwork
from services.casefile.sweeping.sweeper import Sweeper
from tests.casefile.world import parts
from tests.console.inspected import inspected
from tests.servers import Database

CHILDREN, SEED = 14, 2026
MARKUP = "<script>alert('x')</script> =1+1 & \"引号\""
HOLDERS = {
    "teacher": Holder("teacher", "c000-t01-sch-01-t", "class_teacher", "c000-t01-sch-01"),
    "child_director": Holder("child_director", "c000-t01-v1-d", "child_director", "c000-t01-v1"),
    "supervisor": Holder("supervisor", "c000-t01-s", "child_supervisor", "c000-t01"),
    "county": Holder("county", "c-demo", "county_civil_affairs", "c000"),
    "inspector": Holder("inspector", "i-demo", "inspector", "c000"),
    "operator": Holder("operator", "o-demo", "records_officer", "c000"),
}


@dataclass(frozen=True)
class County:
    """What tests want to know of it."""

    case_id: UUID
    talk: UUID
    annulled: UUID
    name: str
    inspection: UUID
    finding: UUID
    flag: UUID


def token(role: str) -> str:
    return f"token-of-{role}"


def tokens() -> Tokens:
    return Tokens({digest_of(token(role)): holder for role, holder in HOLDERS.items()})


def product(database: Database, folder: Path) -> Parts:
    """Wired as in life: what is due depends on the day, and the demo ends today."""
    return parts(database, folder, clock=system_clock)


def settled(database: Database, folder: Path) -> County:
    """Fill the log, let the clock declare what was missed, and let every list catch up."""
    with closing(product(database, folder)) as built:
        loader = Loader(Encoder(built.catalogue, built.mapper), built.keyring, built.identities)
        loader.load(database.owner, SEED, CHILDREN, day_in_china(system_clock()), said)
        county = one_file(built)
        follow(built, database)
        return county


def follow(built: Parts, database: Database) -> None:
    models = every_read_model(built)
    Upkeep(database.app, built.recorder, built.mapper, models).prepare()
    year = built.clock().year
    built.casefile.load_official_days((year, year + 1), CONTEXT)
    following = Following(database.app, built.recorder, built.mapper, models)
    with open_pool(database.app, size=2) as pool:
        board = Board(built.recorder, following, Whereabouts(pool))
        with closing(board):
            clock = Clockwork(built, board, Sweeper(built, database.app), is_trusted=True)
            clock.once(said)
            following.catch_up()


def one_file(built: Parts) -> County:
    """A girl with a talk that was put right, one that was annulled, and markup in a note."""
    today, at = day_in_china(system_clock()), actor("teacher")
    name = "禾小满"
    body = {
        "occurred_on": str(today - timedelta(30)), "name": name, "sex": "female",
        "birth_date": "2016-05-04", "population": "left_behind", "school": "c000-t01-sch",
        "class_unit": "c000-t01-sch-01", "grade": 4, "late_reason": "学期初集中建档",
    }  # fmt: skip
    case_id = built.casefile.open_case(body, at).case_id
    talk = record(built, case_id, "talk", place="school", mood="low", note=MARKUP)
    correct = {"occurred_on": str(today), "target": str(talk), "changes": {"mood": "calm"}}
    built.casefile.correct(case_id, correct | {"reason": "选错了一项"}, at)
    other = record(built, case_id, "talk", place="home", mood="angry")
    annul = {"occurred_on": str(today), "target": str(other), "ground": "entered_twice"}
    built.casefile.annul(case_id, annul | {"reason": "重复登记"}, at)
    seen = inspected(built, case_id, talk, actor("inspector"), at)
    return County(case_id, talk, other, name, *seen, flagged(built))


def flagged(built: Parts) -> UUID:
    """A question to the teacher, which waits for an answer."""
    today, staff = day_in_china(system_clock()), HOLDERS["teacher"].staff
    signal = {"rule": "late_share", "odd": 12, "whole": 40, "base": 0.04, "peers": 31, "days": 15}
    body = {
        "occurred_on": str(today), "since": str(today - timedelta(365)), "until": str(today),
        "signals": [signal], "panel_position": 1, "answer_by": str(today + timedelta(10)),
        "question": MARKUP,
    }  # fmt: skip
    return built.casefile.record_staff(staff, "flag", body, actor("inspector")).record_id


def record(built: Parts, case_id: UUID, kind: str, **fields: Any) -> UUID:
    record_id, today = uuid4(), day_in_china(system_clock())
    body = {"record_id": str(record_id), "occurred_on": str(today)} | fields
    built.casefile.record(case_id, kind, body, actor("teacher"))
    return record_id


def actor(role: str) -> Context:
    holder = HOLDERS[role]
    author = tokens().actor(f"Bearer {token(role)}")
    assert author is not None
    return Context(actor=Actor(holder.role, author.author), source="web")


def said(done: int, total: int) -> None:
    """Nobody watches."""
