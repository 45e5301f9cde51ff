"""What the relay does around kafka-python's commit, spelt out for the facts it rests on."""

from kafka import KafkaProducer
from kafka.protocol.producer import ProduceResponse

from tests.faults import Action, rewritten

OUT_OF_ORDER, INVALID_EPOCH, UNKNOWN_PRODUCER = 45, 47, 59


def guard(client: KafkaProducer) -> None:
    """Makes the errors that would bump the epoch fatal, so that the commit after them raises."""
    client._transaction_manager._supports_epoch_bump = lambda: False


def commit_within(client: KafkaProducer, timeout_ms: int) -> bool:
    """`commit_transaction` with an end; False where nobody knows what became of it."""
    result = client._transaction_manager.begin_commit()
    client._sender.wakeup()
    return result.wait(timeout_ms=timeout_ms)


def refused_with(code: int) -> Action:
    """A produce answer that says this, about every partition in it."""

    def rewriting(answer: bytes, version: int) -> bytes:
        response = ProduceResponse.decode(answer, version=version, header=True)
        for topic in response.responses:
            for partition in topic.partition_responses:
                partition.error_code = code
                partition.base_offset = partition.log_start_offset = -1
        return response.encode(header=True)

    return rewritten(rewriting)
