"""Writes requirements.lock and requirements-dev.lock: names, versions and hashes, no addresses."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = {
    "requirements.lock": ("--group", "install"),
    "requirements-dev.lock": ("--group", "install", "--group", "dev"),
}
UV = (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes")
HEADER = "# Locked by `make lock`; installed with hashes checked.\n"


def lock(name: str, groups: tuple[str, ...]) -> None:
    options = ("--no-header", "--no-emit-index-url", "--python-version", "3.11")
    command = [*UV, *options, "pyproject.toml", *groups, "--output-file", name]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    path = ROOT / name
    text = path.read_text()
    if "://" in text:
        raise SystemExit(f"{name} names an address")
    path.write_text(HEADER + text)


if __name__ == "__main__":
    for name, groups in LOCKS.items():
        lock(name, groups)
        print(f"{name} written")
