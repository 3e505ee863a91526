"""What is published, installed where there is nothing else, and the demo deployed from it."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Set where a package index has to be reached, as in CI.
REQUIRED = "REQUIRE_PYPI"
#: What a demo needs beside the package.
DEMO = ("Pulumi.yaml", "tools/demo.py", "examples/quickstart/__main__.py")

pytestmark = pytest.mark.xdist_group("dist")  # one build for all


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing in its environment that leads to the repository."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**bare, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    assert built.returncode == 0, built.stdout
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    """The wheel."""
    (wheel,) = dist.glob("*.whl")
    return wheel


def test_pypi_would_show_what_we_wrote(dist: Path) -> None:
    checked = run(sys.executable, "-m", "twine", "--no-color", "check", "--strict", *dist.iterdir())
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("PASSED") == 2


def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    listed = run("git", "ls-files", "provider")
    assert names == {name.removeprefix("provider/") for name in listed.stdout.split()}


def test_the_sdist_has_what_a_build_needs_and_no_more(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        names = [name.partition("/")[2] for name in packed.getnames()]
    besides = {name for name in names if not name.startswith("provider/")}
    written = {"CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml"}
    there = {file.name for file in ROOT.iterdir()}
    assert besides == {".gitignore", "PKG-INFO", *(written & there)}


def test_every_python_that_it_is_said_to_run_on_is_tested(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        (metadata,) = (name for name in packed.namelist() if name.endswith("/METADATA"))
        said = message_from_bytes(packed.read(metadata))
    classifiers = " ".join(said.get_all("Classifier", []))
    versions = re.findall(r":: (3\.\d+)\b", classifiers)
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    (matrix,) = re.findall(r"^ +python: \[(.+)\]$", workflow, re.MULTILINE)
    assert versions == re.findall(r'"(.+?)"', matrix)
    assert said["Requires-Python"] == f">={versions[0]}"


@pytest.mark.pulumi
def test_the_demo_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    environment, demo = tmp_path / "environment", tmp_path / "demo"
    venv.create(environment, with_pip=True)  # which Pulumi asks for what is installed
    python = environment / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    how = ("--no-compile", "--retries=1", "--constraint", ROOT / "constraints.txt")
    installed = run(*pip, *how, f"{wheel}[sandbox]")
    if "NewConnectionError" in installed.stdout and not os.environ.get(REQUIRED):
        pytest.skip("no package index is reached, from which its dependencies would come")
    assert installed.returncode == 0, installed.stdout
    where = run(python, "-c", "import pulumi_datadog_cases as c; print(c.__file__)").stdout
    assert Path(where).is_relative_to(environment)

    for file in DEMO:
        (demo / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, demo / file)
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    # Pulumi would look for a plugin of this name at each command, and end `pulumi install` with an
    # error, if the package did not say that it has none.
    home = {"PATH": path, "PULUMI_HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    plugins = run("pulumi", "-C", demo, "plugin", "install", **home)
    assert (plugins.returncode, plugins.stdout) == (0, "")
    shown = run(python, demo / "tools" / "demo.py", PATH=path)
    assert shown.returncode == 0, shown.stdout[-3000:]
    assert "All as said" in shown.stdout
    assert run(python, demo / "tools" / "demo.py", "--clean", PATH=path).returncode == 0
