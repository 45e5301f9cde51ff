"""A long backlog, drained by one relay, and then every message of the topic looked at beside the log."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from bench.relay_rig import PARTITIONS, Rig
from services.casefile.domain.catalogue import catalogue
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.messages import told
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.publishing.cloudevents import to_kafka
from services.casefile.relaying.tail import position_of

PAGE = 5_000
SAY_EVERY = 30.0
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def drained(rig: Rig, events: int) -> dict[str, Any]:
    topic, head = rig.topic(), rig.head()
    since = said = time.perf_counter()
    tenth = 0
    with rig.relay(topic) as pid:
        for position in rig.positions(topic, head):
            if not tenth and position > head / 10:
                tenth = peak(pid)
            if time.perf_counter() > said + SAY_EVERY:
                said = time.perf_counter()
                print(f"  {position:,} of {head:,} after {said - since:.0f} s", flush=True)
        took, memory = time.perf_counter() - since, peak(pid)
    return {
        "events": events,
        "seconds": round(took, 1),
        "per second": round(events / took),
        "peak memory at a tenth, MiB": tenth,
        "peak memory, MiB": memory,
    } | compared(rig, topic)


def peak(pid: int) -> int:
    found = PEAK.search(Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def compared(rig: Rig, topic: str) -> dict[str, int]:
    """What is absent, foreign, twice, out of its stream's order, or of other bytes."""
    due = dict(logged(rig))
    versions: dict[bytes, int] = {}
    faults = dict.fromkeys(("in topic", "foreign or twice", "out of order", "other bytes"), 0)
    for record in read(rig, topic):
        headers = dict(record.headers)
        version = int(headers["ce_streamversion"])
        expected = due.pop(position_of(record.headers), None)
        faults["in topic"] += 1
        faults["foreign or twice"] += expected is None
        faults["out of order"] += version != versions.get(record.key, 0) + 1
        faults["other bytes"] += expected != digest(record.key, record.value, record.headers)
        versions[record.key] = version
    return faults | {"absent": len(due)}


def logged(rig: Rig) -> Iterator[tuple[int, bytes]]:
    mapper = CasefileMapper(catalogue())
    with closing(CasefileRecorder.open(rig.owned.app)) as recorder:
        position = 0
        while rows := recorder.page(position, PAGE):
            for message in told(mapper, rows, position).messages:
                yield message.position, digest(*to_kafka(message))
            position = rows[-1][0]


def digest(key: bytes, value: bytes, headers: Any) -> bytes:
    return blake2b(repr((key, value, list(headers))).encode(), digest_size=8).digest()


def read(rig: Rig, topic: str) -> Iterator[Any]:
    """All that is committed, each partition in its order."""
    consumer = KafkaConsumer(
        bootstrap_servers=rig.kafka.bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=5_000,
    )
    partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    with closing(consumer):
        while any(consumer.position(each) < end for each, end in ends.items()):
            for records in consumer.poll(timeout_ms=500).values():
                yield from records
