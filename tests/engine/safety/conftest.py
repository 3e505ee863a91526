"""What the tests of `engine.safety` share."""

from pathlib import Path
from typing import Any

import pytest

from pulumi_datadog_cases.engine import dynamic
from pulumi_datadog_cases.engine.safety.intent_log import FOLDER_VARIABLE

URN = "urn:pulumi:dev::shop::library:Book::one"
LEAST: dict[str, Any] = {"shelf_id": "s", "title": "a"}
LOAN: dict[str, Any] = {"days": 14, "reader": {"name": "Ada"}}


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.fixture(autouse=True)
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own intent log, and every call the same URN."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(dynamic, "urn_of_call", lambda: URN)
    return tmp_path
