"""The places and the people who work there, block by block: one county for each 250 children."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Literal

Character = Literal["honest", "lazy", "cramming"]
SINCE = date(2019, 9, 1)
TOWNSHIPS = (
    "青石镇", "柳湾镇", "麦田镇", "竹溪镇", "枫桥镇", "白鹭镇", "星河镇",
    "云岭乡", "高岗乡", "石门乡", "雾谷乡", "松坪乡",
)  # fmt: skip
IN_THE_PLAIN = 7
BIG_SCHOOL_CLASSES = 12


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    kind: str
    parent: str | None
    division: str | None = None


@dataclass(frozen=True)
class Worker:
    staff: str
    role: str
    unit: str
    character: Character = "honest"


@dataclass
class Township:
    """A township with its villages, its school and who works there."""

    number: int
    code: str
    is_mountain: bool
    supervisor: Worker
    villages: list[tuple[str, Worker]] = field(default_factory=list)
    school: str = ""
    classes: list[tuple[str, int, Worker]] = field(default_factory=list)


@dataclass
class County:
    """One block: places, staff, townships."""

    number: int
    code: str
    officer: Worker
    units: list[Unit]
    staff: list[Worker]
    townships: list[Township]


def county(number: int, random: Random) -> County:
    code = f"c{number:03d}"
    officer = Worker(f"{code}-o1", "county_civil_affairs", code)
    made = County(number, code, officer, [], [officer], [])
    name = "禾苗县(虚构)" if number == 0 else f"禾苗{number + 1}县(虚构)"
    made.units.append(Unit(code, name, "county", None, "990100"))
    for place, township_name in enumerate(TOWNSHIPS):
        made.townships.append(_township(made, place, township_name, random))
    if number == 0:
        _demo_staff(made)
    return made


def _township(made: County, place: int, name: str, random: Random) -> Township:
    code = f"{made.code}-t{place + 1:02d}"
    made.units.append(Unit(code, name, "township", made.code, f"990100{place + 100:03d}"))
    supervisor = Worker(f"{code}-s", "child_supervisor", code)
    made.staff.append(supervisor)
    township = Township(place + 1, code, place >= IN_THE_PLAIN, supervisor)
    for village in range(2):
        _village(made, township, name[:2], village, random)
    _school(made, township, name, random)
    return township


def _village(made: County, township: Township, name: str, place: int, random: Random) -> None:
    code = f"{township.code}-v{place + 1}"
    made.units.append(Unit(code, f"{name}{'东西'[place]}村", "village", township.code))
    director = Worker(f"{code}-d", "child_director", code, _character(random))
    made.staff.append(director)
    township.villages.append((code, director))


def _school(made: County, township: Township, name: str, random: Random) -> None:
    township.school = f"{township.code}-sch"
    made.units.append(Unit(township.school, f"{name}中心学校", "school", township.code))
    made.staff.append(Worker(f"{township.school}-l", "school_lead", township.school))
    count = BIG_SCHOOL_CLASSES if township.number == 1 else 2
    for place in range(count):
        grade = place % 6 + 1 if count > 2 else place * 3 + 2
        code = f"{township.school}-{place + 1:02d}"
        made.units.append(Unit(code, f"{grade}年级{place // 6 + 1}班", "class", township.school))
        teacher = Worker(f"{code}-t", "class_teacher", code, _character(random))
        made.staff.append(teacher)
        township.classes.append((code, grade, teacher))


def _character(random: Random) -> Character:
    drawn = random.random()
    return "honest" if drawn < 0.75 else "lazy" if drawn < 0.90 else "cramming"


def _demo_staff(made: County) -> None:
    """Those whom the demo tokens stand for."""
    first = made.townships[0]
    made.staff += [
        Worker("t-demo", "class_teacher", first.classes[0][0]),
        Worker("d-demo", "child_director", first.villages[0][0]),
        Worker("s-demo", "child_supervisor", first.code),
        Worker("c-demo", "county_civil_affairs", made.code),
        Worker("i-demo", "inspector", made.code),
        Worker("o-demo", "records_officer", made.code),
    ]
