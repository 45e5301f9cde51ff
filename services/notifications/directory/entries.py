"""A person in the directory as somebody writes it: in a form, over HTTP, or in a row of a table."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

StaffId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$")]
ChannelName = Literal["smtp", "webhook", "wecom", "dingtalk", "feishu", "apprise"]


class Reached(BaseModel):
    """One way to reach somebody; the first that takes the notice is enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: ChannelName
    address: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^\S+$")]

    @model_validator(mode="after")
    def fits(self) -> Self:
        is_mail = "@" in self.address and "://" not in self.address
        if (self.channel == "smtp") != is_mail:
            raise PydanticCustomError("address", "this is not an address of that channel")
        if self.channel in ("webhook", "wecom", "dingtalk", "feishu") and (
            not self.address.startswith(("https://", "http://"))
        ):
            raise PydanticCustomError("address", "this channel is reached by an https address")
        return self


class Entry(BaseModel):
    """What is not set is as the ladder has it. Without channels there is the inbox only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    locale: Literal["zh", "en"] = "zh"
    channels: Annotated[tuple[Reached, ...], Field(max_length=6)] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    stand_in: StaffId | None = None

    @model_validator(mode="after")
    def makes_sense(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise PydanticCustomError("quiet", "quiet hours have a beginning and an end")
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            raise PydanticCustomError("quiet", "quiet hours that begin and end at once are none")
        if self.absent_until is not None and self.absent_from is None:
            raise PydanticCustomError("absence", "an absence has a first day")
        if self.absent_from and self.absent_until and self.absent_until < self.absent_from:
            raise PydanticCustomError("absence", "the last day of the absence is before the first")
        return self
