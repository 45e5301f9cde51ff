"""Invented lives: every kind of record that a read model looks at, in no orderly order."""

from random import Random
from typing import Any
from uuid import UUID

from services.casefile.application.submissions import NotOfItsForm
from services.casefile.domain.refusals import Invalid, Refused
from tests.casefile.following.county import County
from tests.casefile.world import open_child

GRANT = {
    "scheme": "sponsorship",
    "amount_fen": 120_000,
    "rhythm": "yearly",
    "payer": "foundation",
    "starts_on": "2026-09-01",
}


def live(world: County, children: int, records: int, seed: int) -> list[UUID]:
    """Children with records, corrected and annulled here and there; refusals are passed over."""
    chance = Random(seed)
    cases = [open_child(world.parts, name=f"禾苗{n}") for n in range(children)]
    made: dict[UUID, list[tuple[str, UUID]]] = {case: [] for case in cases}
    for _ in range(records):
        case = chance.choice(cases)
        try:
            happen(world, chance, case, made[case])
        except NotOfItsForm:
            raise
        except (Refused, Invalid):
            continue
    return cases


def happen(world: County, chance: Random, case: UUID, made: list[tuple[str, UUID]]) -> None:
    on = f"2026-{chance.choice(('09', '10', '11'))}-{chance.randint(2, 19):02}"
    if made and chance.random() < 0.2:
        amend(world, chance, case, chance.choice(made), on)
        return
    slug, fields = chance.choice(kinds(chance, made))
    made.append((slug, world.record(case, slug, on, **fields)))


def amend(world: County, chance: Random, case: UUID, target: tuple[str, UUID], on: str) -> None:
    if chance.random() < 0.5:
        world.annul(case, target[1])
    else:
        world.correct(case, target[1], occurred_on=on)


def kinds(chance: Random, made: list[tuple[str, UUID]]) -> list[tuple[str, dict[str, Any]]]:
    found = [
        ("talk", {"mood": chance.choice(("calm", "low"))}),
        ("home_visit", {"met": ["guardian"]}),
        ("family_call", call(connected=chance.random() < 0.5)),
        ("worker", {"role": "class_teacher", "staff": chance.choice(("t-101", "t-102"))}),
        ("pairing", {"pairing_kind": "teacher", "mentor": chance.choice(("t-101", "t-102"))}),
        ("care_level", {"level": chance.choice(("universal", "key"))}),
        ("difficulty", {"categories": chance.sample(["illness", "orphan", "other"], 2)}),
        ("transfer", {"reason": "moved", "school": chance.choice(("school-1", "school-2"))}),
        ("grant", GRANT),
        ("in_kind_aid", {"items": [{"goods": "books", "value_fen": 500}], "giver": "school"}),
        ("closure", {"reason": "moved_away"}),
        ("reopening", {"reason": "又回来了"}),
    ]
    return found + follow_ups(chance, made)


def follow_ups(chance: Random, made: list[tuple[str, UUID]]) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for slug, record_id in made:
        if slug == "grant":
            about = {"scheme": "sponsorship", "grant": str(record_id)}
            paid = {"amount_fen": chance.randint(1, 9) * 100, "payee": "guardian"}
            found.append(("disbursement", about | paid))
        if slug == "disbursement":
            asked = {"found": chance.choice(("received", "not_received")), "asked": "child"}
            found.append(("delivery_check", asked | {"disbursement": str(record_id)}))
        if slug == "pairing":
            found.append(("pairing_end", {"pairing": str(record_id), "reason": "completed"}))
    return found


def call(*, connected: bool) -> dict[str, Any]:
    said = {"mode": "video", "initiated_by": "child", "parties": ["child", "mother"]}
    return said | {"connected": connected}
