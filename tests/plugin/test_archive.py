"""The archive of the native plugin, installed with the real Pulumi."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.plugin.conftest import ROOT

pytestmark = [pytest.mark.pulumi, pytest.mark.xdist_group("archive")]  # it is built once

NAME = "pulumi-resource-datadog-cases"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = str(tmp_path_factory.mktemp("archive"))
    command = [sys.executable, "-m", "tools.plugin_archive", folder]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Path(done.stdout.strip())


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """An environment without other plugins: with a Pulumi home of its own, and a short PATH."""
    pulumi = shutil.which("pulumi")
    assert pulumi is not None
    return {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(Path(pulumi).parent), "/usr/bin", "/bin"]),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def pulumi(environment: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["pulumi", "--non-interactive", "--color=never", *arguments],  # noqa: S607 - from PATH
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_installed_plugin_runs_with_the_python_it_was_built_for(
    archive: Path, environment: Mapping[str, str]
) -> None:
    release = version("pulumi-datadog-cases")
    install = ["plugin", "install", "resource", "datadog-cases", release, "--file", str(archive)]
    done = pulumi(environment, *install)
    assert done.returncode == 0, done.stderr
    python = {"PULUMI_DATADOG_CASES_PYTHON": sys.executable}
    done = pulumi({**environment, **python}, "package", "get-schema", f"datadog-cases@{release}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["version"] == release
    other = {"PULUMI_DATADOG_CASES_PYTHON": "/bin/false"}
    done = pulumi({**environment, **other}, "package", "get-schema", f"datadog-cases@{release}")
    assert done.returncode != 0
    minor = ".".join(map(str, sys.version_info[:2]))
    assert f"error: this build of {NAME} needs Python {minor}, and `/bin/false` is" in done.stderr
    assert "Traceback" not in done.stderr
