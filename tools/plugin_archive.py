"""Build an archive of the native plugin, which `pulumi plugin install` installs without internet.

    python -m tools.plugin_archive FOLDER

The archive contains the package, its dependencies and a start script. It fits the operating system,
the processor and the minor version of the Python that runs this program.
"""

import platform
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PLUGIN: Final = "pulumi-resource-datadog-cases"

#: The names that Pulumi uses for processors, by the names that Python uses.
ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}

START: Final = """\
#!/bin/sh
# Starts the native plugin of pulumi-datadog-cases.
here=$(cd "$(dirname "$0")" && pwd)
python=${{PULUMI_DATADOG_CASES_PYTHON:-python3}}
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != ({major}, {minor}))' 2>/dev/null
then
  echo "error: this build of {plugin} needs Python {major}.{minor}, and \\`$python\\` is" \\
    "$("$python" --version 2>&1 || echo not found): set PULUMI_DATADOG_CASES_PYTHON to the path" \\
    "of a Python {major}.{minor}" >&2
  exit 1
fi
PYTHONPATH="$here/lib" exec "$python" -P -m pulumi_datadog_cases.plugin
"""


def build(folder: Path) -> Path:
    """Build the archive in a folder, and return its path.

    Raises:
        subprocess.CalledProcessError: pip cannot install the package and its dependencies.
    """
    major, minor = sys.version_info[:2]
    machine = ARCHITECTURES.get(platform.machine(), platform.machine())
    name = f"{PLUGIN}-v{version('pulumi-datadog-cases')}-{platform.system().lower()}-{machine}"
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{name}.tar.gz"
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        options = ["--quiet", "--disable-pip-version-check", "--no-compile"]
        constraints = ["--constraint", str(ROOT / "constraints.txt")]
        install = ["install", *options, *constraints, "--target", str(root / "lib"), str(ROOT)]
        subprocess.run([sys.executable, "-m", "pip", *install], check=True)
        start = root / PLUGIN
        start.write_text(START.format(major=major, minor=minor, plugin=PLUGIN), encoding="utf-8")
        start.chmod(0o755)
        with tarfile.open(archive, "w:gz") as tar:
            for each in sorted(root.iterdir()):
                tar.add(each, each.name)
    return archive


def main(arguments: list[str]) -> None:
    """Build the archive, and print its path."""
    if len(arguments) != 1:
        sys.exit("usage: python -m tools.plugin_archive FOLDER")
    try:
        print(build(Path(arguments[0])))
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: the plugin cannot be built: pip ended with status {error.returncode}")


if __name__ == "__main__":
    main(sys.argv[1:])
