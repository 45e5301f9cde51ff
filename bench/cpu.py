"""CPU time of this process and of the server's, which is steadier than the clock on the wall."""

import os
import resource
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Cpu:
    """Between `start` and `spent`."""

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster
        self._began = (0.0, 0.0)

    def start(self) -> None:
        self._began = (client(), server(self._postmaster))

    def spent(self, events: int) -> tuple[float, float]:
        """Microseconds per event, of ours and of the server's."""
        ours, theirs = self._began
        micros = 1e6 / events
        return (client() - ours) * micros, (server(self._postmaster) - theirs) * micros


def client() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def server(postmaster: int) -> float:
    """The postmaster, its children, and those children that are gone."""
    processes = [p for p in Path("/proc").iterdir() if p.name.isdigit()]
    found = [stat for p in processes if (stat := read_stat(p)) is not None]
    mine = [s for s in found if int(s[0]) == postmaster or int(s[2]) == postmaster]
    ticks = sum(int(s[12]) + int(s[13]) for s in mine)
    ended = next((int(s[14]) + int(s[15]) for s in mine if int(s[0]) == postmaster), 0)
    return (ticks + ended) / TICKS


def read_stat(process: Path) -> list[str] | None:
    """pid, state, parent, …; the command's name, which may hold spaces, is left out."""
    try:
        text = (process / "stat").read_text()
    except OSError:
        return None
    head, _, tail = text.rpartition(") ")
    return [head.split(" ", 1)[0], *tail.split()]
