"""In whatever order things are recorded, corrected, annulled, waived, handed over and swept: what
the rules say is what the plain oracle says, and it does not matter when anybody swept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.casefile.domain.cadence.policy import Applies, Grace
from services.casefile.domain.cadence.shapes import CalendarShape, IntervalShape
from services.casefile.domain.families.assessment import CareLevelSet
from services.casefile.domain.families.assignment import WorkerAssigned
from services.casefile.domain.families.obligation import ObligationWaived, OfObligation
from tests.casefile.domain.cadence.oracle import CHINA, DAY, Line, Oracle, Said, Spec
from tests.casefile.domain.cadence.telling import Told, a_policy, a_rule, an_opening

FIRST = date(2026, 9, 1)
WORDS = {"obligation_overdue": "overdue", "obligation_missed": "missed"}
WORDS |= {"obligation_fulfilled": "fulfilled"}


class Pair:
    """The same story told to the rules and written on paper."""

    def __init__(self, specs: list[Spec]) -> None:
        self.told, self.paper, self.specs = Told(), list[Line](), specs[:1]
        self._specs, self.now = specs, datetime(2026, 9, 20, 10, tzinfo=CHINA)
        self.talks: list[Any] = []
        self._adopt(specs[0])

    @property
    def today(self) -> date:
        return self.now.astimezone(CHINA).date()

    def do(self, step: tuple[str, Any, Any]) -> None:
        what, days, more = step
        getattr(self, what)(self.today - days * DAY, more)
        self.now += timedelta(seconds=1)

    def opening(self, day: date, _: Any) -> None:
        self._write("open", day, an_opening(), value="open")

    def wait(self, _: date, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def sweep(self, _: date, back: int) -> None:
        """The clock may stand too early; what is said is written when it is written."""
        at = self.now
        for each in self.told.judged(at - back * DAY).declarations:
            day = each.occurred_on.isoformat()
            self.told.tell(each.record, day, at, record_id=each.record_id, source="system")

    def talk(self, day: date, _: Any) -> None:
        self.talks.append(self.told.talk(day.isoformat(), self.now))
        self.paper.append(Line(self.now, "talk", day, self.talks[-1]))

    def move(self, day: date, which: int) -> None:
        if self.talks:
            target = self.talks[which % len(self.talks)]
            self.told.correct(target, day.isoformat(), self.now)
            self.paper.append(Line(self.now, "move", day, target))

    def strike(self, day: date, which: int) -> None:
        if self.talks:
            target = self.talks.pop(which % len(self.talks))
            self.told.annul(target, self.now)
            self.paper.append(Line(self.now, "strike", self.today, target))

    def level(self, day: date, more: int) -> None:
        level = ("key", "universal")[more % 2]
        self._write("level", day, CareLevelSet(level=level), value=level)

    def worker(self, day: date, more: int) -> None:
        staff = f"t-{more % 3}"
        self._write("worker", day, WorkerAssigned(role="class_teacher", staff=staff), value=staff)

    def waive(self, _: date, more: int) -> None:
        rec = ObligationWaived(
            policy="school", rule="talk", reason="in_hospital", approved_by="office-1",
            starts_on=self.today, expires_on=self.today + more % 40 * DAY,
        )  # fmt: skip
        self._write("waive", self.today, rec, value=rec.expires_on)

    def adopt(self, _: date, more: int) -> None:
        if len(self.specs) == 1:
            spec = self._specs[1]
            since = self.today + (1 + more % 40) * DAY
            changed = spec.__class__(**(vars(spec) | {"since": since, "known_on": self.today}))
            self.specs = [*self.specs, changed]
            self._adopt(changed)

    def _adopt(self, spec: Spec) -> None:
        calendar = {"month": CalendarShape(every="month"), "week": CalendarShape(every="iso_week")}
        anchor = "last" if spec.from_last else "start"
        is_interval = isinstance(spec.every, int)
        rule = a_rule(
            shape=IntervalShape(days=spec.every, anchor=anchor)
            if is_interval
            else calendar[spec.every],
            least=spec.least,
            grace=Grace(days=spec.grace),
            entry_deadline_days=spec.deadline,
            applies=Applies(care_level=(spec.level,) if spec.level else ()),
        )
        policy = a_policy(rule, version=spec.version, since=spec.since.isoformat())
        self.told.adopt(policy, spec.known_on.isoformat())

    def _write(self, what: str, day: date, rec: Any, value: Any) -> None:
        self.told.tell(rec, day.isoformat(), self.now)
        self.paper.append(Line(self.now, what, day, value=value))

    def said(self) -> set[Said]:
        return {
            Said(
                WORDS[entry.kind.slug], rec.policy_version, rec.window, entry.occurred_on,
                rec.accountable, frozenset(getattr(rec, "proofs", ())),
            )
            for entry in self.told.file.entries
            if isinstance(rec := entry.rec, OfObligation)
        }  # fmt: skip

    def outcomes(self) -> dict[tuple[int, str], str]:
        owed = self.told.judged(self.now).obligations
        return {(o.version, o.window.key): o.outcome for o in owed}


def after(specs: list[Spec], steps: list[tuple[str, Any, Any]], *, swept: str) -> Pair:
    """The story, swept as it says itself, every day, or once at the end."""
    pair = Pair(specs)
    for step in steps:
        last = pair.today
        if step[0] != "sweep" or swept == "as told":
            if swept == "daily" and step[0] == "wait":
                sweep_each_day(pair, step[2])
            else:
                pair.do(step)
        assert pair.today >= last
    pair.now += 2 * DAY
    pair.sweep(pair.today, 0)
    return pair


def sweep_each_day(pair: Pair, hours: int) -> None:
    end = pair.now + timedelta(hours=hours)
    while (midnight := datetime(*pair.today.timetuple()[:3], tzinfo=CHINA) + DAY) <= end:
        pair.now = midnight
        pair.sweep(pair.today, 0)
    pair.now = end + timedelta(seconds=1)


@st.composite
def specs(draw: Any) -> list[Spec]:
    return [
        Spec(
            version=version,
            since=FIRST,
            known_on=draw(st.sampled_from([date(2026, 8, 20), date(2026, 9, 18)])),
            every=draw(st.sampled_from(["month", "week", 5, 14, 30])),
            from_last=draw(st.booleans()),
            least=draw(st.integers(1, 2)),
            grace=draw(st.integers(0, 6)),
            deadline=draw(st.integers(0, 12)),
            level=draw(st.sampled_from([None, None, None, "key"])),
        )
        for version in (1, 2)
    ]


LAGS = st.integers(0, 45)
WAIT = st.tuples(st.just("wait"), st.just(0), st.integers(1, 24 * 25))
TALK = st.tuples(st.just("talk"), st.integers(0, 30), st.just(0))
AMEND = st.tuples(st.sampled_from(["move", "strike"]), LAGS, st.integers(0, 9))
CHANGE = st.tuples(st.sampled_from(["level", "worker", "waive", "adopt"]), LAGS, st.integers(0, 99))
SWEEP = st.tuples(st.just("sweep"), st.just(0), st.sampled_from([0, 0, 1, 20]))
STEPS = st.one_of(WAIT, WAIT, TALK, TALK, TALK, AMEND, AMEND, CHANGE, SWEEP)
STORIES = st.tuples(
    st.tuples(st.just("opening"), st.integers(0, 25), st.just(0)),
    st.lists(STEPS, min_size=12, max_size=30),
).map(lambda both: [both[0], *both[1]])


def agrees_with_the_oracle(specs: list[Spec], steps: list[tuple[str, Any, Any]]) -> None:
    pair = after(specs, steps, swept="as told")
    oracle = Oracle(pair.paper, pair.specs, pair.now)
    judged = [(w, *oracle.of(w)) for w in oracle.windows]

    assert pair.said() == {each for _, _, said in judged for each in said}
    outcomes = {(w.spec.version, w.key): outcome for w, outcome, _ in judged if outcome}
    assert pair.outcomes() == outcomes


def says_the_same_whenever_it_is_swept(
    specs: list[Spec], steps: list[tuple[str, Any, Any]]
) -> None:
    told, daily, once = (after(specs, steps, swept=how) for how in ("as told", "daily", "once"))

    assert told.said() == once.said() == daily.said()
    assert told.outcomes() == once.outcomes() == daily.outcomes()


@settings(max_examples=150, deadline=None)
@given(specs(), STORIES)
def test_whatever_happens_it_is_as_the_oracle_says(specs, steps):
    agrees_with_the_oracle(specs, steps)


@settings(max_examples=100, deadline=None)
@given(specs(), STORIES)
def test_sweeping_daily_once_or_at_random_says_the_same(specs, steps):
    says_the_same_whenever_it_is_swept(specs, steps)


def test_what_is_entered_after_a_waived_window_closed_counts_for_the_next_one():
    rule = {"known_on": date(2026, 8, 20), "from_last": False, "least": 1, "level": None}
    since = date(2026, 9, 1)
    fortnight = Spec(version=1, since=since, every=14, grace=6, deadline=0, **rule)
    monthly = Spec(version=2, since=since, every="month", grace=0, deadline=0, **rule)
    steps = [
        ("opening", 8, 0), *[("wait", 0, 1)] * 3, ("wait", 0, 86), ("talk", 0, 0), ("talk", 13, 0),
        ("strike", 0, 0), ("waive", 0, 1), ("wait", 0, 381), ("talk", 0, 0), ("talk", 15, 0),
        ("move", 9, 2),
    ]  # fmt: skip

    agrees_with_the_oracle([fortnight, monthly], steps)


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(specs(), STORIES)
def test_the_oracle_agrees_in_the_long_run(specs, steps):
    agrees_with_the_oracle(specs, steps)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None)
@given(specs(), STORIES)
def test_sweeping_does_not_matter_in_the_long_run(specs, steps):
    says_the_same_whenever_it_is_swept(specs, steps)
