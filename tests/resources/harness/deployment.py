"""The interface of a deployed resource, and a comparison of its properties."""

from typing import Any, Protocol

from tests.resources.harness.spec import Inputs, Operation


class Deployment(Protocol):
    """A stack with one resource, deployed in process or by the `pulumi` command."""

    @property
    def id(self) -> str | None: ...
    @property
    def outputs(self) -> dict[str, Any]: ...

    def up(self, inputs: Inputs) -> Operation:
        """Deploy these inputs; return what the deployment did."""

    def check(self, inputs: Inputs) -> dict[str, str]:
        """Preview these inputs. Return the message of each check failure, by property path."""

    def refresh(self) -> set[str]:
        """Refresh the state; return the names of the outputs that changed."""

    def assert_no_changes(self, inputs: Inputs) -> None:
        """Fail if a deployment of these inputs, or a refresh, would change anything."""

    def destroy(self) -> None:
        """Delete the resource."""


def changed_properties(before: Inputs, after: Inputs) -> set[str]:
    """Names of the properties whose values differ, except Pulumi's internal ones (`__…`)."""
    names = {name for name in {*before, *after} if not name.startswith("__")}
    return {name for name in names if before.get(name) != after.get(name)}
