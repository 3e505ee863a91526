"""Fixtures for tests that deploy a program, edit it, and deploy it again with the real Pulumi."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import Organization

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder as tests that need Pulumi."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.pulumi)


class SetFault:
    """Adds faults to the sandbox. The sandbox's BEHAVIOUR.md describes the faults."""

    def __init__(self, organization: "Organization") -> None:
        self._url = f"{organization.settings.base_url}/sandbox/faults"

    def __call__(self, **fault: object) -> None:
        requests.post(self._url, json=fault, timeout=10).raise_for_status()

    @property
    def count(self) -> int:
        """How many requests the faults have affected."""
        return sum(each["struck"] for each in requests.get(self._url, timeout=10).json())

    def clear(self) -> None:
        requests.delete(self._url, timeout=10).raise_for_status()


@pytest.fixture
def set_fault(organization: "Organization") -> Iterator[SetFault]:
    """Return a `SetFault`. At the end of the test, all faults are removed."""
    faults = SetFault(organization)
    yield faults
    faults.clear()
