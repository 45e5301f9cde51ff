"""Notes that were written once and used many times; what everybody writes is nobody's copy."""

from datetime import date, timedelta
from uuid import UUID

from services.casefile.domain.backfill.narrative import Note, alike, template

NOBODY: frozenset[str] = frozenset()
OFFICE = "已告知监护人防溺水注意事项。"
TOLD = (
    "谈到这周的学习和同桌", "说想爸爸妈妈要视频", "作业能按时完成很认真", "最近睡得晚要早点休息",
    "和同学闹了别扭已和好", "聊到家里的小羊很开心",
)  # fmt: skip


def note(number: int, text: str, child: int | None = None, day: int | None = None) -> Note:
    on = date(2026, 3, 1) + timedelta(number if day is None else day)
    return Note(UUID(int=child or number), UUID(int=1000 + number), on, text)


def test_the_same_note_about_other_children_is_a_likeness() -> None:
    notes = [note(n, "情况良好,无异常。") for n in range(1, 5)]

    count, pairs = alike(notes, NOBODY)

    assert count == (4, 4)
    assert {pair.first for pair in pairs} == {each.record_id for each in notes}


def test_a_changed_name_or_number_hides_no_copy() -> None:
    text = "家里整洁,祖辈照料尽心,孩子懂事会帮做家务,身高{}厘米。"

    count, _ = alike([note(1, text.format(128)), note(2, text.format(131))], NOBODY)

    assert count == (2, 2)


def test_different_notes_are_no_likeness() -> None:
    assert alike([note(n, text) for n, text in enumerate(TOLD, 1)], NOBODY)[0] == (0, 6)


def test_two_notes_about_one_contact_are_no_likeness() -> None:
    notes = [note(1, TOLD[0], child=7, day=3), note(2, TOLD[0], child=7, day=3)]

    assert alike(notes, NOBODY)[0] == (0, 2)


def test_what_the_office_has_everybody_write_is_taken_away_first() -> None:
    mine = [note(n, OFFICE + text) for n, text in enumerate(TOLD, 1)]
    colleagues = {f"t-{n}": [note(n, OFFICE)] for n in range(4)}

    usual = template({"me": mine, **colleagues})

    assert usual == {"已告知监护人防溺水注意事项"}
    assert alike(mine, usual)[0] == (0, 6)
    assert alike([note(1, OFFICE), note(2, OFFICE)], usual)[0] == (0, 2)


def test_a_sentence_of_one_worker_is_no_template_however_often_it_is_written() -> None:
    mine = [note(n, "情况良好,无异常。") for n in range(1, 50)]

    assert template({"me": mine, "t-1": [note(60, TOLD[0])]}) == frozenset()
