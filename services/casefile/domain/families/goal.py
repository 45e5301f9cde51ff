"""What is promised to the child and what she sets out to do herself, and what became of it."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.fields import GuardianName, ShortNote, Term
from services.casefile.domain.filled import filled
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, day_before
from services.casefile.domain.situation import Situation

Rating = Annotated[int, Meta(ge=1, le=5)]


@kind(
    "commitment",
    "Promise",
    publishes=("promised_by", "due", "staff"),
)
class CommitmentMade(Record):
    """Somebody promised something for the child, by a day."""

    promised_by: Literal["father", "mother", "guardian", "child", "staff", "village", "other"]
    content: ShortNote
    due: date
    staff: StaffId | None = None
    name: GuardianName | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.due, "due")
        if (self.promised_by == "staff") != (self.staff is not None):
            raise Implausible("staff", "a promise of staff, and only that, names who")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        made = filled(self, ("promised_by", "content", "due", "staff"))
        yield f"commitments.{entry.record_id}", {"state": "open"} | made


@kind(
    "commitment_outcome",
    "Promise resolved",
    publishes=("commitment", "outcome"),
)
class CommitmentResolved(Record):
    """A promise was kept, or was not."""

    commitment: UUID
    outcome: Literal["kept", "partly_kept", "broken", "withdrawn"]
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        referred(situation, self.commitment, CommitmentMade)
        _refuse_settled(situation, f"commitments.{self.commitment}")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"commitments.{self.commitment}", {"state": self.outcome}


@kind("goal", "Goal set", publishes=("due",))
class GoalSet(Record):
    """Something the child sets out to do."""

    goal: Literal[
        "mend_a_fault", "good_deed", "good_paper", "meaningful_deed", "study", "habit", "self_care",
        "reading", "sport", "art", "help_at_home", "other",
    ]  # fmt: skip
    content: ShortNote | None = None
    term: Term | None = None
    due: date | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.due, "due")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"goals.{entry.record_id}", {"state": "open"} | filled(self)


@kind(
    "goal_outcome",
    "Goal achieved",
    publishes=("target_goal", "outcome"),
)
class GoalAchieved(Record):
    """What became of a goal, how the child rates herself, and the praise she got."""

    target_goal: UUID
    outcome: Literal["achieved", "partly_achieved", "given_up"] = "achieved"
    self_rating: Rating | None = None
    praise: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        referred(situation, self.target_goal, GoalSet)
        _refuse_settled(situation, f"goals.{self.target_goal}")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        outcome = {"state": self.outcome} | filled(self, ("self_rating", "praise"))
        yield f"goals.{self.target_goal}", outcome


def _refuse_settled(situation: Situation, path: str) -> None:
    now = situation.fact(path)
    if now is not None and now["state"] != "open":
        raise AlreadyOnFile("outcome", path=path)
