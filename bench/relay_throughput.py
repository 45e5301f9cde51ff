"""The relay through a backlog, beside the client in a loop that has the same bytes ready to send.

Each runs in a process of its own, and its CPU time is noted too, which is steadier than the clock.
"""

import json
import subprocess
import sys
import time
from statistics import median

from bench.cpu import server
from bench.relay_rig import Rig
from bench.stats import Slice

OURS, BARE, IN_TRANSACTIONS = "ours", "bare", "bare, in transactions"


class Throughput:
    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._cpu: dict[str, list[float]] = {OURS: [], BARE: [], IN_TRANSACTIONS: []}

    def cpu(self) -> dict[str, float]:
        """Microseconds for each message, of the process that sends."""
        return {name: round(median(found), 1) for name, found in self._cpu.items()}

    def ours(self) -> Slice:
        """From the first batch that is committed: finding the place is done by then."""
        topic, head = self._rig.topic(), self._rig.head()
        with self._rig.relay(topic) as pid:
            positions = self._rig.positions(topic, head)
            first = next(positions)
            since, spent = time.perf_counter(), server(pid)
            for _ in positions:
                continue
            took, spent = time.perf_counter() - since, server(pid) - spent
        self._cpu[OURS].append(spent / (head - first) * 1e6)
        return Slice((head - first) / took)

    def bare(self) -> Slice:
        return self._loop(BARE)

    def bare_in_transactions(self) -> Slice:
        return self._loop(IN_TRANSACTIONS)

    def _loop(self, name: str) -> Slice:
        orders = {
            "database": self._rig.owned.app,
            "bootstrap": self._rig.kafka.bootstrap,
            "topic": self._rig.topic(),
            "transactional": name == IN_TRANSACTIONS,
        }
        command = [sys.executable, "-m", "bench.relay_bare"]
        done = subprocess.run(
            command, input=json.dumps(orders), stdout=subprocess.PIPE, text=True, check=True
        )
        found = json.loads(done.stdout)
        self._cpu[name].append(found["cpu_us"])
        return Slice(found["rate"])
