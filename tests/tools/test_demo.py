"""Tests of `tools/demo.py` (`make demo`).

The tests run the script in a copy of the files that it needs.
"""

import itertools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]


@pytest.mark.pulumi
def test_demo_passes_and_clean_removes_its_files(tmp_path: Path) -> None:
    for part in ("tools", "examples/quickstart"):
        (tmp_path / part).mkdir(parents=True)
    for file in ("Pulumi.yaml", "tools/demo.py", "examples/quickstart/__main__.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    files = sorted(tmp_path.iterdir())
    demo = [sys.executable, str(tmp_path / "tools/demo.py")]

    shown = subprocess.run(demo, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stdout[-3000:] + shown.stderr
    assert "All steps passed" in shown.stdout

    assert_board_repairs(demo)

    subprocess.run([*demo, "--clean"], capture_output=True, check=True)
    assert sorted(tmp_path.iterdir()) == files


def assert_board_repairs(demo: list[str]) -> None:
    """Change a case, press Enter, and check that the demo shows and repairs the change."""
    keys = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
    with subprocess.Popen(
        [*demo, "--board"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as board:
        assert board.stdin is not None
        assert board.stdout is not None
        url = next(line for line in board.stdout if "The board: " in line).split()[-1]
        case = f"{url}/api/v2/cases/SECOPS-1"

        def title() -> str:
            response = requests.get(case, headers=keys, timeout=30)
            return str(response.json()["data"]["attributes"]["title"])

        declared = title()
        assert declared in requests.get(url, timeout=30).text
        change = {"data": {"type": "case", "attributes": {"title": "Changed"}}}
        requests.post(f"{case}/title", json=change, headers=keys, timeout=30)
        assert title() == "Changed"
        board.stdin.write("\n")
        board.stdin.flush()
        shown = "".join(itertools.takewhile(lambda line: "Repaired." not in line, board.stdout))
        assert f'"{declared}" => "Changed"' in shown
        assert title() == declared
        board.stdin.close()
    assert board.returncode == 0
