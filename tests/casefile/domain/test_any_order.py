"""Whatever is recorded, corrected and annulled, in whatever order: the facts are those of a plain
list that is searched anew each time."""

from datetime import date, timedelta
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from services.casefile.application.stream import Stream
from services.casefile.domain.effective import effective
from services.casefile.domain.facts import fold
from services.casefile.domain.families.contact import TalkHeld
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from tests.casefile.domain.scenario import STREAM, opened

FIRST = date(2026, 9, 2)
DAYS = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
MOODS = st.sampled_from(["calm", "cheerful", "low", None])


class Talks(RuleBasedStateMachine):
    """A case and, beside it, a list of its talks as anybody would keep it on paper."""

    talks = Bundle("talks")

    def __init__(self) -> None:
        super().__init__()
        self.case = opened()
        self.stream = Stream.of(STREAM, self.case.entries)
        self.paper: dict[object, tuple[date, int, str | None]] = {}

    def _stored(self) -> None:
        self.stream = self.stream.appended(self.case.entries[-1:])

    @rule(target=talks, day=DAYS, mood=MOODS)
    def talk(self, day: date, mood: str | None):
        self.case.given(TalkHeld(mood=mood), day.isoformat())
        self._stored()
        self.paper[self.case.last_id] = (day, len(self.case.entries), mood)
        return self.case.last_id

    @rule(talk=talks, day=DAYS)
    def correct_the_day(self, talk, day: date) -> None:
        changes = {"occurred_on": day.isoformat()}
        self._corrected(talk, changes)
        self.paper[talk] = (day, *self.paper[talk][1:])

    @rule(talk=talks, mood=st.sampled_from(["anxious", "calm"]))
    def correct_the_mood(self, talk, mood: str) -> None:
        self._corrected(talk, {"mood": mood})
        self.paper[talk] = (*self.paper[talk][:2], mood)

    @rule(talk=consumes(talks))
    def annul(self, talk) -> None:
        rec = EntryAnnulled(target=talk, of="talk", ground="wrong_child", reason="记错")
        self.case.given(rec)
        self._stored()
        del self.paper[talk]

    def _corrected(self, talk, changes: dict[str, object]) -> None:
        self.case.given(EntryCorrected(target=talk, of="talk", changes=changes, reason="核对"))
        self._stored()

    @invariant()
    def the_last_talk_is_the_latest_that_counts(self) -> None:
        latest = max((day for day, *_ in self.paper.values()), default=None)
        assert self.case.facts.get("last.talk") == latest

    @invariant()
    def the_mood_is_that_of_the_latest_talk_that_told_one(self) -> None:
        told = [(day, at, mood) for day, at, mood in self.paper.values() if mood is not None]
        assert self.case.facts.get("child.mood") == (max(told)[2] if told else None)

    @invariant()
    def appending_one_by_one_says_the_same_as_reading_it_all(self) -> None:
        whole = Stream.of(STREAM, self.case.entries)
        values = {path: fact.value for path, fact in self.stream.facts.items()}
        assert values == {path: fact.value for path, fact in whole.facts.items()}

    @invariant()
    def the_order_of_folding_does_not_matter(self) -> None:
        entries = list(effective(self.case.entries))
        values = {path: fact.value for path, fact in fold(entries).items()}
        Random(len(entries)).shuffle(entries)
        assert {path: fact.value for path, fact in fold(entries).items()} == values


TestTalks = Talks.TestCase
TestTalks.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
