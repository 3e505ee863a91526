"""Checks Python, the packages, and Pulumi with its plugins for the program's language."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.pulumi_cli import project_file, read_runtime, run_pulumi

DISTRIBUTION: Final = "pulumi-datadog-cases"
# `pulumi import --file` accepts dynamic resources in Pulumi 3.259, but not in 3.250. Both versions
# were tried.
_PULUMI: Final = SpecifierSet(">=3.259,<4", prereleases=True)
_PYTHON: Final = "python"
_GET_PULUMI: Final = "reinstall it: https://www.pulumi.com/docs/install/"


def packages() -> Iterator[CheckResult]:
    """Check the versions of Python and of the required packages."""
    own = metadata.metadata(DISTRIBUTION)
    python, wanted = platform.python_version(), own["Requires-Python"]
    if SpecifierSet(wanted).contains(python, prereleases=True):
        yield ok("Python", f"{python} ({sys.executable})")
    else:
        yield error(
            "Python", f"{python}, not {wanted}", "create a virtual environment with another Python"
        )
    wrong = [*_wrong_requirements()]
    yield from wrong
    if not wrong:
        versions = ", ".join(
            f"{name} {metadata.version(name)}" for name in (DISTRIBUTION, "pulumi")
        )
        yield ok("packages", f"{versions}; all requirements are installed")


def _wrong_requirements() -> Iterator[CheckResult]:
    for text in metadata.requires(DISTRIBUTION) or ():
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found = "missing"
        if found == "missing" or not requirement.specifier.contains(found, prereleases=True):
            yield error(
                "packages",
                f"{requirement.name} is {found}, not {requirement.specifier}",
                f"{sys.executable} -m pip install {str(requirement)!r}",
            )


def pulumi_command() -> Iterator[CheckResult]:
    """Check the `pulumi` on PATH, and its plugins for the language of the project."""
    found = shutil.which("pulumi")
    if found is None:
        yield error("Pulumi", "`pulumi` is not on PATH", _GET_PULUMI)
        return
    try:
        output = run_pulumi("version").stdout.strip()
        version = Version(output)
    except OSError as problem:
        yield error("Pulumi", f"{found} cannot be run: {problem}", _GET_PULUMI)
        return
    except InvalidVersion:
        yield error("Pulumi", f"{found} does not print its version", _GET_PULUMI)
        return
    if version in _PULUMI:
        yield ok("Pulumi", f"{output} ({found})")
    else:
        yield error("Pulumi", f"{found} is version {output}, not {_PULUMI}", _GET_PULUMI)
    # Pulumi follows symbolic links to its binary, and looks for plugins next to the binary and on
    # PATH.
    folder = Path(found).resolve().parent
    places = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    language = _language()
    needed = _language_plugins(language)
    missing = [plugin for plugin in needed if shutil.which(plugin, path=places) is None]
    if missing:
        lacks = f"{' and '.join(missing)}: neither in {folder} nor on PATH"
        yield error("language host", lacks, f"they are part of Pulumi: {_GET_PULUMI}")
    else:
        yield ok(
            "language host", f"Pulumi finds what runs programs in {language}: {', '.join(needed)}"
        )


def _language() -> str:
    """The runtime of the current folder's Pulumi project; Python if there is no valid project."""
    try:
        file = project_file()
        return (file and read_runtime(file).name) or _PYTHON
    except CommandError:
        return _PYTHON  # another check reports the invalid project file


def _language_plugins(language: str) -> Sequence[str]:
    """The parts of Pulumi that run programs in a language, and dynamic providers in Python."""
    host = f"pulumi-language-{language}"
    return (host, "pulumi-resource-pulumi-python") if language == _PYTHON else (host,)
