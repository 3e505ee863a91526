"""`Resource` in Pulumi programs that run with the mocks of Pulumi's SDK.

Each program runs in a new process, because the SDK keeps state in module variables. Canary tests
fail if the SDK no longer has the behaviour that this package works around.
"""

import json
import subprocess
import sys
from typing import Any

PROJECT = "1f0c0000-0000-4000-8000-000000000001"
PROGRAM = """
import json
from collections.abc import Mapping
import pulumi, pulumi.dynamic, pulumi.runtime
import pulumi_datadog_cases as cases
from pulumi_datadog_cases.engine import Prop

PROJECT = "1f0c0000-0000-4000-8000-000000000001"
registered, shown = [], {{}}

class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        registered.append([args.typ, args.name, args.inputs, args.resource_id])
        return args.resource_id or args.name + "-id", args.inputs

    def call(self, args):
        return {{}}

pulumi.runtime.set_mocks(Engine(), preview=False)

class Plain(pulumi.dynamic.Resource, module="plain", name="Plain"):
    labels: Prop[Mapping[str, str]] if {annotated} else dict

    def __init__(self, name, **properties):
        super().__init__(pulumi.dynamic.ResourceProvider(), name, properties)

def show(name, output):
    output.apply(lambda value: shown.setdefault(name, value))

@pulumi.runtime.test
def program():
    {body}

try:
    program()
except Exception as error:
    shown["error"] = str(error)
print(json.dumps([registered, shown]))
"""


def run_python(source: str) -> str:
    """Run a program in a new process; return its output."""
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(*lines: str, annotated: bool = False) -> tuple[list[Any], dict[str, Any]]:
    """Run lines of a program. Return the registered resources, and the outputs that it shows."""
    body = "\n    ".join(lines)
    registered, shown = json.loads(run_python(PROGRAM.format(body=body, annotated=annotated)))
    return registered, shown


# --- in a program ----------------------------------------------------------------------------


def test_registration_has_declared_inputs_and_type_token() -> None:
    ((token, name, inputs, id_),), _ = run("cases.CaseType('t', name='Intrusion')")
    assert (token, name, id_) == ("pulumi-python:dynamic/datadog-cases:CaseType", "t", "")
    del inputs["__provider"]
    assert inputs == {"name": "Intrusion"}


def test_every_property_is_an_output() -> None:
    _, shown = run(
        "case = cases.Case('c', project_id=PROJECT, title='t', attributes={'env': ['prod']})",
        "for name in cases.Case.properties: show(name, getattr(case, name))",
    )
    assert set(shown) >= {"description", "key", "archived_at"}
    declared = {name: value for name, value in shown.items() if value is not None}
    assert declared == {"project_id": PROJECT, "title": "t", "attributes": {"env": ["prod"]}}


def test_get_registers_id_and_parents() -> None:
    registered, _ = run(
        "opts = pulumi.ResourceOptions(protect=True)",
        "cases.AutomationRule.get('r', 'rule', project_id='p', opts=opts)",
        "cases.AutomationRule.get('s', 'p/rule')",
    )
    # The SDK may register the two resources in any order.
    sent = {name: (id_, inputs.get("project_id")) for _, name, inputs, id_ in registered}
    assert sent == {"r": ("rule", "p"), "s": ("p/rule", None)}
    assert {*registered[0][2], *registered[1][2]} == {"__provider", "__get", "project_id"}


def test_get_rejects_unknown_parent() -> None:
    registered, shown = run("cases.CaseType.get('t', 'id', project_id='p')")
    assert registered == []
    assert shown["error"] == "CaseType.get has no project_id; known: none"


def test_derived_outputs_are_awaited() -> None:
    _, shown = run("cases.Case('c', project_id=PROJECT, title='t').title.apply(lambda _: 1 / 0)")
    assert shown["error"] == "division by zero"


# --- canaries --------------------------------------------------------------------------------


def test_canary_sdk_creates_only_given_outputs() -> None:
    _, shown = run("Plain('p', given=1).computed")
    assert "no attribute 'computed'" in shown.get("error", ""), (
        "Pulumi's SDK now also creates outputs for properties that a resource did not pass to it: "
        "Resource.__init__ in engine/resource.py need not pass computed properties as None"
    )


def test_canary_program_end_does_not_await_properties() -> None:
    _, shown = run(
        "from pulumi.runtime.settings import SETTINGS",
        "waits = [len(SETTINGS.outputs)]",
        "cases.Case('c', project_id=PROJECT, title='t'); waits.append(len(SETTINGS.outputs))",
        "Plain('p', **dict.fromkeys('abcdefgh')); waits.append(len(SETTINGS.outputs))",
        "shown['waits'] = waits",
    )
    none, ours, and_plain = shown["waits"]
    assert ours - none < 4, "a resource should add at most 3 waits: id, URN and mark_saved"
    assert and_plain - ours >= 8, (
        "Pulumi's SDK no longer awaits each output of a resource: delete _do_not_await in "
        "engine/resource.py"
    )


def test_canary_sdk_reads_annotations_as_output_types() -> None:
    lines = "show('labels', Plain('p', labels={'a': 'b'}).labels)"
    assert run(lines)[1] == {"labels": {"a": "b"}}
    assert "Unexpected type" in run(lines, annotated=True)[1].get("error", ""), (
        "Pulumi's SDK no longer reads annotations such as Prop[...]: "
        "declare_properties in engine/property.py need not remove them"
    )


def test_canary_sdk_patches_pickle_permanently() -> None:
    program = """
import pickle
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
before = pickle._Pickler._batch_setitems
serialize_provider(ResourceProvider())
print(pickle._Pickler._batch_setitems is before)
"""
    assert run_python(program) == "False\n", (
        "Pulumi's SDK now removes its patches of pickle. So attributes on instances of "
        "DynamicProvider no longer cause a RecursionError, and such attributes are allowed "
        "(engine/dynamic.py, engine/resource.py)"
    )


def test_providers_pickle_to_the_same_few_bytes() -> None:
    program = """
from pulumi.dynamic.dynamic import serialize_provider
import pulumi_datadog_cases as cases
print(len({serialize_provider(cases.Case.Provider()) for _ in range(3_000)}))
"""
    assert run_python(program) == "1\n"
