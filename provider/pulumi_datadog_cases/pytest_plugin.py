"""pytest's fixture `case_sandbox`.

pytest loads this in every run of everybody who has the package installed: until a test asks for
the fixture nothing else is imported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_datadog_cases.testing import CaseSandbox


@pytest.fixture(scope="session")
def _case_sandbox() -> Iterator["CaseSandbox"]:
    """The sandbox of this process; with xdist each worker has one of its own."""
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
    """A local Case Management API in its fresh state: see `pulumi_datadog_cases.testing`."""
    _case_sandbox.reset()
    return _case_sandbox
