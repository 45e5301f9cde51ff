"""What the relay runs into.

CasefileError
├── Held                   what needs a person: the relay ends and says so
│   ├── TopicBehind        the topic has lost what it held
│   ├── TopicAhead         the log has lost what was published
│   ├── TopicHidden        readers do not see the end of the topic, and the relay cannot change it
│   ├── MessageTooLarge    a message that is larger than it is set to send
│   ├── TopicTakesLess     a message that Kafka did not take
│   └── EventUnreadable    an event that this version cannot read
├── NotRelayedYet          there is nothing to publish again
├── RepublishLeavesHole    events would be left out
└── TermEnded              what passes: the relay throws its producer away and begins anew
    ├── KafkaAway          nobody answers there, or we are not let in
    ├── CoordinatorLost    the connection broke that the term began with
    ├── OutcomeUnknown     nobody knows yet whether the transaction was committed
    ├── NotCommitted       the client says committed, but not every record was taken
    ├── TailUnread         the end of the topic could not be read in time
    └── TopicMissing       the topic is not there (yet)
"""

from services.casefile.domain.refusals import CasefileError


class Held(CasefileError):
    """The relay does not go on before somebody has looked."""


class TopicBehind(Held):
    """The topic has lost messages that were in it, or it is another topic."""

    remedy = (
        "Look at the cluster. When it is as it should be: casefile relay republish --from N, "
        "where N is at most the position after the last one in the topic."
    )

    def __init__(self, topic: str, found: int, published: int) -> None:
        super().__init__(topic=topic, last_in_topic=found, published=published)


class TopicAhead(Held):
    """The topic holds messages of events that the log does not have."""

    remedy = (
        "The log was restored from a backup, or this is the topic of another Casefile. "
        "Publish to a new topic (CASEFILE_KAFKA_TOPIC), which readers then read from its beginning."
    )

    def __init__(self, topic: str, found: int, head: int) -> None:
        super().__init__(topic=topic, last_in_topic=found, head=head)


class TopicHidden(Held):
    """A transaction that is not the relay's hides the end of the topic from its readers."""

    remedy = (
        "Nobody but the relay may write to the topic: take the right from whoever does, "
        "and end what is open there (kafka-transactions.sh find-hanging, then abort). "
        "If first_hidden is not 0: casefile relay republish --from N, where N is at most that. "
        "Then start again."
    )

    def __init__(self, topic: str, first: int) -> None:
        super().__init__(topic=topic, first_hidden=first)


class MessageTooLarge(Held):
    """The next message is larger than the topic takes, and nothing is published out of order."""

    remedy = (
        "Raise max.message.bytes of the topic and CASEFILE_KAFKA_MESSAGE_BYTES; then start again."
    )

    def __init__(self, position: int, size: int) -> None:
        super().__init__(position=position, bytes=size)


class TopicTakesLess(Held):
    """The topic takes smaller messages than the relay is set to send."""

    remedy = (
        "Raise max.message.bytes of the topic to CASEFILE_KAFKA_MESSAGE_BYTES; then start again."
    )


class EventUnreadable(Held):
    """The next event cannot be read by this version, and nothing is published out of order."""

    remedy = "Upgrade Casefile; the event stays in the log."

    def __init__(self, position: int, why: str) -> None:
        super().__init__(position=position, reason=why)


class NotRelayedYet(CasefileError):
    """Nothing was published to this topic yet."""

    remedy = "Run `casefile relay`; it begins at the first event."

    def __init__(self, topic: str) -> None:
        super().__init__(topic=topic)


class RepublishLeavesHole(CasefileError):
    """Beginning there would leave events out."""

    remedy = "Begin at the position after the last one that was published, or before it."

    def __init__(self, published: int) -> None:
        super().__init__(published=published)


class TermEnded(CasefileError):
    """The relay begins anew."""


class KafkaAway(TermEnded):
    """Kafka does not answer, or does not let us in."""

    remedy = "Start it, or mend the CASEFILE_KAFKA_… settings; the relay goes on by itself."


class CoordinatorLost(TermEnded):
    """The connection to Kafka was lost, and with it what is known of its transactions."""


class OutcomeUnknown(TermEnded):
    """It is not known whether the transaction was committed."""


class NotCommitted(TermEnded):
    """Kafka did not take every record of the transaction."""


class TailUnread(TermEnded):
    """The end of the topic could not be read in time."""


class TopicMissing(TermEnded):
    """The topic is not there."""

    remedy = "Run `casefile topics apply`."
