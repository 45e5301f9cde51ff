"""What would be left of what was done, if only some records could prove it."""

from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.entry import Entry
from services.casefile.domain.evidence_grade import Grade, added, grade
from services.casefile.domain.families.contact import TalkHeld
from services.casefile.domain.families.correction import EntryCountersigned
from tests.casefile.domain.cadence.telling import Told, Tree, moment, owed

NOW = "2026-12-01"


def outcomes(told: Told, least: Grade) -> dict[str, str]:
    later = added(told.file.entries)

    def counts(entry: Entry) -> bool:
        return grade(entry, later) >= least

    rulebook = Rulebook.of(told.rules.entries, Tree())
    subject = Subject(told.file.id, told.stream, told.file.entries)
    found = judge(subject, rulebook, moment(NOW), counts=counts).obligations
    return {each.window.key: each.outcome for each in found}


def test_a_claim_keeps_nothing_where_a_description_is_asked_for() -> None:
    told = owed()
    told.talk("2026-09-10")

    assert outcomes(told, Grade.CLAIMED)["2026-09"] == "fulfilled"
    # Nothing was declared of it, and nothing is: it is only asked.
    assert outcomes(told, Grade.DESCRIBED)["2026-09"] == "open"


def test_another_record_of_the_window_may_prove_it() -> None:
    told = owed()
    told.talk("2026-09-10")
    told.tell(TalkHeld(note="说想妈妈。"), "2026-09-20")

    assert outcomes(told, Grade.DESCRIBED)["2026-09"] == "fulfilled"


def test_what_was_added_later_counts() -> None:
    told = owed()
    talk = told.talk("2026-09-10")
    told.tell(EntryCountersigned(target=talk, outcome="confirmed"), "2026-10-20")

    assert outcomes(told, Grade.SECOND_PERSON)["2026-09"] == "fulfilled"


def test_without_a_grade_everything_on_file_counts() -> None:
    told = owed()
    told.talk("2026-09-10")

    assert told.outcome("2026-09", NOW) == "fulfilled"
