"""What the topics should be, what they are, and what may be done about the difference."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from services.casefile.domain.refusals import Invalid, Refused

MIN_IN_SYNC = "min.insync.replicas"
Value = str | int | bool


class TopicsFileNotUsable(Invalid):
    """The file of the topics cannot be used."""

    remedy = "Write it as deploy/kafka/topics.yaml is written: partitions, replication, configs."


class TopicsWouldBreak(Refused):
    """Topics are there already with other partitions or replicas, so nothing was changed."""

    remedy = (
        "Partitions stay as they are, or a child's messages lose their order: declare a new topic. "
        "Replicas are moved with Kafka's own tools; for a cluster of one node say `--replicas 1`."
    )


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    partitions: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    replication: Annotated[int, msgspec.Meta(ge=1, le=32_767)]
    configs: dict[str, Value] = {}

    def spelt(self) -> dict[str, str]:
        """The settings as Kafka spells them."""
        return {name: _spelt(value) for name, value in self.configs.items()}

    def with_at_most(self, replicas: int) -> "Topic":
        """The same topic on a smaller cluster, which could not acknowledge anything otherwise."""
        configs = dict(self.configs)
        if MIN_IN_SYNC in configs:
            configs[MIN_IN_SYNC] = min(int(configs[MIN_IN_SYNC]), replicas)
        return Topic(self.partitions, min(self.replication, replicas), configs)


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topics: Annotated[dict[str, Topic], msgspec.Meta(min_length=1)]


class Found(msgspec.Struct, frozen=True):
    """A topic as it is: only what was set on the topic itself counts as its settings."""

    partitions: int
    replication: int
    configs: dict[str, str]


class Step(msgspec.Struct, frozen=True):
    topic: str
    action: Literal["create", "set", "refuse"]
    what: str
    now: str | None
    then: str


def read_declared(path: Path, replicas: int | None = None) -> Declared:
    try:
        declared = msgspec.yaml.decode(path.read_bytes(), type=Declared)
    except OSError as error:
        raise TopicsFileNotUsable(file=path, reason=error.strerror) from None
    except msgspec.MsgspecError as error:
        raise TopicsFileNotUsable(file=path, reason=str(error)) from None
    if replicas is None:
        return declared
    return Declared({name: t.with_at_most(replicas) for name, t in declared.topics.items()})


def steps(declared: Declared, found: Mapping[str, Found]) -> list[Step]:
    """Everything to do, in the order of the file. Settings that are not declared stay."""
    planned: list[Step] = []
    for name, topic in declared.topics.items():
        there = found.get(name)
        if there is None:
            layout = f"{topic.partitions} partitions, {topic.replication} replicas"
            planned.append(Step(name, "create", "topic", None, layout))
        else:
            planned += _layout(name, topic, there)
        planned += _settings(name, topic, there)
    return planned


def refuse_to_break(planned: list[Step]) -> None:
    if refused := [step for step in planned if step.action == "refuse"]:
        raise TopicsWouldBreak(
            **{step.topic: f"{step.what} {step.now}, declared {step.then}" for step in refused}
        )


def _layout(name: str, topic: Topic, there: Found) -> Iterator[Step]:
    compared = {
        "partitions": (there.partitions, topic.partitions),
        "replicas": (there.replication, topic.replication),
    }
    for what, (now, then) in compared.items():
        if now != then:
            yield Step(name, "refuse", what, str(now), str(then))


def _settings(name: str, topic: Topic, there: Found | None) -> Iterator[Step]:
    existing = there.configs if there else {}
    for setting, value in topic.spelt().items():
        if (now := existing.get(setting)) != value:
            yield Step(name, "set", setting, now, value)


def _spelt(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
