"""The how-to page, followed to the letter in a copy of the tree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-kind-of-record.md"
COPIED = ("services", "schemas", "tools", "tests", "pyproject.toml")
LOOK = """
from io import BytesIO
from services.casefile.domain.catalogue import catalogue
from services.casefile.importing.template import write_template
from services.casefile.labels import labels
from services.casefile.api.commands import Commands
from services.casefile.api.gate import Gate
from services.casefile.api.openapi import variants
from services.casefile.console.forms.fields import form_of
import openpyxl

kind = catalogue().slug("vision_screening")
assert labels("zh").kind(kind.label) == "视力检查"
operations = Commands(None, catalogue(), Gate(None)).operations()
paths = [path for operation in operations for path, _ in variants(operation)]
assert any("vision_screening" in path for path in paths)
assert {"left_tenths", "right_tenths"} <= {field.path for field in form_of(kind).first}
book = BytesIO()
write_template(book, catalogue())
assert "视力检查" in openpyxl.load_workbook(book).sheetnames
"""


def block(language: str) -> str:
    [code] = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    return code


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], check=False, cwd=folder, capture_output=True, text=True
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts and not p.name.startswith(".")
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def follow_the_page(folder: Path) -> None:
    families = folder / "services/casefile/domain/families/health.py"
    words = folder / "services/casefile/locale/zh_CN/LC_MESSAGES/health.po"
    families.write_text(families.read_text() + "\n\n" + block("python"))
    words.write_text(words.read_text() + "\n" + block("po"))
    example = folder / "schemas/records/vision_screening.v1.example.json"
    example.write_text(block("json"))
    for tool in ("tools.schemas", "tools.golden", "tools.messages"):
        done = run(folder, "-m", tool)
        assert done.returncode == 0, done.stderr


def test_following_the_page_touches_the_family_the_schema_and_the_labels_only(copy: Path):
    before = files_of(copy)

    follow_the_page(copy)

    touched = {name for name, content in files_of(copy).items() if before.get(name) != content}
    assert touched == {
        "services/casefile/domain/families/health.py",
        "services/casefile/locale/zh_CN/LC_MESSAGES/health.po",
        "schemas/records/vision_screening.v1.example.json",
        "schemas/records/vision_screening.v1.schema.json",
        "schemas/messages/casefile.vision-screened.v1.example.json",
        "schemas/messages/casefile.vision-screened.v1.schema.json",
        "schemas/asyncapi.yaml",
        "tests/golden/VisionScreened.json",
    }


def test_the_new_kind_is_everywhere_it_should_be(copy: Path):
    follow_the_page(copy)

    looked = run(copy, "-c", LOOK)
    tested = run(
        copy,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/contract",
        "tests/casefile/test_labels_agree.py",
        "-k",
        "vision or label or every",
    )

    assert looked.returncode == 0, looked.stderr
    assert tested.returncode == 0, tested.stdout
