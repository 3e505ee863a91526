"""Custom attributes and case types that an edit of the program deletes or replaces.

The real Pulumi deploys the programs.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import AddQuirk, NewStack, Organization, Stack

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

kind = cases.CaseType("kind", name="Intrusion")
project = cases.Project("desk", key="DESK", name="Desk", enabled_custom_case_types=[kind.id])
{attribute}
cases.Case("own", project_id=project.id, title="Own", type_id=kind.id,
    custom_attributes={own}, opts=pulumi.ResourceOptions(depends_on=[{after}]))
pulumi.export("project", project.id)
pulumi.export("kind", kind.id)
"""
ATTRIBUTE = """
host = cases.CustomAttribute(
    "host", case_type_id=kind.id, key="{key}", display_name="Host", type="TEXT"{options})
"""


def program(*, key: str = "host", options: str = "", declared: bool = True) -> str:
    attribute = ATTRIBUTE.format(key=key, options=options and f", {options}")
    own = {key: {"type": "TEXT", "value": "a"}} if declared else {}
    return PROGRAM.format(
        attribute=attribute if declared else "", own=own, after="host" if declared else ""
    )


@pytest.fixture
def stack(organization: "Organization", new_stack: "NewStack") -> "Stack":
    """A stack with a custom attribute, and with a case that has a value of this attribute."""
    stack = new_stack(organization, program())
    stack.up()
    return stack


def add_case(stack: "Stack", organization: "Organization", value: str | None = "theirs") -> str:
    """Create a case outside Pulumi, as a person does. Return the case's id.

    The case has a value of the custom attribute, unless `value` is `None`.
    """
    values = {"host": {"type": "TEXT", "is_multi": False, "value": value}} if value else {}
    data = {
        "type": "case",
        "attributes": {
            "title": "A person's",
            "type_id": stack.outputs["kind"],
            "custom_attributes": values,
        },
        "relationships": {"project": {"data": {"type": "project", "id": stack.outputs["project"]}}},
    }
    created: str = organization.call("POST /cases", data)["id"]
    return created


def value_of(organization: "Organization", case: str) -> object:
    attributes = organization.call(f"GET /cases/{case}")["attributes"]
    return attributes["custom_attributes"].get("host", {}).get("value")


def test_definition_with_peoples_values_is_not_deleted(
    stack: "Stack", organization: "Organization"
) -> None:
    case = add_case(stack, organization)
    add_case(stack, organization, value=None)
    stack.write(program(declared=False))
    output = stack.up(fails=True)
    assert (
        "CustomAttribute host was not deleted: it has values on 1 case (DESK-2). They would be "
        "lost. To keep them, keep the definition"
    ) in output
    assert value_of(organization, case) == "theirs"
    # The test follows the advice: set force_destroy, run `up`, and repeat the change.
    stack.write(program(options="force_destroy=True"))
    stack.up()
    stack.write(program(declared=False))
    assert "has values on 1 case (DESK-2): the values are deleted with it" in stack.up()
    assert "host" not in stack.resources
    stack.assert_no_changes()


def test_definition_with_values_on_own_cases_is_deleted(
    stack: "Stack", organization: "Organization"
) -> None:
    add_case(stack, organization, value=None)
    stack.write(program(declared=False))
    stack.up()
    assert "host" not in stack.resources
    stack.assert_no_changes()


@pytest.mark.parametrize(
    "change", [{"key": "machine"}, {"options": "is_multi=True"}], ids=["key", "is_multi"]
)
def test_replacement_of_definition_with_peoples_values_is_refused(
    stack: "Stack", organization: "Organization", change: dict[str, str]
) -> None:
    case = add_case(stack, organization)
    since = len(organization.request_log())
    stack.write(program(**change))  # type: ignore[arg-type]
    for output in stack.preview(fails=True), stack.up(fails=True):
        assert "CustomAttribute host was not replaced: it has values on 1 case (DESK-2)" in output
    assert all(line.startswith("GET") for line in organization.request_lines()[since:])
    assert value_of(organization, case) == "theirs"


def test_replacement_warns_of_values_on_own_cases(stack: "Stack") -> None:
    stack.write(program(key="machine"))
    assert "has values on 1 case (DESK-1): the values are deleted with it" in stack.preview()
    stack.up()
    stack.assert_no_changes()


def test_values_under_the_key_in_the_form_of_the_api_are_found(
    organization: "Organization", new_stack: "NewStack", add_quirk: "AddQuirk"
) -> None:
    """The API may store the key `Host` as `host`: people's values are then under `host`."""
    add_quirk("slugify_keys")
    stack = new_stack(organization, program(key="Host").replace("{'Host': ", "{'host': "))
    stack.up()
    case = add_case(stack, organization)
    stack.write(program(declared=False))
    output = stack.up(fails=True)
    assert "was not deleted: it has values on 1 case (desk-2)" in output
    assert value_of(organization, case) == "theirs"


def test_destroy_does_not_count_the_stacks_own_cases(stack: "Stack") -> None:
    stack.destroy()
    assert stack.resources == {}


def test_deleted_case_type_in_use_is_named(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, program(declared=False))
    stack.up()
    add_case(stack, organization, value=None)
    stack.write(
        "import pulumi_datadog_cases as cases\n"
        "cases.Project('desk', key='DESK', name='Desk')\n"
        "cases.Case('own', project_id=cases.get_project(key='DESK').id, title='Own')\n"
    )
    assert (
        "CaseType Intrusion is the type of 1 case (DESK-2): its cases keep the deleted type"
    ) in stack.up()


@pytest.mark.parametrize("how", ["--replace", "taint"])
def test_replacement_of_a_type_by_itself_is_refused_before_anything_changes(
    how: str, stack: "Stack", organization: "Organization"
) -> None:
    """The replacement of the type would also replace its custom attributes."""
    case = add_case(stack, organization)
    urn = stack.resources["kind"]["urn"]
    options = [f"--replace={urn}"] if how == "--replace" else []
    if how == "taint":
        stack("state", "taint", "--yes", urn)
    before = organization.writes()
    output = stack.up(*options, fails=True)
    assert "CaseType Intrusion was not replaced: the objects that refer to it" in output
    assert "values of 1 case (DESK-2) would be lost" in output
    assert organization.writes() == before
    if how == "taint":
        stack("state", "untaint", "--yes", urn)
    stack.assert_no_changes()
    assert value_of(organization, case) == "theirs"


def test_replacement_of_a_type_without_peoples_values_is_allowed(
    stack: "Stack", organization: "Organization"
) -> None:
    add_case(stack, organization, value=None)
    kind = stack.resources["kind"]
    stack.up(f"--replace={kind['urn']}")
    assert stack.resources["kind"]["id"] != kind["id"]
    stack.assert_no_changes()
