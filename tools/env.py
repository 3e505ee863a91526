"""Print the shell command that puts the virtual environment and Pulumi first on PATH.

Run this script with the virtual environment's Python. It prints the command to stdout, so that
`eval` can run it. It prints progress and errors to stderr.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

GET_PULUMI = Path(__file__).resolve().parent / "pulumi" / "get_pulumi.py"


def main() -> None:
    """Find or install Pulumi, and print the command."""
    process = subprocess.run(
        [sys.executable, str(GET_PULUMI)], stdout=subprocess.PIPE, text=True, check=False
    )
    if process.returncode:
        sys.exit(process.returncode)
    path = path_with(Path(sys.executable).parent, Path(process.stdout.strip()))
    print(f"export PATH={shlex.quote(path)}")


def path_with(environment: Path, pulumi: Path) -> str:
    """Return PATH with the virtual environment first, and with this Pulumi as the first `pulumi`.

    The virtual environment must come first, because Pulumi runs programs with the first Python on
    PATH. If a search of PATH for `pulumi` already finds this Pulumi, its folder keeps its position.
    A shared folder, such as /usr/bin, must not move to the front: its other programs would then
    take precedence over those of other folders.
    """
    rest = [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if folder != str(environment)
    ]
    first = shutil.which("pulumi", path=os.pathsep.join(rest))
    if first is None or Path(first).parent != pulumi:
        rest.insert(0, str(pulumi))
    return os.pathsep.join([str(environment), *rest])


if __name__ == "__main__":
    main()
