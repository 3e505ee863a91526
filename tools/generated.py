"""Write generated files for `make generate`. For `make lint`, check that they are current."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_or_check(file: Path, text: str) -> None:
    """Write a file. With `--check` on the command line, exit with an error if the file differs."""
    if sys.argv[1:] != ["--check"]:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        sys.exit(f"{file.relative_to(ROOT)} is stale: run `make generate`")
