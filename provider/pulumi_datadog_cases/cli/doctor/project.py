"""Checks the Python that runs the program of the current folder's Pulumi project."""

import os
import shutil
import subprocess
from collections.abc import Generator, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import yaml

from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, warning
from pulumi_datadog_cases.cli.doctor.machine import DISTRIBUTION
from pulumi_datadog_cases.cli.pulumi_cli import project_file

_ASK_VERSION: Final = f"from importlib.metadata import version; print(version({DISTRIBUTION!r}))"


def program() -> Iterator[CheckResult]:
    """Check that the project's Python exists, and that it has this package in this version."""
    file = project_file()
    if file is None:
        yield ok("project", "not in a Pulumi project")
        return
    python = yield from _python_of(file)
    if python is None:
        return
    done = subprocess.run(  # noqa: S603 - Pulumi runs it too
        [python, "-c", _ASK_VERSION], capture_output=True, text=True, check=False
    )
    version, own = done.stdout.strip(), metadata.version(DISTRIBUTION)
    if done.returncode:
        yield error(
            "project",
            f"{python}, with which Pulumi runs the program of {file}, has no {DISTRIBUTION}",
            f"if the project requires {DISTRIBUTION}, run `pulumi install`; otherwise run "
            f"`{python} -m pip install {DISTRIBUTION}`, or activate the virtual environment that "
            f"has {DISTRIBUTION}",
        )
    elif version != own:
        yield warning(
            "project",
            f"the program of {file} runs with {DISTRIBUTION} {version}, but this command is {own}",
            f"use the `datadog-cases` next to {python}",
        )
    else:
        yield ok("project", f"{file} runs with {python}, which has {DISTRIBUTION} {version}")


def _python_of(file: Path) -> Generator[CheckResult, None, str | None]:
    """Return the Python that runs a project's program.

    This function follows the same rules as Pulumi's language host, whose package `toolchain`
    chooses the Python.
    """
    try:
        declared: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as problem:
        yield error("project", f"{file} cannot be read: {problem}", "correct it")
        return None
    match declared:
        case {"runtime": {"name": "python", "options": {"toolchain": "poetry"}}}:
            return (yield from _python_of_poetry(file))
        case {"runtime": {"name": "python", "options": {"virtualenv": str(folder)}}} if folder:
            return (yield from _python_in(file.parent / folder, file))
        case {"runtime": {"name": "python", "options": {"toolchain": "uv"}}}:
            return (yield from _python_in(_environment_of_uv(file.parent), file))
        case {"runtime": "python" | {"name": "python"}}:
            return (yield from _python_on_path())
        case _:
            yield warning(
                "project",
                f"{file} is not a Python project",
                "declare resources in a Python project, or use the native plugin",
            )
            return None


def _python_in(environment: Path, file: Path) -> Generator[CheckResult, None, str | None]:
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if python.is_file():
        return str(python)
    yield error(
        "project",
        f"{file} runs its program in the virtual environment {environment}, which does not exist",
        "run `pulumi install` to create it",
    )
    return None


def _environment_of_uv(project: Path) -> Path:
    for name in ("uv.lock", "pyproject.toml"):
        for folder in (project, *project.parents):
            if (folder / name).exists():
                return folder / ".venv"
    return project / ".venv"


def _python_of_poetry(file: Path) -> Generator[CheckResult, None, str | None]:
    python = ""
    if poetry := shutil.which("poetry"):
        command = [poetry, "env", "info", "--executable"]
        python = subprocess.run(  # noqa: S603 - as above
            command, cwd=file.parent, capture_output=True, text=True, check=False
        ).stdout.strip()
    if not python:
        lacks = f"{file} uses poetry, which is not installed or has no environment"
        yield error("project", lacks, "install poetry, then run `pulumi install`")
    return python or None


def _python_on_path() -> Generator[CheckResult, None, str | None]:
    names = ["python", "python3"] if os.name == "nt" else ["python3", "python"]
    if own := os.environ.get("PULUMI_PYTHON_CMD"):
        names = [own]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        looked_for = " nor ".join(names)
        yield error("project", f"no {looked_for} on PATH", "activate the virtual environment")
    return found
