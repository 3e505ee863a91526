"""A fixture that runs a program with the mocks of Pulumi's SDK, and returns its resources."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

#: Each program runs in a separate process, because the SDK keeps state in modules.
_PROGRAM = """
import json, sys
import pulumi, pulumi.runtime
import pulumi_datadog_cases as cases
from pulumi_datadog_cases import components

registered = []

class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        inputs = {{name: value for name, value in args.inputs.items() if name != "__provider"}}
        registered.append([args.typ.rsplit(":", 1)[1], args.name, inputs])
        return f"id-of-{{args.name}}", args.inputs

    def call(self, args):
        raise AssertionError(f"unexpected call of {{args.token}}")

pulumi.runtime.set_mocks(Engine(), preview=False)

@pulumi.runtime.test
def program():
    {body}

error = None
try:
    program()
except pulumi.RunError as raised:
    error = str(raised)
print(json.dumps([registered, error]))
"""


@dataclass(frozen=True)
class Declared:
    """The resources that a program has registered."""

    #: The inputs by class and name, such as `resources["CaseView", "desk-urgent"]`.
    resources: dict[tuple[str, str], dict[str, Any]]
    #: The message of the error with which the program ended, or `None`.
    error: str | None
    #: The log, one message per line.
    log: str

    def __getitem__(self, resource: tuple[str, str]) -> dict[str, Any]:
        return self.resources[resource]

    @property
    def names(self) -> set[tuple[str, str]]:
        return set(self.resources)


#: A function that runs a program. The arguments are the lines of the program.
Declare: TypeAlias = Callable[..., Declared]


@pytest.fixture
def declare() -> Declare:
    def run(*lines: str) -> Declared:
        body = "\n".join(lines).replace("\n", "\n    ")
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM.format(body=body)],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        registered, error = json.loads(done.stdout)
        resources = {(kind, name): inputs for kind, name, inputs in registered}
        assert len(resources) == len(registered)
        return Declared(resources, error, done.stderr)

    return run
