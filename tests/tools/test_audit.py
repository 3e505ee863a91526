import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

AUDIT = Path(__file__).parents[2] / "tools" / "audit.py"

CLEAN = {"name": "certifi", "version": "2026.1.1", "vulns": []}
VULNERABLE = {
    "name": "requests",
    "version": "2.31.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.32.0"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
SKIPPED = {"name": "idna", "skip_reason": "Dependency not found on PyPI: idna (3.20)"}


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(AUDIT)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def audit(tmp_path: Path, *packages: dict[str, Any]) -> tuple[int, list[str]]:
    """Run the audit with a fake pip-audit; return exit code and output."""
    result = json.dumps({"dependencies": packages, "fixes": []})
    (tmp_path / "pip_audit.py").write_text(f"print({result!r})")
    process = run(PYTHONPATH=str(tmp_path))
    return process.returncode, process.stdout.splitlines()


def test_clean_packages_pass(tmp_path: Path) -> None:
    assert audit(tmp_path, CLEAN) == (0, ["audit: 1 packages, no known vulnerability"])


def test_vulnerable_packages_fail(tmp_path: Path) -> None:
    assert audit(tmp_path, CLEAN, VULNERABLE) == (
        1,
        [
            "audit: requests 2.31.0 has PYSEC-1, fixed in 2.32.0",
            "audit: requests 2.31.0 has PYSEC-2, fixed in no version yet",
        ],
    )


def test_skipped_packages_are_reported_as_not_checked(tmp_path: Path) -> None:
    code, output = audit(tmp_path, CLEAN, SKIPPED)
    assert code == 0
    assert output == [
        "audit: NOT CHECKED: 1 of 2 packages: Dependency not found on PyPI: idna (3.20)"
    ]
    assert audit(tmp_path, VULNERABLE, SKIPPED)[0] == 1


def test_unreachable_pypi_is_reported_and_passes(tmp_path: Path) -> None:
    process = run(HTTPS_PROXY="http://127.0.0.1:9", NO_PROXY="", PIP_CACHE_DIR=str(tmp_path))
    assert process.returncode == 0
    assert len(process.stdout.splitlines()) == 1
    assert "audit: NOT CHECKED: " in process.stdout
    assert "pypi.org" in process.stdout
