# ruff: noqa: INP001
"""Writes the sample ledger of this folder. The places, people, numbers and events are invented.

python docs/examples/make_ledger.py
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from services.casefile.domain.catalogue import catalogue
from services.casefile.importing.forms import forms
from services.casefile.importing.headings import heading
from services.casefile.importing.template import as_people_write, write_template
from services.casefile.labels import labels

HERE = Path(__file__).parent
Row = dict[str, Any]

SINCE = date(2020, 9, 1)
TERM = date(2026, 9, 1)
UNITS = (
    ("yx", "云溪县（虚构）", "county", None, "990100"),
    ("yx-lx", "落霞镇（虚构）", "township", "yx", "990101"),
    ("yx-lx-v1", "望江村（虚构）", "village", "yx-lx", None),
    ("yx-lx-v2", "石桥村（虚构）", "village", "yx-lx", None),
    ("yx-lx-s", "落霞镇中心小学（虚构）", "school", "yx-lx", None),
    ("yx-lx-s-31", "三(1)班", "class", "yx-lx-s", None),
    ("yx-lx-s-52", "五(2)班", "class", "yx-lx-s", None),
)
STAFF = (
    ("yx-t-31", "云朵老师", "class_teacher", "yx-lx-s-31"),
    ("yx-t-52", "星河老师", "class_teacher", "yx-lx-s-52"),
    ("yx-d-1", "望江主任", "child_director", "yx-lx-v1"),
    ("yx-d-2", "石桥主任", "child_director", "yx-lx-v2"),
    ("yx-s-1", "落霞督导", "child_supervisor", "yx-lx"),
)
NAMES = ("云小甲", "云小乙", "云小丙", "云小丁", "云小戊", "云小己", "云小庚", "云小辛", "云小壬",
         "云小癸", "云小子", "云小丑")  # fmt: skip
RESIDENT_IDS = {0: "990101201703021222", 7: "990101201503091234"}
TALKED_ABOUT = (
    "学习有进步，字写得工整。",
    "想念父母，约好周日通话。",
    "和同桌和好了。",
    "夜里睡得不踏实。",
)


def register_no(child: int) -> str:
    return f"G99010100000000{child + 1:04d}"


def born_on(child: int) -> date:
    return date(2017 if child < 6 else 2015, 3, 2 + child)


def teacher(child: int) -> str:
    return "yx-t-31" if child < 6 else "yx-t-52"


def director(child: int) -> str:
    return f"yx-d-{child % 2 + 1}"


def of(child: int, day: date, staff: str, **fields: Any) -> Row:
    return {
        "child.school_register_no": register_no(child),
        "child.name": NAMES[child],
        "occurred_on": day,
        "performed_by": staff,
        **fields,
    }


def units() -> Iterator[Row]:
    for code, name, kind, parent, division in UNITS:
        row = {"code": code, "unit_name": name, "unit_kind": kind, "valid_from": SINCE}
        yield row | {k: v for k, v in (("parent", parent), ("division", division)) if v}


def staff() -> Iterator[Row]:
    for code, name, role, unit in STAFF:
        row = {"staff": code, "directory.name": name, "role": role, "unit": unit}
        yield row | {"starts_on": SINCE}


def roster() -> Iterator[Row]:
    for child, name in enumerate(NAMES):
        row = {
            "name": name,
            "sex": "female" if child % 2 == 0 else "male",
            "birth_date": born_on(child),
            "population": "both" if child == 3 else "left_behind",
            "village": f"yx-lx-v{child % 2 + 1}",
            "school": "yx-lx-s",
            "class_unit": "yx-lx-s-31" if child < 6 else "yx-lx-s-52",
            "grade": 3 if child < 6 else 5,
            "school_register_no": register_no(child),
            "occurred_on": TERM,
        }
        yield row | ({"resident_id": RESIDENT_IDS[child]} if child in RESIDENT_IDS else {})


def contact_cards() -> Iterator[Row]:
    for child in range(len(NAMES)):
        yield of(
            child,
            TERM + timedelta(2),
            teacher(child),
            **{
                "verified_with": ["guardian"],
                "outcome": "first",
                "father.phone": f"1380000{child:04d}",
                "father.work_place": "海城（虚构）",
                "guardian.name": f"{NAMES[child][:2]}奶奶",
                "guardian.relation": "paternal_grandmother",
            },
        )


def talks() -> Iterator[Row]:
    for child in range(len(NAMES)):
        for month in (9, 10):
            if (child, month) == (4, 10):
                continue
            yield of(
                child,
                date(2026, month, 8 + child),
                teacher(child),
                place="school",
                minutes=15 + child,
                mood="low" if child == 3 else "calm",
                note=TALKED_ABOUT[(child + month) % len(TALKED_ABOUT)],
                **{"domains.study": "作业按时完成"},
            )


def visits() -> Iterator[Row]:
    for child in range(0, len(NAMES), 2):
        yield of(
            child,
            date(2026, 10, 10) + timedelta(child),
            director(child),
            met=["child", "guardian"],
            living="fair",
            hazards=["water"] if child == 2 else [],
            note="家中整洁，奶奶身体尚好。",
        )


def attempts() -> Iterator[Row]:
    yield of(5, date(2026, 10, 17), director(5), reason="nobody_home", left_word=True)


def calls() -> Iterator[Row]:
    for child in range(len(NAMES)):
        connected = child != 4
        row = of(
            child,
            date(2026, 10, 11),
            teacher(child),
            mode="video",
            connected=connected,
            initiated_by="child",
            parties=["child", "mother"],
        )
        yield row | ({"minutes": 12} if connected else {})


def filled() -> dict[str, list[Row]]:
    scheme = {"scheme": "hardship_relief"}
    return {
        "unit_registration": list(units()),
        "staff_registration": list(staff()),
        "opening": list(roster()),
        "contact_card": list(contact_cards()),
        "talk": list(talks()),
        "home_visit": [{k: v for k, v in row.items() if v != []} for row in visits()],
        "home_visit_attempt": list(attempts()),
        "family_call": list(calls()),
        "parent_absence": [
            of(c, TERM + timedelta(2), teacher(c), parents=["father", "mother"], movement="away",
               away_since=date(2026, 2, 20), work="manufacturing")
            for c in range(len(NAMES))
        ],
        "boarding": [of(c, TERM, teacher(c), boarding="boarding", goes_home="weekly") for c in (1, 3)],
        "health_check": [
            of(c, date(2026, 9, 18), teacher(c), provider="township_hospital", abnormal=False,
               height_mm=1_260 + 10 * c, weight_g=26_000 + 500 * c)
            for c in range(len(NAMES))
        ],
        "enrolment": [of(3, TERM, director(3), **scheme, starts_on=TERM, rate_fen=45_000)],
        "disbursement": [
            of(3, date(2026, m, 10), director(3), **scheme, amount_fen=45_000, payee="guardian")
            for m in (9, 10)
        ],
        "grant": [
            of(8, date(2026, 9, 20), "yx-s-1", scheme="sponsorship", amount_fen=120_000,
               rhythm="once", payer="enterprise", starts_on=date(2026, 9, 20),
               **{"uses.1.purpose": "books", "uses.1.fen": 80_000})
        ],
        "in_kind_aid": [
            of(8, date(2026, 9, 28), "yx-s-1", giver="women_federation", occasion="mid_autumn",
               **{"items.1.goods": "schoolbag", "items.2.goods": "books", "items.2.count": 5})
        ],
        "academic_result": [
            of(c, date(2026, 10, 30), teacher(c), term="2026-2027-1", exam="mid_term",
               attainment="good" if c % 3 else "excellent",
               **{"subjects.1.subject": "chinese", "subjects.1.mark": 80.5 + c})
            for c in range(len(NAMES))
        ],
    }  # fmt: skip


def write_text(path: Path, slug: str, rows: list[Row]) -> None:
    """One sheet as text, with a mark at the start that tells spreadsheets it is UTF-8."""
    form, words = forms(catalogue())[slug], labels("zh")
    used = [c for c in form.shown if any(c.path in row for row in rows)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([heading(column, words) for column in used])
        for row in rows:
            cells = (row.get(c.path) for c in used)
            pairs = zip(cells, used, strict=True)
            writer.writerow(["" if v is None else as_people_write(v, c, "zh") for v, c in pairs])


def main(folder: Path = HERE) -> None:
    rows = filled()
    write_template(folder / "ledger-2026-autumn.xlsx", catalogue(), "zh", rows)
    write_text(folder / "talk.csv", "talk", rows["talk"])


if __name__ == "__main__":
    main()
