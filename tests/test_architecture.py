"""Compares the files, packages and tests that docs/architecture.md names with the source."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "provider" / "pulumi_datadog_cases"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

NAMED_TESTS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
#: Canary tests check assumptions about the Pulumi SDK. Comments and docstrings in the
#: package refer to them in this form: `Canary: test_resource.py::test_canary_name`.
CANARIES = {
    match[1]
    for file in PACKAGE.rglob("*.py")
    for match in re.finditer(r"Canary: (\w+\.py::\w+)", file.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(("file", "name"), NAMED_TESTS)
def test_named_tests_exist(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def test_canaries_are_listed() -> None:
    assert CANARIES
    assert {f"{Path(file).name}::{name}" for file, name in NAMED_TESTS} >= CANARIES


def test_named_files_exist() -> None:
    named = re.findall(r"`((?:[\w.]+/)+[\w.]*|[\w]+\.(?:py|toml))`", PAGE)
    assert named
    missing = [each for each in named if not any((r / each).exists() for r in (ROOT, PACKAGE))]
    assert missing == []


def test_every_package_is_described() -> None:
    provider = ROOT / "provider"
    parts = [*provider.iterdir(), *PACKAGE.iterdir()]
    folders = {part for part in parts if (part / "__init__.py").exists()} - {PACKAGE}
    described = set(re.findall(r"^\| `(\S+)/` \|", PAGE, re.MULTILINE))
    assert {str(folder.relative_to(ROOT)) for folder in folders} == described
