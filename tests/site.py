"""Builds the documentation site for tests."""

import os
import sys
from pathlib import Path

from tests.processes import run

ROOT = Path(__file__).parents[1]


def build_site(folder: Path) -> None:
    """Build the site into a folder, as `make docs` does."""
    command = (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder))
    done = run(*command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stdout
