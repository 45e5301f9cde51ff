"""R27: one case for a study, without anybody's name, and only with an approval on file."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.casefile.application.context import Actor
from services.casefile.domain.envelope import Author
from services.casefile.domain.families.export import ExportProduced
from services.casefile.exporting.desk import Wanted
from services.casefile.exporting.rendering import FORMATS, Format
from services.casefile.labels import labels
from services.casefile.reports.asking import Asked
from services.casefile.reports.case_study import CaseStudyNotApproved, code_of
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import INSPECTOR, drawn, row, rows
from tests.casefile.rulebooks.past import OTHER
from tests.casefile.world import context

UNTIL = "2026-12-31"
AS_OF = date(2026, 1, 31)
# Whatever could lead back to her: names, numbers, words, days, staff, units.
PERSONAL = {
    "name": "禾小满", "resident_id": "441900201503011234", "school_register_no": "G4419002015",
    "birth_date": "2015-03-01", "paper_file": "A-2025-017",
}  # fmt: skip
WORDS = {
    "own_words": "想爸爸回来", "concerns": "夜里常哭", "next_step": "请外婆来校",
    "domains": {"study": "作文写了远方", "emotion": "见人就躲"},
}  # fmt: skip
CARD: dict[str, Any] = {
    "child_phone": "13900000017", "home_address": "柳湾村三组九号",
    "guardian": {"name": "禾外婆", "phone": "13900000018", "occupation": "种茶"},
    "mother": {"name": "禾妈妈", "phone": "13900000019", "work_place": "东莞长安镇"},
}  # fmt: skip


@pytest.fixture
def studied(past: Bygone) -> tuple[Bygone, UUID]:
    """A child of whom much is on file, with a consent and an approval."""
    child = past.opened("2025-09-01", **PERSONAL)
    past.told(
        child, "contact_card", "2025-09-02", verified_with=["guardian"], outcome="first", **CARD
    )
    past.told(child, "guardian", "2025-09-02", guardian_type="grandparent", name="禾外婆")
    past.told(child, "talk", "2025-09-10", mood="low", **WORDS)
    past.told(child, "discipline", "2025-09-20", breach="absence", severity="minor", measure="talk",
              note="逃课去了车站")  # fmt: skip
    past.told(child, "talk", "2025-11-20", worker=OTHER, mood="cheerful", note="笑了")
    past.told(child, "pairing", "2025-09-15", pairing_kind="teacher", mentor="t-102")
    consent = past.told(child, "consent", "2025-12-01", purpose="data", given_by="guardian",
                        scope="只作课题")  # fmt: skip
    past.told(child, "case_study_approval", "2025-12-05", study_for="research", approved_by="s-301",
              consent=str(consent), valid_until=UNTIL, remark="教研室要")  # fmt: skip
    past.write()
    return past, child


def study(world: Bygone, child: UUID, **asked: Any) -> Any:
    return drawn(world, "R27", case_id=child, **({"as_of": AS_OF} | asked))


def test_a_study_tells_in_which_week_what_happened_and_what_came_of_it(
    studied: tuple[Bygone, UUID],
):
    report = study(*studied)

    line = [(e["week"], e["kind"], e["came_of_it"]) for e in rows(report, "timeline")]
    assert line == [
        (0, "opening", None),
        (0, "contact_card", '{"outcome":"first"}'),
        (0, "guardian", '{"guardian_type":"grandparent"}'),
        (1, "talk", '{"mood":"low"}'),
        (2, "pairing", None),
        (11, "talk", '{"mood":"cheerful"}'),
    ]
    talks = row(report, "kinds", kind="talk")
    assert (talks["records"], talks["first_week"], talks["last_week"]) == (2, 1, 11)
    assert row(report, "child", dimension="age_at_opening")["value"] == "from_7_to_12"
    [told] = report.paragraphs
    figures = {figure.name: figure.value for figure in told.figures}
    assert (figures["records"], figures["left"]) == (6, 3)


def test_what_came_of_it_is_a_code_and_never_what_else_a_record_says(
    studied: tuple[Bygone, UUID],
):
    world, child = studied
    entries = {entry.kind.slug: entry for entry in world.at().case(child).current}

    assert code_of(entries["talk"], "mood") == "cheerful"
    assert entries["pairing"].rec.mentor == "t-102"
    assert code_of(entries["pairing"], "mentor") is None
    assert code_of(entries["talk"], "note") is None


def test_without_an_approval_there_is_no_study(past: Bygone):
    child = past.opened("2025-09-01")
    past.told(child, "consent", "2025-12-01", purpose="data", given_by="guardian")
    past.write()

    with pytest.raises(CaseStudyNotApproved):
        study(past, child)

    words = labels("zh")
    assert words.has("", CaseStudyNotApproved().title)
    assert words.has("", CaseStudyNotApproved.remedy)


@pytest.mark.parametrize("as_of", [date(2025, 12, 4), date(2027, 1, 1)])
def test_an_approval_holds_from_its_day_until_its_last(studied: tuple[Bygone, UUID], as_of: date):
    world, child = studied
    world.on("2027-02-01")

    with pytest.raises(CaseStudyNotApproved):
        study(world, child, as_of=as_of)


def test_an_approval_that_is_over_does_not_come_back_by_asking_of_an_earlier_day(
    studied: tuple[Bygone, UUID],
):
    world, child = studied
    assert study(world, child)

    world.on("2027-02-01")

    with pytest.raises(CaseStudyNotApproved):
        study(world, child)


def test_a_consent_that_is_withdrawn_ends_the_study_of_earlier_days_too(
    studied: tuple[Bygone, UUID],
):
    world, child = studied
    world.on("2026-03-01")
    world.record(child, "consent_withdrawal", "2026-02-20", purpose="data", withdrawn_by="mother")

    with pytest.raises(CaseStudyNotApproved):
        study(world, child)


def test_an_approval_that_was_annulled_does_not_count(studied: tuple[Bygone, UUID]):
    world, child = studied
    [approval] = [
        entry.record_id
        for entry in world.at().case(child).current
        if entry.kind.slug == "case_study_approval"
    ]
    world.on("2026-03-01")
    world.annul(child, approval)

    with pytest.raises(CaseStudyNotApproved):
        study(world, child)


def values(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        for each in said.values():
            yield from values(each)
    else:
        yield str(said)


def telling(world: Bygone, child: UUID) -> set[str]:
    """Every value of hers, every day something happened to her, and every staff and unit code."""
    found = {*values(PERSONAL), *values(WORDS), *values(CARD)}
    found |= {"逃课去了车站", "笑了", "只作课题", "教研室要", str(child), child.hex, str(child)[:8]}
    for entry in world.at().case(child).recorded:
        authors = [a for a in (entry.env.recorded_by, entry.env.performed_by) if a is not None]
        found |= {a.staff for a in authors} | {a.unit for a in authors}
        found |= {str(entry.record_id), entry.occurred_on.isoformat()}
    found |= {"s-301", "county-1", "town-1", "village-1", "school-1", "class-31"}
    return found | {"禾苗县", "青石镇", "柳湾村", "青石镇中心小学", "三(1)班"}


def readable(content: bytes, form: Format) -> str:
    """All that can be found in the file: the text of its pages, the parts it is packed from."""
    if form == "pdf":
        reader = PdfReader(io.BytesIO(content))
        pages = "".join("".join(page.extract_text().split()) for page in reader.pages)
        return (
            pages + str(reader.metadata) + str(list(reader.attachments)) + content.decode("latin-1")
        )
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(packed.read(name).decode() for name in packed.namelist())
    return content.decode("utf-8-sig")


@pytest.mark.parametrize("form", FORMATS)
def test_no_file_says_who_she_is_where_she_is_or_who_was_with_her(
    studied: tuple[Bygone, UUID], tmp_path: Path, form: Format
):
    world, child = studied
    cut = world.parts.reports.pin(as_of=AS_OF)
    wanted = Wanted(
        code="R27", asked=Asked(case_id=child), pinned=cut, format=form, locale="zh",
        purpose="other",
    )  # fmt: skip
    carrier = context(actor=Actor("inspector", Author("i-901", "inspector", "county-1")))

    made = world.parts.exports.carry_out(wanted, INSPECTOR, carrier, tmp_path)

    text = readable(made.path.read_bytes(), form) + made.name
    assert "不具名" in text or '"unnamed"' in text
    assert made.name.startswith("R27_unnamed_2026-01-31_p")
    found = {value for value in telling(world, child) | {"i-901"} if value in text}
    assert found == set()


def test_who_took_the_study_out_is_in_the_log_of_her_file(
    studied: tuple[Bygone, UUID], tmp_path: Path
):
    world, child = studied
    cut = world.parts.reports.pin(as_of=AS_OF)
    wanted = Wanted(
        code="R27", asked=Asked(case_id=child), pinned=cut, format="csv", locale="zh",
        purpose="other",
    )  # fmt: skip

    world.parts.exports.carry_out(wanted, INSPECTOR, context(), tmp_path)

    exports = [
        entry.rec
        for seen in world.at().streams(frozenset(("export",)))
        for entry in seen.entries
        if isinstance(entry.rec, ExportProduced)
    ]
    assert [(rec.report_code, rec.case_id) for rec in exports] == [("R27", child)]
    [listed] = rows(drawn(world, "R12", case_id=child), "exports")
    assert listed["report"] == "R27 v1"
