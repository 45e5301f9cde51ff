"""The cluster's side of the topics: what is there, and carrying out what was planned."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from services.casefile.cli.topic_plan import Declared, Found, Step
from services.casefile.domain.refusals import Refused

PATIENCE_MS = 15_000


class KafkaNotReached(Refused):
    """Kafka does not answer, or does not let us in."""

    remedy = (
        "Check CASEFILE_KAFKA_BOOTSTRAP, and the CASEFILE_KAFKA_SSL_... and _SASL_... settings: "
        "a wrong certificate or password looks the same from here."
    )


class KafkaRefused(Refused):
    """Kafka does not accept it."""

    remedy = "Change what is declared, or the cluster. `--replicas 1` is for a cluster of one node."


class Topics:
    def __init__(self, client: KafkaAdminClient) -> None:
        self._client = client

    def found(self, declared: Declared) -> dict[str, Found]:
        there = set(self._client.list_topics()) & declared.topics.keys()
        if not there:
            return {}
        configs = self._configs(there)
        return {
            topic["name"]: Found(
                partitions=len(topic["partitions"]),
                replication=len(topic["partitions"][0]["replica_nodes"]),
                configs=configs[topic["name"]],
            )
            for topic in self._client.describe_topics(sorted(there))
        }

    def carry_out(self, declared: Declared, planned: list[Step], *, dry: bool) -> None:
        """With `dry`, Kafka judges everything and changes nothing."""
        new = [step.topic for step in planned if step.action == "create"]
        self._create(declared, new, dry=dry)
        changed: dict[str, dict[str, str]] = {}
        for step in planned:
            if step.action == "set" and step.topic not in new:
                changed.setdefault(step.topic, {})[step.what] = step.then
        self._set(changed, dry=dry)

    def _configs(self, names: set[str]) -> dict[str, dict[str, str]]:
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in sorted(names)]
        answered = self._client.describe_configs(asked)["topic"]
        return {
            name: {
                setting: entry["value"]
                for setting, entry in settings.items()
                if entry["config_source"] == "DYNAMIC_TOPIC_CONFIG"
            }
            for name, settings in answered.items()
        }

    def _create(self, declared: Declared, names: list[str], *, dry: bool) -> None:
        if not names:
            return
        asked = {
            name: {
                "num_partitions": declared.topics[name].partitions,
                "replication_factor": declared.topics[name].replication,
                "configs": declared.topics[name].spelt(),
            }
            for name in names
        }
        answer = self._client.create_topics(asked, validate_only=dry, raise_errors=False)
        refused = {
            topic["name"]: topic["error_message"] or for_code(topic["error_code"]).__name__
            for topic in answer["topics"]
            # Another `topics apply` was quicker; the next run compares.
            if topic["error_code"] not in (0, TopicAlreadyExistsError.errno)
        }
        if refused:
            raise KafkaRefused(**refused)

    def _set(self, changed: Mapping[str, dict[str, str]], *, dry: bool) -> None:
        if not changed:
            return
        asked = [ConfigResource(ConfigResourceType.TOPIC, n, c) for n, c in changed.items()]
        try:
            answer = self._client.alter_configs(asked, validate_only=dry)
        except ValueError as error:
            raise KafkaRefused(reason=str(error)) from None
        # The client tells a refusal only in what it returns.
        if refused := {n: said for n, said in answer["topic"].items() if said != "OK"}:
            raise KafkaRefused(**refused)


@contextmanager
def connected(options: Mapping[str, Any]) -> Iterator[Topics]:
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # we say it once, and in a sentence
    try:
        client = KafkaAdminClient(**options, bootstrap_timeout_ms=PATIENCE_MS)
    except KafkaError as error:
        raise KafkaNotReached(reason=type(error).__name__) from None
    try:
        yield Topics(client)
    except KafkaError as error:
        raise KafkaRefused(reason=str(error)) from None
    finally:
        client.close()
