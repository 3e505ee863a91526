"""The contender that uses this project's native plugin."""

import json
import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from benchmarks.contenders.base import JSON, Plan, UnsupportedError
from benchmarks.contenders.pulumi_stack import PulumiContender
from pulumi_datadog_cases import AutomationRule, Case
from pulumi_datadog_cases.engine import Resource
from pulumi_datadog_cases.engine.names import with_camel_case_names
from tools.pulumi.get_language_host import HOSTS, find_or_build
from tools.pulumi.get_pulumi import UnavailableError


class Native(PulumiContender):
    """Pulumi with a YAML program, which uses the native plugin.

    The program is `Pulumi.yaml`. It is written as JSON, because JSON is valid YAML.
    """

    name = "native"
    about = "Pulumi with the native plugin and a YAML program"
    plugin = plugin_process = "pulumi-resource-datadog-cases"

    def set_up(self) -> None:
        """Build the language host if necessary, and create the stack."""
        try:
            self._language_host  # noqa: B018 - build it before the measurement
        except UnavailableError as error:
            raise UnsupportedError(str(error)) from error
        self.write_plan(Plan(project_id=""))
        self.run("pulumi", "stack", "init", "bench", "--non-interactive")

    def write_plan(self, plan: Plan) -> None:
        """Write the program."""
        resources = {
            f"{kind.__name__.lower()}-{number}": _declaration(kind, plan.project_id, values)
            for kind, objects in ((AutomationRule, plan.rules), (Case, plan.cases))
            for number, values in enumerate(objects)
        }
        program = {"name": "bench", "runtime": "yaml", "resources": resources}
        (self.folder / "Pulumi.yaml").write_text(json.dumps(program), encoding="utf-8")

    @cached_property
    def _language_host(self) -> str:
        """The folder with the command that runs YAML programs."""
        return str(find_or_build(HOSTS["yaml"]))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a stack, with a PATH on which Pulumi finds the language host."""
        usual = super().environment
        return usual | {"PATH": os.pathsep.join([self._language_host, usual["PATH"]])}

    def import_existing(self, plan: Plan) -> None:
        """Raise `UnsupportedError`."""
        del plan
        raise UnsupportedError("only the import into a Python program is measured")


def _declaration(kind: type[Resource], project_id: str, values: JSON) -> Mapping[str, Any]:
    """Return a resource of a YAML program."""
    properties = with_camel_case_names(kind.properties, {"project_id": project_id, **values})
    return {"type": f"datadog-cases:{kind.__name__}", "properties": properties}
