import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
TARGETS = (
    *("demo", "board", "demo-clean", "test", "test-live", "soak", "bench", "lint", "docs"),
    *("generate", "dist", "env", "clean"),
)

Write = Callable[[Path, str], Path]


class Checkout:
    """A checkout in a folder of its own, on a machine that has Pulumi."""

    def __init__(self, root: Path, pulumi: Path) -> None:
        self.root = root
        self.cache = root / "cache"
        self.path = os.pathsep.join([str(pulumi), os.environ["PATH"]])
        (root / "tools").mkdir(parents=True)
        shutil.copytree(CHECKOUT / "tools" / "pulumi", root / "tools" / "pulumi")
        for name in ("Makefile", "constraints.txt", "pyproject.toml", "tools/env.py"):
            shutil.copy2(CHECKOUT / name, root / name)

    def has_environment(self) -> None:
        """Stand in for the virtual environment, as made after all that it is made from."""
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
    # A quote and a blank: folders may be called anything.
    return Checkout(tmp_path / "it's a checkout", pulumi(tmp_path / "pulumi", "v3.259.0"))


def test_env_prints_nothing_but_exports(checkout: Checkout) -> None:
    checkout.has_environment()
    done = checkout.run("make", "-s", "env")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout
    assert all(line.startswith("export ") for line in done.stdout.splitlines())


def test_env_puts_the_virtual_environment_before_pulumi_and_all_else(checkout: Checkout) -> None:
    checkout.has_environment()
    done = checkout.run("bash", "-c", 'eval "$(make -s env)" && echo "$PATH"')
    assert done.stdout == f"{checkout.root}/.venv/bin:{checkout.path}\n"


def test_env_twice_is_env_once(checkout: Checkout) -> None:
    checkout.has_environment()
    once = checkout.run("bash", "-c", 'eval "$(make -s env)"; echo "$PATH"')
    twice = checkout.run("bash", "-c", 'eval "$(make -s env)"; eval "$(make -s env)"; echo "$PATH"')
    assert once.stdout == twice.stdout != ""


def test_without_pulumi_no_test_is_run(checkout: Checkout, tmp_path: Path) -> None:
    checkout.has_environment()
    checkout.cache.touch()  # a file where a folder must be: no way to get Pulumi is open
    for tool in ("make", "sh"):
        found = shutil.which(tool)
        assert found is not None
        link = tmp_path / "only" / tool
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(found)
    checkout.path = str(tmp_path / "only")
    done = checkout.run("make", "test")
    assert done.returncode != 0
    assert "error: cannot keep Pulumi" in done.stderr
    assert "pytest: " not in done.stderr


def test_a_python_that_is_too_old_is_an_error_that_says_what_to_do(
    checkout: Checkout, tmp_path: Path, program: Write
) -> None:
    old = program(
        tmp_path / "old-python",
        "import sys\nif '--version' in sys.argv: print('Python 3.9.2')\nelse: sys.exit(1)",
    )
    done = checkout.run("make", "env", f"PYTHON={old}")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "is Python 3.9.2: Python 3.11 or newer is needed" in done.stderr
    assert "make PYTHON=" in done.stderr


def test_live_tests_without_keys_are_an_error_that_names_the_key(checkout: Checkout) -> None:
    checkout.has_environment()
    done = checkout.run("make", "test-live")
    assert done.returncode != 0
    assert "error: DD_API_KEY is not set" in done.stderr


def test_make_alone_tells_the_targets(checkout: Checkout) -> None:
    told = [line.split()[1] for line in checkout.run("make").stdout.splitlines()]
    assert set(TARGETS) <= set(told)
