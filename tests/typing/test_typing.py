"""Checks programs with mypy and basedpyright: `right.py`, and the programs in `wrong/`.

Each program in `wrong/` has one mistake. The line with the mistake ends in
`# wrong: <mypy's code>, <basedpyright's rule>`.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RIGHT = HERE / "right.py"
WRONG = sorted((HERE / "wrong").glob("*.py"))

pytestmark = pytest.mark.xdist_group("typing")  # all tests share one run of each checker

#: A checker's errors by file: pairs of line and error code.
Reports = Mapping[Path, set[tuple[int, str]]]


def run(*command: str) -> str:
    """Run a checker on all programs, and return its output. The checker must find errors."""
    programs = [str(path) for path in (RIGHT, *WRONG)]
    done = subprocess.run(
        [sys.executable, "-m", *command, *programs],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def by_file(errors: Iterable[tuple[Path, int, str]]) -> Reports:
    reports: defaultdict[Path, set[tuple[int, str]]] = defaultdict(set)
    for path, line, code in errors:
        reports[path].add((line, code))
    return reports


@pytest.fixture(scope="module")
def mypy() -> Reports:
    lines = run("mypy", "--strict", "--output", "json").splitlines()
    found = [json.loads(line) for line in lines]
    return by_file((ROOT / each["file"], each["line"], each["code"]) for each in found)


@pytest.fixture(scope="module")
def basedpyright() -> Reports:
    found = json.loads(run("basedpyright", "--outputjson", "--pythonpath", sys.executable))
    return by_file(
        (Path(each["file"]), each["range"]["start"]["line"] + 1, each["rule"])
        for each in found["generalDiagnostics"]
    )


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_checkers_report_mistake_on_its_line(
    path: Path, mypy: Reports, basedpyright: Reports
) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = (re.search(r"# wrong: (\S+), (\S+)$", line) for line in lines)
    ((line, mark),) = ((at, mark) for at, mark in enumerate(marks, start=1) if mark)
    assert mypy[path] == {(line, mark[1])}
    # For an unknown name, basedpyright reports several errors. All of them must be on this line.
    assert (line, mark[2]) in basedpyright[path]
    assert {at for at, _ in basedpyright[path]} == {line}


def test_checkers_accept_correct_program(mypy: Reports, basedpyright: Reports) -> None:
    assert RIGHT not in mypy
    assert RIGHT not in basedpyright
