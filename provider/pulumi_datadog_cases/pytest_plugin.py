"""The pytest fixture `case_sandbox`.

pytest imports this module in every run where the package is installed, so it imports nothing else
until a test uses the fixture.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_datadog_cases.testing import CaseSandbox


@pytest.fixture(scope="session")
def _case_sandbox() -> Iterator["CaseSandbox"]:
    """The sandbox of this process; with pytest-xdist, each worker has its own."""
    from pulumi_datadog_cases.testing import (  # noqa: PLC0415 - see above
        CaseSandbox,
        SandboxError,
    )

    try:
        with CaseSandbox.started() as sandbox:
            yield sandbox
    except SandboxError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def case_sandbox(_case_sandbox: "CaseSandbox") -> "CaseSandbox":
    """A local Case Management API in its initial state: see `pulumi_datadog_cases.testing`."""
    _case_sandbox.reset()
    return _case_sandbox
