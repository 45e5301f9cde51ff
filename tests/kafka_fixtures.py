"""A Kafka for every test that asks for one, and a loud word when it is not the real one."""

import gc
import os
import warnings
from collections.abc import Generator, Iterator

import pytest

from tests.fault_proxy import FaultProxy
from tests.kafka import CHOICES, Kafka, running

NOT_REAL: list[str] = []
# kafka-python leaves sockets to the collector when a connection breaks.
LEAKY = "ignore:unclosed <socket:ResourceWarning"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kafka",
        default=os.environ.get("CASEFILE_TEST_KAFKA", "auto"),
        choices=CHOICES,
        help="the Kafka to run on (also CASEFILE_TEST_KAFKA; default: auto, real where it can be)",
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"kafka: {config.getoption('kafka')}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "kafka_server" in asked or "kafka_three" in asked:
            item.add_marker(pytest.mark.kafka)
        if item.get_closest_marker("kafka"):
            item.add_marker(pytest.mark.filterwarnings(LEAKY))
        if "kafka_three" in asked:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What a client left behind goes while its test is still the one that runs."""
    done = yield
    if item.get_closest_marker("kafka"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
    return done


@pytest.fixture(scope="session")
def kafka_server(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kafka]:
    choice = pytestconfig.getoption("kafka")
    with running(choice, tmp_path_factory.mktemp("kafka")) as found:
        if not found.is_real:
            _remember(pytestconfig, found.why_not_real)
        yield found


@pytest.fixture
def kafka(kafka_server: Kafka) -> Kafka:
    """One broker for the session; started again if the test before killed it."""
    kafka_server.start()
    return kafka_server


@pytest.fixture
def real_kafka(kafka: Kafka) -> Kafka:
    """For what the stand-in does otherwise than Apache Kafka."""
    if not kafka.is_real:
        pytest.skip(f"needs Apache Kafka: {kafka.why_not_real}")
    return kafka


@pytest.fixture(scope="session")
def three_nodes(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kafka]:
    if pytestconfig.getoption("kafka") == "fallback":
        pytest.skip("needs Apache Kafka: the stand-in is one node")
    with running("real", tmp_path_factory.mktemp("kafka_three"), nodes=3) as found:
        yield found


@pytest.fixture
def kafka_three(three_nodes: Kafka) -> Kafka:
    """Three nodes, all of them up."""
    three_nodes.start()
    return three_nodes


@pytest.fixture
def fault_proxy() -> Iterator[FaultProxy]:
    with FaultProxy() as proxy:
        yield proxy


def _remember(config: pytest.Config, why: str) -> None:
    NOT_REAL.append(why)
    if hasattr(config, "workeroutput"):
        config.workeroutput["kafka_not_real"] = why


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    if why := getattr(node, "workeroutput", {}).get("kafka_not_real"):
        NOT_REAL.append(why)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if NOT_REAL:
        terminalreporter.section("NO APACHE KAFKA", sep="!", red=True, bold=True)
        terminalreporter.line(f"The bus was tested on a stand-in: {NOT_REAL[0]}", red=True)
        terminalreporter.line(
            "Its transactions are not Kafka's. Install Java 17 and Maven:", red=True
        )
        terminalreporter.line("  bash deploy/debian-packages.sh", red=True)
