"""One finding of `casefile doctor`."""

from typing import NamedTuple


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    is_well: bool
    finding: str
    remedy: str = ""
