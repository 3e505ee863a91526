"""The client uses the time limits that an explicit provider or the stack's config sets."""

from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

pytestmark = pytest.mark.pulumi

PROGRAM = """
import pulumi, pulumi_datadog_cases as cases
{provider}
first = cases.Project("first", key="ONE", name="One", opts=pulumi.ResourceOptions({options}))
cases.Project("second", key="TWO", name="Two",
              opts=pulumi.ResourceOptions({options} depends_on=[first]))
"""
EXPLICIT_PROVIDER = """
eu = cases.Provider("eu", api_url="{url}", api_key="{api_key}", app_key="{app_key}",
                    http_client_retry_timeout=5, rate_limit_timeout=8.5, allow_plain_http=False)
"""


@pytest.fixture
def limited(organization: "Organization") -> "Organization":
    """An organisation with a rate limit of one new project per minute."""
    fault = {"endpoint": "POST /cases/projects", "kind": "rate_limit", "requests": 1, "period": 60}
    url = organization.settings.base_url + "/sandbox/faults"
    requests.post(url, json=fault, timeout=10).raise_for_status()
    return organization


def test_explicit_provider_sets_retry_timeout(
    limited: "Organization", new_stack: "NewStack"
) -> None:
    settings = limited.settings
    provider = EXPLICIT_PROVIDER.format(
        url=settings.base_url, api_key=settings.api_key, app_key=settings.app_key
    )
    stack = new_stack(None, PROGRAM.format(provider=provider, options="provider=eu,"))
    output = stack.up(fails=True)
    assert "allow a request to wait longer than 5 s: set datadog:httpClientRetryTimeout" in output


def test_stack_config_sets_rate_limit_timeout(
    limited: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(limited, PROGRAM.format(provider="", options=""))
    stack("config", "set", "datadog-cases:rateLimitTimeout", "7")
    assert "rate limits longer than 7 s in total (0 s so far)" in stack.up(fails=True)
