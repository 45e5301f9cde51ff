"""What Prometheus scrapes: how far everything is. Counts and names of ours only, nobody's data."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fastapi import APIRouter, Depends, Response

from services.casefile.api.documents import ALWAYS, BEARER, operation_id, problems
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.listing import reading
from services.casefile.api.product import Product
from services.casefile.api.time_gauges import time_gauges
from services.casefile.following import relayed
from services.casefile.following.relayed import RelayStatus
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.readmodels.obligation_board import ObligationBoard
from services.casefile.readmodels.pages import Pool

PATH = "/metrics"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Sample(NamedTuple):
    """One number; `of` names the follower, or the topic, whose it is."""

    value: float
    of: str | None = None


class Metric(NamedTuple):
    """A gauge with its help and its numbers."""

    name: str
    help: str
    samples: list[Sample]

    @property
    def label(self) -> str:
        return "topic" if self.name.startswith("casefile_relay_") else "follower"


class Metrics:
    def __init__(self, pool: Pool, product: Product) -> None:
        self._pool, self._product = pool, product
        self._board = ObligationBoard(pool)
        self._whereabouts = Whereabouts(pool)

    def metrics(self) -> Response:
        """Say how far the log, the followers and the clock are, for Prometheus."""
        with reading():
            found = list(self._found())
        return Response(text(found), media_type=MEDIA_TYPE)

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["health"], redirect_slashes=False)
        plain = {"description": "Gauges.", "content": {"text/plain": {"schema": PLAIN}}}
        answers: dict[int | str, Any] = {200: plain}
        answers.update(problems((*ALWAYS, 503)))
        router.add_api_route(
            PATH,
            self.metrics,
            dependencies=[Depends(Admission(gate, "read_metrics"))],
            response_class=Response,
            responses=answers,
            summary=(self.metrics.__doc__ or "").strip(),
            operation_id=operation_id("get", PATH),
            openapi_extra={"security": BEARER},
        )
        return router

    def _found(self) -> Iterator[Metric]:
        status = [each for each in self._whereabouts.status() if each.state == "active"]
        yield Metric(
            "casefile_log_head",
            "Last position of the log.",
            [Sample(self._product.recorder.head())],
        )
        yield Metric(
            "casefile_follower_position",
            "Position up to which a follower has read the log.",
            [Sample(each.position, each.name) for each in status],
        )
        yield Metric(
            "casefile_follower_parked",
            "Cases that a follower cannot go on with.",
            [Sample(each.parked, each.name) for each in status],
        )
        if any(each.name == "obligations" for each in status):
            yield from self._undecided()
        for name, told, value in time_gauges(self._product, self._pool):
            yield Metric(name, told, [Sample(value)])
        yield from of_relay(relayed.status(self._pool))

    def _undecided(self) -> Iterator[Metric]:
        undecided = self._board.undecided(self._product.clock())
        yield Metric(
            "casefile_obligations_undecided",
            "Windows past their close of which the log does not say what came of them.",
            [Sample(undecided.count)],
        )
        yield Metric(
            "casefile_oldest_undecided_seconds",
            "Seconds since the close of the oldest of them.",
            [Sample(undecided.oldest_seconds)],
        )


def of_relay(topics: list[RelayStatus]) -> Iterator[Metric]:
    """Nothing where nothing was ever relayed."""
    if not topics:
        return

    def gauge(name: str, told: str, number: Callable[[RelayStatus], float]) -> Metric:
        return Metric(f"casefile_relay_{name}", told, [Sample(number(t), t.topic) for t in topics])

    yield gauge("position", "Position up to which the relay has published.", lambda t: t.published)
    yield gauge("lag", "Positions between that and the end of the log.", lambda t: t.behind)
    yield gauge(
        "oldest_unpublished_seconds",
        "Seconds since the oldest unpublished event was recorded.",
        lambda t: t.oldest_unpublished_seconds,
    )
    yield gauge(
        "silent_seconds", "Seconds since the relay's last sign of life.", lambda t: t.silent_seconds
    )
    yield gauge(
        "held",
        "1 when the relay does not go on before somebody has looked.",
        lambda t: bool(t.held),
    )


PLAIN = {"type": "string"}


def text(metrics: list[Metric]) -> str:
    """The text format of Prometheus."""
    return "".join(line + "\n" for metric in metrics for line in lines(metric))


def lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} gauge"
    for sample in metric.samples:
        of = f'{{{metric.label}="{sample.of}"}}' if sample.of else ""
        yield f"{metric.name}{of} {sample.value:.15g}"
