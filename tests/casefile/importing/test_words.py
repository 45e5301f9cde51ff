"""Everything an import may say is said in Chinese too."""

from collections.abc import Iterator

import pytest

from services.casefile.domain import refusals as rules
from services.casefile.importing import column_notes, faults, forms, guide, headings, page, refusals
from services.casefile.importing.faults import Fault, Wrong, fault_of, path_of, said
from services.casefile.importing.report import COLUMNS
from services.casefile.labels import labels

WORDS = labels("zh")
NOTES = (column_notes.HOW, column_notes.OF_PATH, column_notes.OF_FIELD)
OF_THE_RULES = (
    rules.CaseAlreadyClosed, rules.CaseMergedAway, rules.ChildAlreadyOnFile, rules.StaffNotFound,
    rules.UnitNotFound, rules.OccurredInFuture, rules.OccurredBeforeBirth, rules.EndBeforeStart,
    rules.WrongResidentId, rules.WrongPhone, rules.NotOnFile, rules.AlreadyOnFile,
    rules.Implausible,
)  # fmt: skip


def texts() -> Iterator[str]:
    for wrong in (w for w in vars(faults).values() if isinstance(w, Wrong)):
        yield from wrong
    for refusal in refusals.LedgerRefused.__subclasses__():
        yield from (refusal.__doc__ or "", refusal.remedy)
    for rule in OF_THE_RULES:
        yield from (text for text in (rule.__doc__ or "", rule.remedy) if text)
    for wrong in page.WARNINGS.values():
        yield from wrong
    for notes in NOTES:
        yield from notes.values()
    yield from (*headings.OWN.values(), *forms.TITLES.values(), *guide.RULES, *COLUMNS)
    yield from (text for text, _ in guide.EXAMPLE)


@pytest.mark.parametrize("text", sorted(set(texts())))
def test_a_text_has_its_chinese(text: str) -> None:
    assert WORDS.has("", text)


def test_a_refusal_of_the_rules_names_the_column_it_is_about() -> None:
    fault = fault_of(rules.Implausible("items[1].value_fen", "is larger than the cohort"))

    assert fault.path == "items.2.value_fen"
    assert path_of(None) is None
    assert said(fault.wrong, WORDS, fault.told) == ("填写的内容不合理。 大于总人数", "")


def test_a_fault_keeps_no_value() -> None:
    assert "秘密" not in repr(vars(Fault(faults.NOT_A_DATE, "occurred_on")))
