"""Tests of the built distribution: its files, its metadata, and the demo with the wheel."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: If no package index is reachable, the test of the demo is skipped. If this environment variable
#: is set, as in CI, the test fails instead.
REQUIRED = "REQUIRE_PYPI"
#: The files that the demo needs besides the package.
DEMO_FILES = ("Pulumi.yaml", "tools/demo.py", "examples/quickstart/__main__.py")

pytestmark = pytest.mark.xdist_group("dist")  # all tests share one build


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command without the variables `PYTHON*`, so that Python cannot import the checkout."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**inherited, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and from it the wheel. Return the folder that contains both files."""
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    assert built.returncode == 0, built.stdout
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    """Return the path of the wheel."""
    (wheel,) = dist.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """Return the metadata of the wheel. Its payload is the description."""
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(packed.read(name))


def test_twine_accepts_the_metadata(dist: Path) -> None:
    checked = run(sys.executable, "-m", "twine", "--no-color", "check", "--strict", *dist.iterdir())
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("PASSED") == 2


def test_wheel_contains_all_package_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    listed = run("git", "ls-files", "provider")
    assert names == {name.removeprefix("provider/") for name in listed.stdout.split()}


def test_sdist_contains_only_build_files(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        names = [name.partition("/")[2] for name in packed.getnames()]
    other = {name for name in names if not name.startswith("provider/")}
    documents = {"CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml"}
    present = {file.name for file in ROOT.iterdir()}
    assert other == {".gitignore", "PKG-INFO", *(documents & present)}


def test_description_has_no_relative_links(metadata: Message) -> None:
    description = str(metadata.get_payload())
    assert "```python\nimport pulumi\n" in description
    assert "## Documentation" in description
    # Also find links in HTML and the definitions of links.
    targets = re.findall(
        r"""\]\(\s*<?([^\s)>]+)|^\s*\[[^\]]+\]:\s*(\S+)|(?:href|src)=["']?([^\s"'>]+)""",
        description,
        re.MULTILINE,
    )
    urls = ["".join(target) for target in targets]
    assert urls
    assert [url for url in urls if not url.startswith("https://")] == []


def test_ci_tests_every_declared_python_version(metadata: Message) -> None:
    classifiers = " ".join(metadata.get_all("Classifier", []))
    versions = re.findall(r":: (3\.\d+)\b", classifiers)
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    (matrix,) = re.findall(r"^ +python: \[(.+)\]$", workflow, re.MULTILINE)
    assert versions == re.findall(r'"(.+?)"', matrix)
    assert metadata["Requires-Python"] == f">={versions[0]}"


@pytest.mark.pulumi
def test_demo_runs_from_wheel(wheel: Path, tmp_path: Path) -> None:
    environment, demo = tmp_path / "environment", tmp_path / "demo"
    venv.create(environment, with_pip=True)  # Pulumi lists packages with pip
    python = environment / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    options = ("--no-compile", "--retries=1", "--constraint", ROOT / "constraints.txt")
    installed = run(*pip, *options, f"{wheel}[sandbox]")
    if "NewConnectionError" in installed.stdout and not os.environ.get(REQUIRED):
        pytest.skip("no package index is reachable to install the dependencies from")
    assert installed.returncode == 0, installed.stdout
    location = run(python, "-c", "import pulumi_datadog_cases as c; print(c.__file__)").stdout
    assert Path(location).is_relative_to(environment)

    for file in DEMO_FILES:
        (demo / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, demo / file)
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    # The package must declare that it has no Pulumi plugin. Without this declaration, each command
    # of Pulumi looks for a plugin with the package's name, and `pulumi install` fails.
    home = {"PATH": path, "PULUMI_HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    plugins = run("pulumi", "-C", demo, "plugin", "install", **home)
    assert (plugins.returncode, plugins.stdout) == (0, "")
    shown = run(python, demo / "tools" / "demo.py", PATH=path)
    assert shown.returncode == 0, shown.stdout[-3000:]
    assert "All steps passed" in shown.stdout
    assert run(python, demo / "tools" / "demo.py", "--clean", PATH=path).returncode == 0
