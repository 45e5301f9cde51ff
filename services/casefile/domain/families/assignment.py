"""Who is answerable for the child and who stands by her: workers and pairings."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId, UnitId
from services.casefile.domain.families.codes import StaffRole
from services.casefile.domain.families.fields import Code, Note, OtherName, ShortNote, Term
from services.casefile.domain.filled import filled
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import not_before_fact, referred
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation

PairingKind = Literal[
    "teacher", "proxy_parent", "peer", "neighbour", "cadre", "volunteer", "social_worker",
    "external_peer", "host_family",
]  # fmt: skip
VETTED_WHEN_NOT_STAFF = ("proxy_parent", "volunteer", "host_family")


@kind(
    "worker",
    "Worker assigned",
    publishes=("role", "staff", "unit"),
)
class WorkerAssigned(Record):
    """From now on this member of staff is answerable for the child in this role."""

    role: StaffRole
    staff: StaffId
    unit: UnitId | None = None
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        now = situation.fact(f"workers.{self.role}")
        if now == {"staff": self.staff, "unit": self.unit}:
            raise AlreadyOnFile("assignment", role=self.role)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"workers.{self.role}", {"staff": self.staff, "unit": self.unit}


@kind(
    "worker_end",
    "Worker unassigned",
    publishes=("role", "staff"),
)
class WorkerUnassigned(Record):
    """This member of staff is no longer answerable for the child in this role."""

    role: StaffRole
    staff: StaffId
    reason: Literal["left", "other_duties", "child_moved", "illness", "unfit", "other"]
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        now = situation.fact(f"workers.{self.role}")
        if now is None or now["staff"] != self.staff:
            raise NotOnFile("assignment", role=self.role)
        not_before_fact(situation, f"workers.{self.role}")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"workers.{self.role}", None


@kind(
    "pairing",
    "Paired",
    publishes=("pairing_kind", "mentor", "until"),
)
class PairingEstablished(Record):
    """Somebody stands by the child: a member of staff by id, anybody else by name."""

    pairing_kind: PairingKind
    mentor: StaffId | None = None
    mentor_name: OtherName | None = None
    local_title: (
        Literal[
            "proxy_parent", "proxy_mother", "caring_mother", "caring_father", "caring_parent",
            "interim_father", "community_mother", "caring_classmate", "study_helper", "guide",
            "counsellor",
        ]
        | None
    ) = None  # fmt: skip
    reasons: Annotated[
        tuple[
            Literal[
                "poverty", "learning_difficulty", "emotional_support", "daily_care", "guidance",
                "safety", "companionship", "other",
            ],
            ...,
        ],
        Meta(max_length=8),
    ] = ()  # fmt: skip
    vetting: Literal["passed", "pending", "not_required"] = "not_required"
    programme: Code | None = None
    until: date | None = None
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if (self.mentor is None) == (self.mentor_name is None):
            raise Implausible("mentor", "name a member of staff or another person, one of the two")
        if self._needs_vetting() and self.vetting != "passed":
            raise Implausible("vetting", "an adult from outside is vetted before the pairing")
        day_before(situation.env.occurred_on, self.until, "until")
        self._refuse_twice(situation)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        names = ("pairing_kind", "mentor", "mentor_name", "local_title", "reasons", "until")
        yield f"pairings.{entry.record_id}", filled(self, names)

    def _needs_vetting(self) -> bool:
        return self.mentor is None and self.pairing_kind in VETTED_WHEN_NOT_STAFF

    def _refuse_twice(self, situation: Situation) -> None:
        if self.mentor is None:
            return
        mine = (self.mentor, self.pairing_kind)
        for pairing in situation.under("pairings").values():
            if (pairing.value.get("mentor"), pairing.value["pairing_kind"]) == mine:
                raise AlreadyOnFile("pairing", record_id=str(pairing.entry.record_id))


@kind(
    "pairing_end",
    "Pairing ended",
    publishes=("pairing", "reason"),
)
class PairingEnded(Record):
    """The pairing is over."""

    pairing: UUID
    reason: Literal[
        "completed", "mentor_left", "child_left", "replaced", "unsuitable", "aged_out", "other"
    ]
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        referred(situation, self.pairing, PairingEstablished)
        if situation.fact(f"pairings.{self.pairing}") is None:
            raise NotOnFile("pairing", record_id=str(self.pairing))

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"pairings.{self.pairing}", None


@kind("pairing_review", "Pairing reviewed", publishes=("pairing",))
class PairingEffectReviewed(Record):
    """Whether the pairing does the child good."""

    pairing: UUID
    effect: Literal["much_progress", "some_progress", "no_change", "worse"]
    term: Term | None = None
    score: Annotated[int, Meta(ge=0, le=100)] | None = None
    finding: Note | None = None
    child_view: Note | None = None
    next_step: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        referred(situation, self.pairing, PairingEstablished)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        reviewed = {"effect": self.effect, "term": self.term, "score": self.score}
        yield f"pairing_reviews.{self.pairing}", reviewed
