"""What the README promises, held against what is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pulumi_datadog_cases as cases

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.+?)```", README, re.DOTALL)


def test_every_program_type_checks(tmp_path: Path) -> None:
    files = []
    for number, program in enumerate(PROGRAMS):
        file = tmp_path / f"program_{number}.py"
        file.write_text(program, encoding="utf-8")
        files.append(str(file))
    assert files
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), *files],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MYPYPATH": str(Path(cases.__file__).parents[1])},
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("name", "described"),
    re.findall(r"^\| \[`(\w+)`\]\(.+?\) \| (.+?) \|", README, re.MULTILINE),
)
def test_the_table_of_resources_tells_what_is(name: str, described: str) -> None:
    required, _, optional = described.partition("[")
    kind = getattr(cases, name).Provider.kind
    words = re.findall(r"\w+", described)
    assert words == list(kind.inputs)
    assert set(re.findall(r"\*\*(\w+)\*\*", described)) == {
        name for name, p in kind.inputs.items() if p.replaces
    }
    assert set(re.findall(r"\w+", required)) == {n for n, p in kind.inputs.items() if p.required}
    assert optional == "" or optional.endswith("]")


def test_the_table_has_every_resource() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]", README, re.MULTILINE)
    assert sorted(rows) == sorted(set(cases.resources.__all__) - {"Provider"})
