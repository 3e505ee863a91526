"""Tests with the real Pulumi: two resources of a stack cannot manage the same object."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

FIRST = "import pulumi_datadog_cases as cases\ncases.Project('first', key='K', name='First')\n"
TWICE = "cases.Project('twice', key='K', name='Twice', adopt=True)\n"


def project_names(organization: "Organization") -> list[str]:
    return [each["attributes"]["name"] for each in organization.call("GET /cases/projects")]


def test_object_of_another_resource_is_not_adopted(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, FIRST)
    stack.up()
    stack.write(FIRST + TWICE)
    output = stack.up(fails=True)
    assert "cannot be managed twice: `urn:pulumi:stack::project::" in output
    assert "Project::first` of this stack manages it already" in output
    # The error advises the user to remove one of the two resources.
    stack.write(FIRST)
    stack.up()
    assert project_names(organization) == ["First"]


def test_rename_without_alias_does_not_delete_the_adopted_object(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, FIRST)
    stack.up()
    stack.write("import pulumi_datadog_cases as cases\n" + TWICE)
    assert "use the option aliases" in stack.up(fails=True)
    assert project_names(organization) == ["First"]
    stack.write(
        "import pulumi\nimport pulumi_datadog_cases as cases\n"
        "cases.Project('twice', key='K', name='Twice',\n"
        "    opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='first')]))\n"
    )
    stack.up()
    stack.assert_no_changes()
    assert project_names(organization) == ["Twice"]


def test_two_resources_of_one_run_do_not_adopt_the_same_object(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    organization.call(
        "POST /cases/projects", {"type": "project", "attributes": {"key": "K", "name": "Theirs"}}
    )
    stack = new_stack(
        organization,
        "import pulumi_datadog_cases as cases\n"
        "cases.Project('one', key='K', name='One', adopt=True)\n"
        "cases.Project('two', key='K', name='One', adopt=True)\n",
    )
    assert "of this stack manages it already" in stack.up(fails=True)
    assert len(stack.resources) == 3  # the stack, Pulumi's default provider and one project
    stack.destroy()


def test_replacement_with_adopt_and_the_same_key_makes_a_new_project(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, "import pulumi_datadog_cases as cases\n" + TWICE)
    stack.up()
    old = stack.resources["twice"]
    stack.up("--replace", old["urn"])
    assert stack.resources["twice"]["id"] != old["id"]
    assert organization.stored(old["id"]) is None
    stack.assert_no_changes()


def test_object_imported_twice_is_reported(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, FIRST)
    stack.up()
    duplicate(stack, "first", "second")
    both = FIRST + "cases.Project('second', key='K', name='First')\n"
    stack.write(both)
    for output in stack.preview(fails=True), stack.up(fails=True):
        assert "is in the state twice" in output
    # The program no longer contains `second`. The object must not be deleted, because `first` still
    # manages it.
    stack.write(FIRST)
    assert "is in the state twice" in stack.up(fails=True)
    assert project_names(organization) == ["First"]
    urn = stack.resources["second"]["urn"]
    assert f"pulumi state delete '{urn}'" in stack.up(fails=True)
    stack("state", "delete", urn, "--yes")
    stack.assert_no_changes()


def duplicate(stack: "Stack", name: str, copy: str) -> None:
    """Import the object of a resource a second time, as `pulumi import --file` does."""
    resource = stack.resources[name]
    file = stack.folder / "import.json"
    entry = {
        "type": resource["type"],
        "name": copy,
        "id": resource["id"],
        "inputs": resource["inputs"],
        "outputs": resource["outputs"],
    }
    file.write_text(json.dumps({"resources": [entry]}))
    options = ("--generate-code=false", "--protect=false", "--yes", "--skip-preview")
    stack("import", "--file", str(file), *options)


def test_equal_ids_below_two_cases_are_two_objects(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    """The API assigns no ids to some parts of cases, so parts of two cases may have the same id.

    For example, the id of a watcher is the id of its user.
    """
    stack = new_stack(
        organization,
        """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
type_ = cases.CaseType("type", name="Type")
site = cases.CustomAttribute("site", case_type_id=type_.id, key="site", display_name="Site",
                             type="TEXT")
for name in "one", "two":
    case = cases.Case(name, project_id=desk.id, type_id=type_.id, title=name).id
    cases.CaseWatcher(name, case_id=case, user_uuid="5a9d0c00-0000-4000-8000-000000000001")
    value = {"key": site.key, "type": "TEXT", "value": "Zurich"}
    cases.CaseCustomAttribute(name, case_id=case, **value)
    cases.CaseIncident(name, case_id=case, incident_id="5a9d0c00-0000-4000-8000-000000000002")
    cases.CaseInsight(name, case_id=case, type="MONITOR", ref="/monitors/1", resource_id="1")
""",
    )
    stack.up()
    stack.assert_no_changes()
    stack.destroy()
