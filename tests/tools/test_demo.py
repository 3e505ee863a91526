"""The demo, run as `make demo` runs it, in a copy of the files it needs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.pulumi
def test_the_demo_is_as_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for part in ("tools", "examples/quickstart"):
        (tmp_path / part).mkdir(parents=True)
    for file in ("Pulumi.yaml", "tools/demo.py", "examples/quickstart/__main__.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    before = sorted(tmp_path.iterdir())
    demo = [sys.executable, str(tmp_path / "tools/demo.py")]

    shown = subprocess.run(demo, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stdout[-3000:] + shown.stderr
    assert "All as said" in shown.stdout

    subprocess.run([*demo, "--clean"], capture_output=True, check=True)
    assert sorted(tmp_path.iterdir()) == before
