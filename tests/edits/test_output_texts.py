"""Tests with the real Pulumi: an output in an f-string or in `str()` is an error.

The error appears before any request is sent.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases
from pulumi_datadog_cases import components

desk = cases.Project("desk", key="DESK", name="Desk")
"""
#: Wrong statements, each with the words of its error message that say where the output is.
MISTAKES = {
    'cases.Case("x", project_id=desk.id, title=f"{desk.name} x")': "title",
    'cases.Case("x", project_id=desk.id, title="x", attributes={str(desk.key): []})': "attributes",
    'cases.Case(f"{desk.name}", project_id=desk.id, title="x")': "Case: the resource name",
    'cases.Project.get("read", f"{desk.id}")': "Project.get: id",
    'cases.AutomationRule.get("x", "x", project_id="%s" % desk.id)': (
        "AutomationRule.get: project_id"
    ),
    'cases.get_project(key=f"{desk.key}")': "get_project: key",
    'cases.search_cases_output(pulumi.Output.concat(f"{desk.key}"))': "search_cases: filter",
    'components.CaseDesk("x", project={"key": "X"}, views={"v": {"query": str(desk.key)}})': (
        'CaseDesk "x": views.v.query'
    ),
    'components.CaseDesk("x", project={"key": str(desk.key)})': "key",
    'components.CaseDesk(f"{desk.key}", project={"key": "X"})': "CaseDesk: the resource name",
}


def test_output_in_a_string_is_an_error(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization)
    for statement, subject in MISTAKES.items():
        stack.write(f"{PROGRAM}{statement}\n")
        output = " ".join(stack.preview(fails=True).split())
        words = f"{re.escape(subject)}( has a key that)? is a text about an"
        assert re.search(words, output), output
    assert organization.request_log() == []


def test_advice_of_the_error_works(organization: "Organization", new_stack: "NewStack") -> None:
    stack = new_stack(
        organization,
        PROGRAM
        + """
cases.Case("one", project_id=desk.id, title=pulumi.Output.format("{0} x", desk.name))
cases.Case("two", project_id=desk.id, title="x",
           attributes=desk.key.apply(lambda key: {key: [key]}))
""",
    )
    stack.up()
    stack.assert_no_changes()
    assert stack.resources["one"]["outputs"]["title"] == "Desk x"
    assert stack.resources["two"]["outputs"]["attributes"] == {"DESK": ["DESK"]}
