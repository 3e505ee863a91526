"""Print the shell lines that put the virtual environment and Pulumi first on PATH.

Run by the virtual environment's Python. The lines go to standard output, for `eval`; progress and
errors to standard error.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

GET_PULUMI = Path(__file__).resolve().parent / "pulumi" / "get_pulumi.py"


def main() -> None:
    """Get Pulumi where needed, and print."""
    got = subprocess.run(
        [sys.executable, str(GET_PULUMI)], stdout=subprocess.PIPE, text=True, check=False
    )
    if got.returncode:
        sys.exit(got.returncode)
    path = path_with(Path(sys.executable).parent, Path(got.stdout.strip()))
    print(f"export PATH={shlex.quote(path)}")


def path_with(environment: Path, pulumi: Path) -> str:
    """Return PATH with the two folders in front.

    A virtual environment's Python must come before any other, because Pulumi runs programs with the
    first one on PATH. Pulumi's folder stays where it is if its `pulumi` is found there anyway: it
    may be one such as /usr/bin.
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
