"""A fault of our own as the log may have it: its type and its frames.

Its message and its variables may quote what somebody sent, so neither is ever written down.
"""

import traceback
from pathlib import Path
from typing import Any

HOME = str(Path(__file__).resolve().parents[3])
DEEPEST = 12


def fault(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    return {
        "error": " < ".join(type(each).__qualname__ for each in causes(error)),
        "frames": [f"{f.filename.removeprefix(HOME)}:{f.lineno} {f.name}" for f in frames],
    }


def causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
