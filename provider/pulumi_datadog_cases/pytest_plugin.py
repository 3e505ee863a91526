"""The pytest fixture `case_sandbox`.

pytest imports this module in every run where the package is installed. To keep such runs fast, this
module imports only pytest until a test uses the fixture.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_datadog_cases.testing import CaseSandbox


@pytest.fixture(scope="session")
def _case_sandbox() -> Iterator["CaseSandbox"]:
    """Start one sandbox for the process; with pytest-xdist, each worker is a process."""
    from pulumi_datadog_cases.testing import (  # noqa: PLC0415 - see the module's docstring
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
    """Reset and return a local Case Management API: see `pulumi_datadog_cases.testing`."""
    _case_sandbox.reset()
    return _case_sandbox
