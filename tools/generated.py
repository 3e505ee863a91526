"""What `make generate` writes, and what `make lint` compares with what it would write."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def put(file: Path, text: str) -> None:
    """Write a file; with `--check` on the command line, fail where that would change it."""
    if sys.argv[1:] != ["--check"]:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        sys.exit(f"{file.relative_to(ROOT)} is stale: run `make generate`")
