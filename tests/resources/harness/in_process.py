"""Deploys a resource in process, without the `pulumi` command."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import rpc
from tests import check_failures
from tests.resources.harness.deployment import changed_properties
from tests.resources.harness.spec import Inputs, Operation

from pulumi_datadog_cases.engine import Resource
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.resources._shared.case_ids import case_ids

if TYPE_CHECKING:
    from tests.conftest import Organization

#: A function that makes a deployment of a resource class. A call is
#: `new_deployment(cases.CaseType)`.
NewDeployment: TypeAlias = "Callable[[type[Resource]], InProcessDeployment]"


class InProcessDeployment:
    """Calls the dynamic provider of a resource class as Pulumi calls it.

    All values are serialized and deserialized, as Pulumi does between its processes.
    """

    def __init__(self, resource_class: type[Resource], organization: "Organization") -> None:
        self.id: str | None = None
        self.inputs: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self._resource_class = resource_class
        self._config = organization.config
        self._provider_of_run: DynamicProvider | None = None

    @contextmanager
    def single_run(self, *others: "InProcessDeployment") -> Generator[None]:
        """Use one provider for all operations in the block, as `pulumi up --refresh` does.

        Args:
            others: other deployments of the resource class that also use the provider.
        """
        provider = self.provider()
        for deployment in (self, *others):
            deployment._provider_of_run = provider  # noqa: SLF001 - of the same class
        yield
        for deployment in (self, *others):
            deployment._provider_of_run = None  # noqa: SLF001 - of the same class

    def import_existing(self, id_: str, inputs: Inputs) -> None:
        """Import an existing object into the stack."""
        self.id, (self.inputs, _) = id_, self._check(self.provider(), inputs)
        self.outputs = self.inputs
        self.refresh()

    def provider(self) -> DynamicProvider:
        """A configured provider.

        Each call returns a new provider. But within a block `with single_run()`, all calls return
        the same provider.

        A new provider stands for a new run of Pulumi, which unpickles a provider from the state.
        """
        if self._provider_of_run:
            return self._provider_of_run
        self.forget_case_ids()
        provider = self._resource_class.Provider()
        provider.configure(ConfigureRequest(Config(self._config, "project")))
        return provider

    @staticmethod
    def forget_case_ids() -> None:
        """Forget which ids the keys of cases have, as a new process does."""
        case_ids.cache_clear()

    def check(self, inputs: Inputs) -> dict[str, str]:
        return self._check(self.provider(), inputs)[1]

    def up(self, inputs: Inputs) -> Operation:
        provider = self.provider()
        checked, violations = self._check(provider, inputs)
        assert violations == {}
        if self.id is None:
            self._create(provider, checked)
            return "create"
        diff = provider.diff(
            self.id,
            over_wire(self.outputs, keep_unknowns=True),
            over_wire(checked, keep_unknowns=True),
        )
        if diff.replaces:
            old_id, old = self.id, over_wire(self.outputs)
            if diff.delete_before_replace:
                provider.delete(old_id, old)
                self._create(provider, checked)
            else:
                self._create(provider, checked)
                provider.delete(old_id, old)
            return "replace"
        # If `diff` returns no `changes`, Pulumi compares the old and the new inputs.
        changes = changed_properties(self.inputs, checked) if diff.changes is None else diff.changes
        olds, self.inputs = over_wire(self.outputs), checked
        if not changes:
            return "nothing"
        self.outputs = over_wire(provider.update(self.id, olds, over_wire(checked)).outs or {})
        return "update"

    def refresh(self) -> set[str]:
        assert self.id is not None
        before = self.outputs
        result = self.provider().read(self.id, over_wire(before))
        self.id, self.outputs = result.id or None, over_wire(result.outs or {})
        self.inputs = over_wire(result.inputs or {})
        return changed_properties(before, self.outputs)

    def assert_no_changes(self, inputs: Inputs) -> None:
        assert self.up(inputs) == "nothing"
        assert self.refresh() == set()
        assert self.up(inputs) == "nothing"

    def destroy(self) -> None:
        assert self.id is not None
        self.provider().delete(self.id, over_wire(self.outputs))
        self.id = None

    def _check(
        self, provider: DynamicProvider, inputs: Inputs
    ) -> tuple[dict[str, Any], dict[str, str]]:
        result = provider.check(
            over_wire(self.inputs, keep_unknowns=True), over_wire(inputs, keep_unknowns=True)
        )
        violations = dict(map(check_failures.split, result.failures))
        return over_wire(result.inputs, keep_unknowns=True), violations

    def _create(self, provider: DynamicProvider, checked: Inputs) -> None:
        result = provider.create(over_wire(checked))
        self.id, self.inputs, self.outputs = result.id, dict(checked), over_wire(result.outs or {})


def over_wire(values: Inputs, *, keep_unknowns: bool = False) -> dict[str, Any]:
    """Serialize and deserialize values, as Pulumi does between its processes.

    Pulumi sends secrets to a dynamic provider as plain text.
    """
    sent = asyncio.run(rpc.serialize_properties({"__provider": "…", **values}, {}))
    received: dict[str, Any] = rpc.deserialize_properties(sent, keep_unknowns)
    return {name: rpc.unwrap_rpc_secret(value) for name, value in received.items()}
