"""Packages of npm that only tests use: installed once from a lock file with hashes and no addresses."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

PATIENCE = 240


def installed(folder: Path, what: str) -> str:
    """Node, with the packages of the folder's lock file beside it; without npm, nothing is checked."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        without(what, "there is no npm on the PATH")
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test workers ask at the same moment
        if not is_fresh(folder):
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
            if done.returncode != 0:
                without(what, f"npm ci failed:\n{done.stderr[-1000:]}")
    return node


def is_fresh(folder: Path) -> bool:
    known, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    return known.exists() and known.stat().st_mtime >= wanted.stat().st_mtime


def without(what: str, why: str) -> None:
    said = f"NOT CHECKED BY {what}: {why}. Install Node.js with npm."
    if os.environ.get("CASEFILE_TEST_NPM") == "required":
        pytest.fail(said, pytrace=False)
    pytest.skip(said)
