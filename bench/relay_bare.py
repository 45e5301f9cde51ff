"""The yardstick: kafka-python in a loop. What is to be sent lies ready, and no database is asked."""

import json
import time

from kafka import KafkaProducer

from bench.cpu import client
from bench.relay_rig import orders
from services.casefile.cli.follower_process import spare_the_collector
from services.casefile.domain.catalogue import catalogue
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.messages import told
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.publishing.cloudevents import KafkaRecord, to_kafka

EVERYTHING = 10_000_000
AT_ONCE = 2_000
OPTIONS = {"acks": "all", "linger_ms": 2, "batch_size": 128 * 1024}


def main() -> None:
    told = orders()
    records = ready(told["database"])
    own = {"transactional_id": told["topic"]} if told["transactional"] else {}
    producer = KafkaProducer(bootstrap_servers=told["bootstrap"], **OPTIONS, **own)
    if told["transactional"]:
        producer.init_transactions()
    producer.partitions_for(told["topic"])
    spare_the_collector()
    since, spent = time.perf_counter(), client()
    for first in range(0, len(records), AT_ONCE):
        if told["transactional"]:
            producer.begin_transaction()
        for key, value, headers in records[first : first + AT_ONCE]:
            producer.send(told["topic"], key=key, value=value, headers=headers)
        if told["transactional"]:
            producer.commit_transaction()
    producer.flush()
    took, spent = time.perf_counter() - since, client() - spent
    producer.close()
    print(json.dumps({"rate": len(records) / took, "cpu_us": spent / len(records) * 1e6}))


def ready(database: str) -> list[KafkaRecord]:
    recorder = CasefileRecorder.open(database)
    rows = recorder.page(0, EVERYTHING)
    recorder.close()
    messages = told(CasefileMapper(catalogue()), rows, 0).messages
    return [to_kafka(message) for message in messages]


if __name__ == "__main__":
    main()
