"""Makes tests from the `SPEC` table of each test module.

Each row of the table is one test. Each common scenario (see `harness/scenarios.py`) is another
test.
"""

from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.resources.harness.http_hooks import (
    BeforeRequest,
    corrupt_requests,
    run_before_requests,
)
from tests.resources.harness.in_process import InProcessDeployment, NewDeployment
from tests.resources.harness.native import NativeDeployment
from tests.resources.harness.real_pulumi import PulumiDeployment
from tests.resources.harness.runner import SpecRunner
from tests.resources.harness.scenarios import COMMON_SCENARIOS, Scenario, common_scenarios

from pulumi_datadog_cases.engine import Timing
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.plugin.provider import Provider

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization
    from tests.resources.harness.deployment import Deployment
    from tests.resources.harness.spec import ResourceSpec

THROUGH_PULUMI = " through pulumi"
#: The suffix of the tests that run through the native plugin.
NATIVE = " through the native plugin"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize `scenario` with the rows of the module's `SPEC` and the common scenarios."""
    if "scenario" in metafunc.fixturenames:
        through_pulumi = pytest.param(f"sequence{THROUGH_PULUMI}", marks=pytest.mark.pulumi)
        spec: ResourceSpec = metafunc.module.SPEC
        names = [*spec["steps"], *common_scenarios(spec)]
        native = [f"{name}{NATIVE}" for name in names if name != "rows cover every property"]
        metafunc.parametrize("scenario", [*names, *native, through_pulumi], indirect=True)


@pytest.fixture
def scenario(
    request: pytest.FixtureRequest, organization: "Organization", monkeypatch: pytest.MonkeyPatch
) -> Scenario:
    """A function that runs one test: a row of the module's `SPEC`, or a common scenario."""
    # Without this variable, a provider's `configure` replaces `traceback` in the main module, so
    # that Pulumi shows errors in one line. In these tests, the main module is pytest's.
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")
    # During the consistency window after a create, a provider does not treat a missing object as
    # deleted. A sandbox lists new objects at once, so no window is needed.
    for provider in (DynamicProvider, Provider):
        monkeypatch.setattr(provider, "timing", Timing(consistency_window=0.0))
    spec: ResourceSpec = request.module.SPEC
    name: str = request.param.removesuffix(NATIVE)
    if not organization.is_sandbox:
        print("not checked: requests and API state, because only a sandbox records them")  # noqa: T201 - pytest shows it
    if name.endswith(THROUGH_PULUMI):
        if not organization.is_sandbox:
            pytest.skip("with --live, sequences run in process only")
        new_stack: NewStack = request.getfixturevalue("new_stack")
        stack = new_stack(organization)
        deployment: Deployment = PulumiDeployment(spec["resource_class"], stack)
    elif request.param.endswith(NATIVE):
        deployment = NativeDeployment(spec["resource_class"], organization)
    else:
        deployment = InProcessDeployment(spec["resource_class"], organization)
    runner = SpecRunner(spec, organization, deployment, partial(corrupt_requests, monkeypatch))
    if (run := COMMON_SCENARIOS.get(name.removesuffix(THROUGH_PULUMI))) is not None:
        return partial(run, runner)
    return partial(runner.run, {name: spec["steps"][name]})


@pytest.fixture
def new_deployment(organization: "Organization", monkeypatch: pytest.MonkeyPatch) -> NewDeployment:
    """A function that makes in-process deployments, as in `new_deployment(cases.CaseType)`."""
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")  # as in `scenario`
    return lambda resource_class: InProcessDeployment(resource_class, organization)


@pytest.fixture
def before_request(monkeypatch: pytest.MonkeyPatch) -> BeforeRequest:
    """Runs an action before the first matching request; see `BeforeRequest`."""
    return run_before_requests(monkeypatch)
