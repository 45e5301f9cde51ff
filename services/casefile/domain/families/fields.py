"""Field types that several families share."""

from typing import Annotated, Literal

from msgspec import Meta

from services.casefile.domain.envelope import LONG_CODE
from services.casefile.domain.personal import DataClass, personal

ChildName = Annotated[str, personal(DataClass.IDENTITY, min_length=1, max_length=40)]
GuardianName = Annotated[str, personal(DataClass.GUARDIAN, min_length=1, max_length=40)]
OtherName = Annotated[str, personal(DataClass.THIRD_PARTY, min_length=1, max_length=40)]
Note = Annotated[str, personal(DataClass.WELFARE, min_length=1, max_length=4000)]
ShortNote = Annotated[str, personal(DataClass.WELFARE, min_length=1, max_length=400)]
Address = Annotated[str, personal(DataClass.IDENTITY, min_length=1, max_length=200)]
GuardianText = Annotated[str, personal(DataClass.GUARDIAN, min_length=1, max_length=200)]
ChildPhone = Annotated[str, personal(DataClass.IDENTITY, min_length=5, max_length=24)]
GuardianPhone = Annotated[str, personal(DataClass.GUARDIAN, min_length=5, max_length=24)]
OtherPhone = Annotated[str, personal(DataClass.THIRD_PARTY, min_length=5, max_length=24)]
Fen = Annotated[int, Meta(ge=0, le=100_000_000_000)]
Minutes = Annotated[int, Meta(ge=1, le=1440)]
Code = Annotated[str, Meta(pattern=LONG_CODE)]
Term = Annotated[str, Meta(pattern=r"^\d{4}-\d{4}-[12]$")]

Sex = Literal["male", "female"]
Population = Literal["left_behind", "in_difficulty", "both"]
Mood = Literal["calm", "cheerful", "low", "anxious", "withdrawn", "angry"]

# The nine situations of the duty to report, 2020.
ReportableSituation = Literal[
    "private_part_injury", "assault_under_14", "assault_from_14", "injury_or_neglect",
    "self_harm_or_poisoning", "abandoned_or_unattended", "missing_or_trafficked",
    "organised_begging", "other_serious_harm",
]  # fmt: skip
