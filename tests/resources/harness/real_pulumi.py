"""Deploys a resource with the real `pulumi` command."""

import re
import sys
from typing import TYPE_CHECKING, Any

from tests.resources.harness.deployment import changed_properties
from tests.resources.harness.spec import Inputs, Operation

from pulumi_datadog_cases.engine import Resource

if TYPE_CHECKING:
    from tests.conftest import Stack


class PulumiDeployment:
    """Runs the `pulumi` command on a program that declares a single resource."""

    def __init__(self, resource_class: type[Resource], stack: "Stack") -> None:
        self._resource_class = resource_class
        self._stack = stack
        self._no_changes_asserted = False

    @property
    def id(self) -> str | None:
        resource = self._stack.resources.get("it")
        return None if resource is None else str(resource["id"])

    @property
    def outputs(self) -> dict[str, Any]:
        outputs: dict[str, Any] = self._stack.resources.get("it", {}).get("outputs", {})
        return outputs

    def up(self, inputs: Inputs) -> Operation:
        before = self.id
        self._declare(inputs)
        output = self._stack.up()
        sys.stderr.write(output)
        if before is None:
            return "create"
        if "1 replaced" in output:
            return "replace"
        return "update" if "1 updated" in output else "nothing"

    def check(self, inputs: Inputs) -> dict[str, str]:
        self._declare(inputs)
        output = self._stack.preview(fails=True)
        return dict(re.findall(r"^ +__main__.py:\d+: \w+ it: (\S+) (.*)", output, re.MULTILINE))

    def refresh(self) -> set[str]:
        before = self.outputs
        self._stack.refresh()
        return changed_properties(before, self.outputs)

    def assert_no_changes(self, inputs: Inputs) -> None:
        # Only the first call checks that nothing changes, because each run of `pulumi` takes
        # seconds. The in-process tests check this after every step.
        if not self._no_changes_asserted:
            self._declare(inputs)
            self._stack.assert_no_changes()
            self._no_changes_asserted = True

    def destroy(self) -> None:
        sys.stderr.write(self._stack.destroy())

    def _declare(self, inputs: Inputs) -> None:
        resource = f"cases.{self._resource_class.__name__}('it', **{dict(inputs)!r})"
        self._stack.write(f"import pulumi_datadog_cases as cases\n\n{resource}\n")
