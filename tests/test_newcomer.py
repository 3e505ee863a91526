"""Follows the chapter of CONTRIBUTING.md on new resources, in a copy of the repository.

The tests write the files that the chapter lists, and run the commands that the chapter names.
Besides these files, only the files that `make generate` writes may change.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHAPTER = re.split(r"^## ", TEXT, flags=re.MULTILINE)[-2]
BLOCKS = re.MULTILINE | re.DOTALL

#: The files to write: the text of each file by its path.
FILES = dict(re.findall(r'^```python title="(.+?)"\n(.+?)```$', CHAPTER, BLOCKS))
#: The shell commands to run.
(SHELL,) = re.findall(r"^```sh\n(.+?)```$", CHAPTER, BLOCKS)
GENERATE, *TESTS, LINT = (shlex.split(line, comments=True) for line in SHELL.splitlines())

GENERATED = {
    "docs/coverage.md",
    "docs/examples.md",
    "docs/reference/resources.md",
    "provider/pulumi_datadog_cases/plugin/schema.json",
    "provider/pulumi_datadog_cases/resources/__init__.py",
    "tools/docs/translations.json",
}

pytestmark = [pytest.mark.pulumi, pytest.mark.xdist_group("newcomer")]  # all tests share one copy


class Copy:
    """A copy of the repository with its uncommitted changes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        listed = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 - found on PATH
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
        self.run("git", "init", "--quiet")
        self.run("git", "add", "--all", "--force")

    def run(self, *command: str) -> str:
        """Run a command, which must succeed; return its output."""
        provider = str(self.root / "provider")
        done = subprocess.run(
            command,
            cwd=self.root,
            # Python must import the copy. The installed package is that of the original repository.
            env={**os.environ, "PYTHONPATH": provider, "MYPYPATH": provider},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(command)}: {done.stdout}"
        return done.stdout

    def python(self, *arguments: str) -> str:
        """Run Python from the tests' environment; return its output."""
        return self.run(sys.executable, *arguments)

    def changed(self) -> set[str]:
        """Return the new and the changed files."""
        new = self.run("git", "ls-files", "--others", "--exclude-standard")
        return {*self.run("git", "diff", "--name-only").split(), *new.split()}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy with the new resource's files, after `make generate`."""
    copy = Copy(tmp_path_factory.mktemp("newcomer"))
    for name, text in FILES.items():
        (copy.root / name).parent.mkdir(exist_ok=True)
        (copy.root / name).write_text(text, encoding="utf-8")
    # Use the virtual environment of these tests, even if make considers it outdated.
    environment = f"BIN={Path(sys.executable).parent}"
    copy.run(*GENERATE, environment, "--old-file=.venv/.installed")
    return copy


def test_only_listed_and_generated_files_change(copy: Copy) -> None:
    source, test, example = FILES
    assert re.fullmatch(r"provider/pulumi_datadog_cases/resources/\w+\.py", source)
    assert re.fullmatch(r"tests/resources/test_\w+\.py", test)
    assert re.fullmatch(r"examples/\w+/__main__\.py", example)
    assert copy.changed() == {*FILES, *GENERATED}
    (cls,) = re.findall(r"^class (\w+)", FILES[source], re.MULTILINE)
    for name in GENERATED:
        text = (copy.root / name).read_text(encoding="utf-8")
        assert cls in text or f"(../{example})" in text, name


@pytest.mark.parametrize("command", TESTS, ids=shlex.join)
def test_chapter_tests_pass(copy: Copy, command: list[str]) -> None:
    output = copy.python("-m", *command, "-p", "no:cacheprovider")
    assert re.search(r"\d+ passed", output)
    assert "skipped" not in output


def test_chapter_code_passes_lint(copy: Copy) -> None:
    assert LINT == ["make", "lint"]
    copy.python("-m", "ruff", "check", *FILES)
    copy.python("-m", "ruff", "format", "--check", *FILES)
    copy.python("-m", "mypy", "--strict", "--cache-dir=.mypy_cache", *FILES)
    for tool in ("tools.catalogue", "tools.api_coverage", "tools.docs.tables"):
        copy.python("-m", tool, "--check")
