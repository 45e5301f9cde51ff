"""The broker's jars, which Maven resolves once into a folder that is kept between runs."""

import fcntl
import hashlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
CACHE = HERE.parents[1] / ".kafka"
OLDEST_JAVA = 17
PATIENCE = 600


class KafkaUnavailable(Exception):
    """Apache Kafka cannot be run here; the message says what is absent."""


def resolved(cache: Path = CACHE) -> Path:
    """The folder with the jars of this pom.xml, downloaded if it is not there yet."""
    java()
    folder = cache / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test workers ask at the same moment
        if not folder.exists():
            _download(folder)
    return folder


@cache
def java() -> str:
    """The java to run; refused if it is older than Kafka needs."""
    found = shutil.which("java")
    if found is None:
        raise KafkaUnavailable("there is no java on the PATH")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version.group(1)) < OLDEST_JAVA:
        raise KafkaUnavailable(f"{found} is older than Java {OLDEST_JAVA}")
    return found


def _download(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("there is no mvn on the PATH")
    half = folder.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    goal = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={half}")
    command = [maven, "-q", "-B", "-C", "-f", str(POM), *goal]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise KafkaUnavailable(f"mvn did not end within {PATIENCE} s") from None
    if done.returncode != 0:
        raise KafkaUnavailable(f"mvn cannot resolve the jars:\n{done.stdout[-2000:]}")
    half.rename(folder)
