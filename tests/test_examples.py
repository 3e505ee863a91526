"""Every example, deployed as a user would: up, nothing left to do, destroyed."""

import asyncio
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi
import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, StartSandbox

EXAMPLES = Path(__file__).parents[1] / "examples"

#: How many resources each example declares, and the config it needs.
ALONE = {
    "quickstart": (10, {}),
    "on_call": (5, {}),
    "security_triage": (8, {"me": "{email}"}),
    "change_requests": (3, {}),
    "maintenance_calendar": (3, {}),
}


def program(name: str) -> str:
    return (EXAMPLES / name / "__main__.py").read_text(encoding="utf-8")


def test_every_example_is_tried() -> None:
    there = {folder.name for folder in EXAMPLES.iterdir() if (folder / "__main__.py").exists()}
    assert there == {*ALONE, "two_organizations", "service_catalogue"}


@pytest.mark.pulumi
@pytest.mark.parametrize("name", ALONE)
def test_it_is_deployed_and_destroyed(
    name: str, organization: "Organization", new_stack: "NewStack"
) -> None:
    count, config = ALONE[name]
    email = organization.call("GET /users")[1]["attributes"]["email"]
    stack = new_stack(organization, program(name))
    for key, value in config.items():
        stack("config", "set", key, value.format(email=email))
    assert f"+ {count + 1} created" in stack.up()
    stack.is_settled()
    assert f"- {count + 1} deleted" in stack.destroy()
    assert organization.call("GET /cases/projects") == []


@pytest.fixture
def event_loop() -> Iterator[None]:
    """A loop of the test's own: Pulumi's test runner wants one, and others take theirs away."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.mark.pulumi
def test_two_organizations_have_a_desk_each(
    start_sandbox: "StartSandbox", new_stack: "NewStack"
) -> None:
    there = {
        name: start_sandbox("--api-key", f"{name}-api-key", "--app-key", f"{name}-app-key")
        for name in ("us", "eu")
    }
    stack = new_stack(None, program("two_organizations"))
    for name, organization in there.items():
        stack("config", "set", f"{name}:apiUrl", organization.settings.base_url)
        stack("config", "set", "--secret", f"{name}:apiKey", organization.settings.api_key)
        stack("config", "set", "--secret", f"{name}:appKey", organization.settings.app_key)
    stack.up()
    for name, organization in there.items():
        (desk,) = organization.call("GET /cases/projects")
        assert desk["attributes"]["name"] == f"Service desk ({name.upper()})"
        (rule,) = organization.call(f"GET /cases/projects/{desk['id']}/rules")
        assert rule["attributes"]["name"] == "Sort what comes in"
    stack.is_settled()
    stack.destroy()
    assert all(o.call("GET /cases/projects") == [] for o in there.values())


class _Mocks(pulumi.runtime.Mocks):
    """An engine that creates whatever it is asked for: the other provider's plugin is not here."""

    def __init__(self) -> None:
        self.made: list[pulumi.runtime.MockResourceArgs] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.made.append(args)
        return f"id-of-{args.name}", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> NoReturn:
        raise AssertionError(f"nothing is asked of {args.token}")


@pytest.mark.usefixtures("event_loop")
def test_the_service_catalogue_ties_cases_to_another_providers_monitors() -> None:
    mocks = _Mocks()
    pulumi.runtime.set_mocks(mocks)

    @pulumi.runtime.test  # type: ignore[untyped-decorator] # the SDK's has no types
    def deploy() -> None:
        runpy.run_path(str(EXAMPLES / "service_catalogue" / "__main__.py"))

    deploy()
    insights = {made.name: made.inputs for made in mocks.made if "CaseInsight" in made.typ}
    assert set(insights) == {"checkout", "search", "ledger"}
    for service, insight in insights.items():
        assert insight["type"] == "MONITOR"
        assert insight["case_id"] == f"id-of-{service}"
        assert insight["resource_id"] == f"id-of-{service}-errors"
        assert insight["ref"] == f"/monitors/id-of-{service}-errors"
