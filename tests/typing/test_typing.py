"""What mypy and basedpyright make of programs: `right.py`, and one mistake in each of `wrong/`.

The line with the mistake ends in `# wrong: <mypy's code>, <basedpyright's rule>`.
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

pytestmark = pytest.mark.xdist_group("typing")  # one run of each checker

#: What a checker says of a file: pairs of line and kind of error.
Said = Mapping[Path, set[tuple[int, str]]]


def run(*command: str) -> str:
    """A checker's output about all programs; that it finds errors is what it is run for."""
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


def gathered(errors: Iterable[tuple[Path, int, str]]) -> Said:
    said: defaultdict[Path, set[tuple[int, str]]] = defaultdict(set)
    for path, line, kind in errors:
        said[path].add((line, kind))
    return said


@pytest.fixture(scope="module")
def mypy() -> Said:
    lines = run("mypy", "--strict", "--output", "json").splitlines()
    found = [json.loads(line) for line in lines]
    return gathered((ROOT / each["file"], each["line"], each["code"]) for each in found)


@pytest.fixture(scope="module")
def basedpyright() -> Said:
    found = json.loads(run("basedpyright", "--outputjson", "--pythonpath", sys.executable))
    return gathered(
        (Path(each["file"]), each["range"]["start"]["line"] + 1, each["rule"])
        for each in found["generalDiagnostics"]
    )


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_checkers_report_mistake_on_its_line(path: Path, mypy: Said, basedpyright: Said) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = (re.search(r"# wrong: (\S+), (\S+)$", line) for line in lines)
    ((line, mark),) = ((at, mark) for at, mark in enumerate(marks, start=1) if mark)
    assert mypy[path] == {(line, mark[1])}
    # It says several things about a name it does not know.
    assert (line, mark[2]) in basedpyright[path]
    assert {at for at, _ in basedpyright[path]} == {line}


def test_checkers_accept_correct_program(mypy: Said, basedpyright: Said) -> None:
    assert RIGHT not in mypy
    assert RIGHT not in basedpyright
