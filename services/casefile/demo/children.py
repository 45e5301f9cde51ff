"""Who the children are: exact whole numbers from the sources, spread over the places at random."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from services.casefile.demo.county import County, Township, Worker
from services.casefile.demo.names import Names

BLOCK = 250
# Of 250: 119 in one school, 108 in the mountains, 76 under seven, 144 poor, 247 left behind.
PLACES = {
    ("big_school", False): 119,
    ("plain_school", False): 7,
    ("plain", True): 16,
    ("mountain_school", False): 48,
    ("mountain", True): 60,
}
POOR = 144
NOT_LEFT_BEHIND = 3
GUARDIANS = {"grandparent": 145, "parent_single": 78, "relative_friend": 27}


@dataclass(frozen=True)
class Child:
    """A child as the generator knows her; the log learns of her through events."""

    case_id: UUID
    name: str
    surname: str
    sex: str
    born: date
    resident_id: str
    register_no: str | None
    township: Township
    village: str
    director: Worker
    class_unit: str | None
    grade: int | None
    teacher: Worker | None
    guardian: str
    is_poor: bool
    is_left_behind: bool

    @property
    def worker(self) -> Worker:
        return self.teacher or self.director

    @property
    def population(self) -> str:
        if not self.is_left_behind:
            return "in_difficulty"
        return "both" if self.is_poor else "left_behind"


def shares(quotas: dict[str, int], total: int) -> list[str]:
    """The quotas of 250, for another total: largest remainders, so that it adds up."""
    exact = {name: quota * total / BLOCK for name, quota in quotas.items()}
    counts = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: counts[name] - exact[name])
    for name in by_remainder[: total - sum(counts.values())]:
        counts[name] += 1
    return [name for name, count in counts.items() for _ in range(count)]


def children(block: County, total: int, random: Random, names: Names, today: date) -> list[Child]:
    places = shares({f"{place}|{young}": n for (place, young), n in PLACES.items()}, total)
    poor = shares({"poor": POOR, "": BLOCK - POOR}, total)
    guardians = shares(GUARDIANS, total)
    behind = shares({"": BLOCK - NOT_LEFT_BEHIND, "not": NOT_LEFT_BEHIND}, total)
    for drawn in (places, poor, guardians):
        random.shuffle(drawn)
    # The three who are not left behind are in difficulty, so they come from the poor ones.
    poor_first = sorted(range(total), key=lambda n: poor[n] == "")
    not_behind = set(poor_first[: behind.count("not")])
    return [
        _child(
            block,
            places[n],
            random,
            names,
            today,
            number=n,
            guardian=guardians[n],
            is_poor=poor[n] == "poor",
            is_left_behind=n not in not_behind,
        )
        for n in range(total)
    ]


def _child(
    block: County,
    place: str,
    random: Random,
    names: Names,
    today: date,
    *,
    number: int,
    guardian: str,
    is_poor: bool,
    is_left_behind: bool,
) -> Child:
    where, _, young = place.partition("|")
    township = _township(block, where, random)
    village, director = random.choice(township.villages)
    room = None if young == "True" else random.choice(township.classes)
    born = _born(room[1] if room else None, today, random)
    sex = random.choice(("male", "female"))
    name = names.child()
    return Child(
        case_id=_case_id(random, today),
        name=name,
        surname=name[:2],
        sex=sex,
        born=born,
        resident_id=names.resident_id(township.number, born, sex),
        register_no=f"X9901{block.number:04d}{number:05d}" if room else None,
        township=township,
        village=village,
        director=director,
        class_unit=room[0] if room else None,
        grade=room[1] if room else None,
        teacher=room[2] if room else None,
        guardian=guardian,
        is_poor=is_poor,
        is_left_behind=is_left_behind,
    )


def _township(block: County, where: str, random: Random) -> Township:
    if where == "big_school":
        return block.townships[0]
    is_mountain = where.startswith("mountain")
    rest = [t for t in block.townships[1:] if t.is_mountain == is_mountain]
    return random.choice(rest)


def _born(grade: int | None, today: date, random: Random) -> date:
    """Seven or older with a class, younger than seven (and older than two) without."""
    if grade is None:
        return today - timedelta(days=random.randint(2 * 365 + 200, 7 * 365 - 10))
    years = max(7, grade + 6)
    return today - timedelta(days=int(years * 365.25) + random.randint(5, 355))


def _case_id(random: Random, today: date) -> UUID:
    """A version 7 id from the seed, so that the same seed gives the same county."""
    milliseconds = (today.toordinal() - 719_163 - 540) * 86_400_000 + random.randrange(10**9)
    tail = random.getrandbits(74)
    number = milliseconds << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=number)
