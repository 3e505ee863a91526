"""Runs of the real Pulumi whose last delete would be refused. They delete nothing at all."""

from typing import TYPE_CHECKING

import pytest
from tests.edits.test_deletes import add_case

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

DESK = """
desk = cases.Project("desk", key="DESK", name="Desk")
case = cases.Case("case", project_id=desk.id, title="Own")
cases.CaseComment("comment", case_id=case.id, comment="Hello")
cases.CaseView("view", project_id=desk.id, name="Open", query="status:open")
"""
OTHER = """
import pulumi_datadog_cases as cases

other = cases.Project("other", key="OTHER", name="Other")
cases.CaseView("others", project_id=other.id, name="Open", query="status:open")
"""
REASON = "a later delete of this run would fail: Project DESK was not deleted: it contains 1 case"


@pytest.fixture
def stack(organization: "Organization", new_stack: "NewStack") -> "Stack":
    """A stack with two projects. One of them contains a case of a person."""
    stack = new_stack(organization, OTHER + DESK)
    stack.up()
    add_case(organization, stack.resources["desk"]["id"])
    return stack


def ids(stack: "Stack") -> dict[str, str]:
    return {name: each["id"] for name, each in stack.resources.items() if "id" in each}


def test_refused_destroy_deletes_nothing(stack: "Stack", organization: "Organization") -> None:
    before, requests = ids(stack), len(organization.request_log())
    assert REASON in stack.destroy(fails=True)
    assert {each.split()[0] for each in organization.request_lines()[requests:]} == {"GET"}
    assert ids(stack) == before
    stack.assert_no_changes()


def test_refused_removal_deletes_nothing(stack: "Stack", organization: "Organization") -> None:
    before, requests = ids(stack), len(organization.request_log())
    stack.write(OTHER)
    assert REASON in stack.up(fails=True)
    assert {each.split()[0] for each in organization.request_lines()[requests:]} == {"GET"}
    assert ids(stack) == before
    stack.write(OTHER + DESK)
    stack.assert_no_changes()


def test_refused_removal_keeps_a_case_whose_type_remains(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    kind = OTHER + 'kind = cases.CaseType("kind", name="Kind")\n'
    desk = DESK.replace('title="Own"', 'title="Own", type_id=kind.id')
    stack = new_stack(organization, kind + desk)
    stack.up()
    add_case(organization, stack.resources["desk"]["id"])
    before = ids(stack)
    stack.write(kind)
    assert REASON in stack.up(fails=True)
    assert ids(stack) == before
    assert not organization.call(f"GET /cases/{before['case']}")["attributes"].get("archived_at")


def test_object_that_is_replaced_with_another_one_is_replaced(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    """Pulumi deletes the view before the program declares the view's project."""
    attribute = """
import pulumi
import pulumi_datadog_cases as cases

kind = cases.CaseType("kind", name="Kind")
attribute = cases.CustomAttribute(
    "tag", case_type_id=kind.id, key="tag", display_name="Tag", type="TEXT", is_multi=False
)
"""
    desk = DESK.replace(
        'name="Desk"', 'name="Desk", opts=pulumi.ResourceOptions(depends_on=[attribute])'
    ).replace('open"', 'open", opts=pulumi.ResourceOptions(replace_with=[attribute])')
    stack = new_stack(organization, attribute + desk)
    stack.up()
    add_case(organization, stack.resources["desk"]["id"])
    before = ids(stack)
    stack.write((attribute + desk).replace("is_multi=False", "is_multi=True"))
    stack.up()
    assert ids(stack)["view"] != before["view"]


@pytest.mark.parametrize("command", ["up", "destroy"])
def test_target_is_deleted(stack: "Stack", command: str) -> None:
    """With `--target`, the project is not deleted, so the cases in it are no reason to refuse."""
    view = stack.resources["view"]["urn"]
    stack.write(OTHER + DESK.replace("cases.CaseView", "# "))
    stack(command, "--yes", "--skip-preview", "--target", view)
    assert "view" not in stack.resources
    assert "desk" in stack.resources


def test_own_value_on_a_persons_case_is_deleted_first(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    program = """
import pulumi_datadog_cases as cases

kind = cases.CaseType("kind", name="Kind")
attribute = cases.CustomAttribute(
    "score", case_type_id=kind.id, key="score", display_name="Score", type="NUMBER"
)
"""
    stack = new_stack(organization, program)
    stack.up()
    project = {"type": "project", "attributes": {"key": "THEIRS", "name": "Theirs"}}
    theirs = organization.call("POST /cases/projects", project)["id"]
    case = add_case(organization, theirs, type_id=stack.resources["kind"]["id"])
    options = f"case_id={case!r}, key=attribute.key, type='NUMBER', value=3"
    stack.write(program + f"cases.CaseCustomAttribute('value', {options})")
    stack.up()
    stack.destroy()
    assert organization.stored(case) is not None
    assert "score" not in stack.resources


@pytest.mark.parametrize("skips_checkpoints", [False, True])
def test_project_that_becomes_unmanaged_is_no_reason(
    stack: "Stack", *, skips_checkpoints: bool
) -> None:
    """The state was read before Pulumi recorded that the program only reads the project."""
    if skips_checkpoints:
        stack.environment["PULUMI_SKIP_CHECKPOINTS"] = "true"
    project = stack.resources["desk"]["id"]
    stack.write(OTHER + f"desk = cases.Project.get('desk', {project!r})\n")
    stack.attempt("up", "--yes", "--skip-preview")
    assert "view" not in stack.resources


def test_resource_class_of_the_program_is_deleted(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    own = "class Team(cases.Project):\n    pass\n\n\n"
    stack = new_stack(organization, OTHER + own + DESK.replace("cases.Project", "Team"))
    stack.up()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_other_objects_are_deleted(stack: "Stack") -> None:
    stack.write(DESK.replace("desk =", "import pulumi_datadog_cases as cases\ndesk =", 1))
    stack.up()
    assert "other" not in stack.resources
    assert "desk" in stack.resources


def test_encrypted_values_do_not_prevent_the_deletes(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    """The check of later deletes cannot read the values of another resource if they are secrets."""
    secret = DESK.replace('key="DESK"', 'key=pulumi.Output.secret("DESK")')
    stack = new_stack(organization, OTHER + "import pulumi\n" + secret)
    stack.up()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_project_of_another_provider_is_no_reason(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    """Each explicit provider has its own process, which does not know what the others declare."""
    settings = organization.settings
    provider = (
        "import pulumi\n"
        f"other = cases.Provider('other', api_url={settings.base_url!r}, "
        f"api_key={settings.api_key!r}, app_key={settings.app_key!r})\n"
    )
    desk = DESK.replace('name="Desk")', 'name="Desk", opts=pulumi.ResourceOptions(provider=other))')
    program = "import pulumi_datadog_cases as cases\n" + provider + desk
    stack = new_stack(organization, program)
    stack.up()
    add_case(organization, stack.resources["desk"]["id"])
    stack.write(program.replace("cases.CaseView", "# "))
    stack.up()
    assert "view" not in stack.resources


def test_project_with_another_name_is_no_reason(stack: "Stack") -> None:
    """The state was read when the project still had its old name."""
    named = DESK.replace(
        '"desk", key="DESK", name="Desk"',
        '"help", key="DESK", name="Desk", '
        'opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="desk")])',
    )
    stack.write("import pulumi\n" + OTHER + named.replace("cases.CaseView", "# "))
    stack.up()
    assert "view" not in stack.resources
    assert "help" in stack.resources
