"""The image holds what it runs and nothing else, is pinned, and runs as nobody in particular."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.deploy.stack import DEPLOY, ROOT, ours

LINES = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
IGNORED = (DEPLOY / "Dockerfile.dockerignore").read_text().split()


def steps(word: str) -> list[str]:
    return [line.removeprefix(f"{word} ") for line in LINES if line.startswith(f"{word} ")]


def test_the_base_is_pinned_to_a_release_and_the_same_twice():
    bases = {line.split()[0] for line in steps("FROM")}

    assert len(bases) == 1
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", bases.pop())


def test_the_python_is_new_enough():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    minor = re.search(r"python:3\.(\d+)", steps("FROM")[0])

    assert minor
    assert int(minor[1]) >= int(wanted.removeprefix(">=3."))


def test_what_is_installed_is_what_was_locked():
    installs = [line for line in steps("RUN") if "pip install" in line]

    assert "--require-hashes" in installs[0]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert not any("://" in line for line in installs)


def test_it_ends_as_the_user_that_compose_names():
    last = LINES[max(i for i, line in enumerate(LINES) if line.startswith("FROM ")) :]
    [user] = [line.removeprefix("USER ") for line in last if line.startswith("USER ")]

    assert {each["user"] for each in ours().values()} == {user}
    assert last.index(f"USER {user}") > max(
        i for i, line in enumerate(last) if line.startswith(("RUN", "COPY"))
    )


@pytest.mark.parametrize("rule", ["latest", "sudo", "ADD ", "curl ", "ARG ", "apt-get upgrade"])
def test_it_does_nothing_that_linters_of_images_refuse(rule: str):
    assert not [line for line in LINES if rule in line and not line.startswith("#")]


def test_it_runs_commands_in_the_exec_form():
    assert all(line.startswith("[") for word in ("CMD", "ENTRYPOINT") for line in steps(word))


def test_only_what_is_copied_goes_to_the_builder():
    copied = {p for line in steps("COPY") if "--from" not in line for p in line.split()[:-1]}

    assert IGNORED[IGNORED.index("*")] == "*"
    assert {f"!{path}" for path in copied} <= set(IGNORED)
    assert all((ROOT / path).exists() for path in copied)


def test_the_package_holds_every_file_of_the_services(tmp_path: Path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())

    tracked = subprocess.run(
        ["git", "ls-files", "services"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert tracked
    assert set(tracked) <= packed
