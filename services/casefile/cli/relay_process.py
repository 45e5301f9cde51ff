"""The relay process: publishes the log to Kafka until told to stop."""

import logging
import signal
from contextlib import closing
from functools import partial
from threading import Event
from types import FrameType

from services.casefile.cli.follower_process import spare_the_collector
from services.casefile.composition import Parts
from services.casefile.log_config import configure_logging
from services.casefile.relaying.batch import Source
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from services.casefile.relaying.relay import Relay
from services.casefile.relaying.watchdog import Watchdog
from services.casefile.settings import Settings


def run(settings: Settings, parts: Parts, conninfo: str) -> None:
    configure_logging(settings.log_format)
    # Of its sentences only the level would be kept; what became of a term we say ourselves.
    logging.getLogger("kafka").setLevel(logging.ERROR)
    stop = Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    spare_the_collector()
    new_publisher = partial(
        KafkaPublisher,
        settings.kafka_client,
        settings.kafka_topic,
        settings.kafka_transactional_id,
        settings.kafka_message_bytes,
    )
    source = Source(parts.recorder, parts.mapper, settings.kafka_message_bytes)
    with closing(Watchdog()) as watchdog:
        watchdog.start()
        relay = Relay(conninfo, source, settings.kafka_topic, new_publisher, watchdog=watchdog)
        relay.run(stop)
