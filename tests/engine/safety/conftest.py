"""Constants and fixtures of the tests of `engine.safety`."""

from pathlib import Path
from typing import Any

import pytest

from pulumi_datadog_cases.engine import dynamic
from pulumi_datadog_cases.engine.safety.intent_log import FOLDER_VARIABLE

URN = "urn:pulumi:dev::shop::library:Book::one"
LEAST: dict[str, Any] = {"shelf_id": "s", "title": "a"}
LOAN: dict[str, Any] = {"days": 14, "reader": {"name": "Ada"}}


class KilledError(BaseException):
    """Raised by a fake request to simulate a kill of the process."""


@pytest.fixture(autouse=True)
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use a new folder for the intent log, and the same URN for all resources."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(dynamic, "urn_of_call", lambda: URN)
    return tmp_path
