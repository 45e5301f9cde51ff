"""A client that begins transactions at one Kafka only: the one that it has met when it connected."""

from typing import Any

from kafka.future import Future
from kafka.net.compat import KafkaNetClient
from kafka.protocol.producer import AddPartitionsToTxnRequest

from services.casefile.relaying.errors import CoordinatorLost


class SameCoordinator(KafkaNetClient):  # type: ignore[misc]
    """After a restart Kafka may have left out marks, and they are looked for at the start of a term.

    So within a term nothing is added to a partition over another connection: the client would
    connect anew by itself, and what it then added would decide over what lies there without marks.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._met: Any = None

    def meet(self, coordinator: str) -> None:
        """From now on this connection, and no other."""
        self._met = self._manager._conns.get(coordinator)  # noqa: SLF001

    @property
    def is_connected(self) -> bool:
        return self._met is not None and self._met.connected

    def send(self, node_id: Any, request: Any, **options: Any) -> Any:
        if isinstance(request, AddPartitionsToTxnRequest) and not self._is_met(node_id):
            return Future().failure(CoordinatorLost())
        return super().send(node_id, request, **options)

    def _is_met(self, node_id: Any) -> bool:
        connection = self._manager._conns.get(node_id)  # noqa: SLF001
        return connection is not None and connection is self._met
