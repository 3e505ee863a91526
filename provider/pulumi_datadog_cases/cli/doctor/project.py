"""Checks what runs the program of the current folder's Pulumi project: a Python or the plugin."""

import os
import shutil
import subprocess
from collections.abc import Generator, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, warning
from pulumi_datadog_cases.cli.doctor.machine import DISTRIBUTION
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.pulumi_cli import Runtime, project_file, read_runtime

#: The command that Pulumi runs as the native plugin.
_PLUGIN: Final = "pulumi-resource-datadog-cases"

_ASK_VERSION: Final = f"from importlib.metadata import version; print(version({DISTRIBUTION!r}))"


def program() -> Iterator[CheckResult]:
    """Check that the project's Python has this version of the package.

    For other languages, check that Pulumi finds the native plugin.
    """
    file = project_file()
    if file is None:
        yield ok("project", "not in a Pulumi project")
        return
    try:
        runtime = read_runtime(file)
    except CommandError as problem:
        yield error("project", str(problem), "correct it")
        return
    if not runtime.name:
        yield error("project", f"{file} has no runtime", "add a line such as `runtime: python`")
        return
    if runtime.name != "python":
        yield _plugin(file, runtime)
        return
    python = yield from _python_of(file, runtime)
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


def _python_of(file: Path, runtime: Runtime) -> Generator[CheckResult, None, str | None]:
    """Return the Python that runs a project's program.

    This function follows the same rules as Pulumi's language host, whose package `toolchain`
    chooses the Python.
    """
    if runtime.toolchain == "poetry":
        return (yield from _python_of_poetry(file))
    if runtime.virtualenv:
        return (yield from _python_in(file.parent / runtime.virtualenv, file))
    if runtime.toolchain == "uv":
        return (yield from _python_in(_environment_of_uv(file.parent), file))
    return (yield from _python_on_path())


def _plugin(file: Path, runtime: Runtime) -> CheckResult:
    """Check that Pulumi finds the native plugin, which programs in other languages need."""
    own = metadata.version(DISTRIBUTION)
    if command := shutil.which(_PLUGIN):
        return ok("project", f"{file} ({runtime.name}) uses the native plugin {command}")
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    if (installed := home / "plugins" / f"resource-datadog-cases-v{own}").is_dir():
        return ok("project", f"{file} ({runtime.name}) uses the native plugin in {installed}")
    return warning(
        "project",
        f"{file} is a project in {runtime.name}, and the native plugin {_PLUGIN} is not on PATH",
        f"activate the virtual environment that has {DISTRIBUTION}, or install the archive of the "
        f"plugin in version {own}",
    )


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
