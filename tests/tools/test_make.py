import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
TARGETS = (
    *("demo", "board", "demo-clean", "test", "test-lowest", "test-live", "soak", "bench"),
    *("lint", "docs", "generate", "dist", "env", "clean"),
)

Write = Callable[[Path, str], Path]


class Checkout:
    """A copy of the checkout, with a fake Pulumi on PATH."""

    def __init__(self, root: Path, pulumi: Path) -> None:
        self.root = root
        self.cache = root / "cache"
        self.path = os.pathsep.join([str(pulumi), os.environ["PATH"]])
        (root / "tools").mkdir(parents=True)
        shutil.copytree(CHECKOUT / "tools" / "pulumi", root / "tools" / "pulumi")
        for name in ("Makefile", "constraints.txt", "pyproject.toml", "tools/env.py"):
            shutil.copy2(CHECKOUT / name, root / name)

    def add_environment(self) -> None:
        """Create a fake virtual environment that make considers up to date."""
        folder = self.root / ".venv" / "bin"
        folder.mkdir(parents=True)
        (folder / "python").symlink_to(sys.executable)
        (self.root / ".venv" / ".installed").touch()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.root,
            env={"PATH": self.path, "PULUMI_DATADOG_CASES_CACHE": str(self.cache)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path, pulumi: Write) -> Checkout:
    # The path has a quote and spaces, to test how make quotes it.
    return Checkout(tmp_path / "it's a checkout", pulumi(tmp_path / "pulumi", "v3.259.0"))


def test_env_prints_only_exports(checkout: Checkout) -> None:
    checkout.add_environment()
    process = checkout.run("make", "-s", "env")
    assert process.returncode == 0, process.stderr
    assert process.stderr == ""
    assert process.stdout
    assert all(line.startswith("export ") for line in process.stdout.splitlines())


def test_env_puts_virtual_environment_first(checkout: Checkout) -> None:
    checkout.add_environment()
    process = checkout.run("bash", "-c", 'eval "$(make -s env)" && echo "$PATH"')
    assert process.stdout == f"{checkout.root}/.venv/bin:{checkout.path}\n"


def test_env_is_idempotent(checkout: Checkout) -> None:
    checkout.add_environment()
    once = checkout.run("bash", "-c", 'eval "$(make -s env)"; echo "$PATH"')
    twice = checkout.run("bash", "-c", 'eval "$(make -s env)"; eval "$(make -s env)"; echo "$PATH"')
    assert once.stdout == twice.stdout != ""


def test_test_fails_without_pulumi(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add_environment()
    checkout.cache.touch()  # a file instead of a folder: Pulumi cannot be installed
    for tool in ("make", "sh"):
        executable = shutil.which(tool)
        assert executable is not None
        link = tmp_path / "only" / tool
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(executable)
    checkout.path = str(tmp_path / "only")
    process = checkout.run("make", "test")
    assert process.returncode != 0
    assert "error: cannot write Pulumi" in process.stderr
    assert "pytest: " not in process.stderr


def test_old_python_is_rejected_with_advice(
    checkout: Checkout, tmp_path: Path, program: Write
) -> None:
    old = program(
        tmp_path / "old-python",
        "import sys\nif '--version' in sys.argv: print('Python 3.9.2')\nelse: sys.exit(1)",
    )
    process = checkout.run("make", "env", f"PYTHON={old}")
    assert process.returncode != 0
    assert process.stdout == ""
    assert "is Python 3.9.2: Python 3.11 or newer is needed" in process.stderr
    assert "make PYTHON=" in process.stderr


def test_live_tests_name_missing_key(checkout: Checkout) -> None:
    checkout.add_environment()
    process = checkout.run("make", "test-live")
    assert process.returncode != 0
    assert "error: DD_API_KEY is not set" in process.stderr


def test_make_lists_targets(checkout: Checkout) -> None:
    listed = [line.split()[1] for line in checkout.run("make").stdout.splitlines()]
    assert set(TARGETS) <= set(listed)
