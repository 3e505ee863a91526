"""One program with a resource of each released type, deployed with the real `pulumi`."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

config = pulumi.Config()
second = config.get_bool("second")


def pick(first, then):
    return then if second else first


here = cases.Project("here", key="HERE", name="Here")
there = cases.Project("there", key="THERE", name="There")
project = pick(here, there)
case_type = cases.CaseType("case-type", name="Type")
note = cases.CustomAttribute(
    "note", case_type_id=case_type.id, key="note", display_name="Note", type="TEXT"
)
aside = cases.CustomAttribute(
    "aside",
    case_type_id=case_type.id,
    key=pick("aside", "apart"),
    display_name="Aside",
    type="TEXT",
)
one = cases.Case("one", project_id=here.id, type_id=case_type.id, title="One")
two = cases.Case("two", project_id=here.id, type_id=case_type.id, title="Two")
retyped = cases.Case(
    "retyped",
    project_id=here.id,
    type_id=pick("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000003"),
    title="Three",
)
case = pick(one, two)
replaceable = {
    "ProjectFavorite": cases.ProjectFavorite("favorite", project_id=project.id),
    "CustomAttribute": aside,
    "AutomationRule": cases.AutomationRule(
        "rule",
        project_id=project.id,
        name="Rule",
        trigger={"type": "CASE_CREATED"},
        action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
    ),
    "NotificationRule": cases.NotificationRule(
        "notification",
        project_id=project.id,
        recipients=[{"type": "EMAIL", "data": {"email": "a@example.com"}}],
        triggers=[{"type": "CASE_CREATED"}],
    ),
    "Case": retyped,
    "CaseCustomAttribute": cases.CaseCustomAttribute(
        "value", case_id=case.id, key=note.key, type="TEXT", value="x"
    ),
    "CaseComment": cases.CaseComment("comment", case_id=case.id, comment="Hello"),
    "CaseWatcher": cases.CaseWatcher("watcher", case_id=case.id, user_uuid=config.require("user")),
    "CaseInsight": cases.CaseInsight(
        "insight", case_id=one.id, type="MONITOR", ref=pick("/a", "/b"), resource_id="1"
    ),
    "CaseLink": cases.CaseLink(
        "link",
        parent_entity_type="CASE",
        parent_entity_id=one.id,
        child_entity_type="CASE",
        child_entity_id=two.id,
        relationship=pick("BLOCKS", "CAUSES"),
    ),
    "CaseIncident": cases.CaseIncident(
        "incident", case_id=case.id, incident_id="6f8a1e9e-0000-4000-8000-000000000001"
    ),
    "CaseJiraIssue": cases.CaseJiraIssue(
        "issue", case_id=one.id, jira_issue_url=pick("https://j.example/A-1", "https://j.example/A-2")
    ),
    "CaseServiceNowTicket": cases.CaseServiceNowTicket(
        "ticket", case_id=case.id, instance_name="acme"
    ),
    "CaseNotebook": cases.CaseNotebook("notebook", case_id=case.id),
    "CaseView": cases.CaseView("view", project_id=project.id, name="View", query="status:open"),
}
unreplaceable = {
    "Project": here,
    "CaseType": case_type,
    "MaintenanceWindow": cases.MaintenanceWindow(
        "window",
        name="Night",
        query="project:HERE",
        start_at="2027-01-01T00:00:00Z",
        end_at="2027-01-02T00:00:00Z",
    ),
}
everything = {**replaceable, **unreplaceable}
pulumi.export("ids", {name: resource.id for name, resource in replaceable.items()})
pulumi.export("all", sorted(everything))
pulumi.export("urns", {name: resource.urn for name, resource in replaceable.items()})
"""

#: Code appended to `PROGRAM` that reads each object again with `get`, by its import id.
READS = """
for name, resource in everything.items():
    resource_type = type(resource).Provider.resource_type
    parents = [getattr(resource, parent) for parent in resource_type.parents]
    import_id = pulumi.Output.all(*parents, resource.id).apply("/".join)
    again = type(resource).get(f"again-{name}", import_id)
    for output, p in type(resource).properties.items():
        if not p.write_only:
            both = pulumi.Output.all(getattr(resource, output), getattr(again, output), p.computed)
            pulumi.export(f"{name}.{output}", both)
"""


@pytest.mark.pulumi
def test_every_resource_is_read_and_replaced(
    organization: "Organization", new_stack: "NewStack", released: set[str]
) -> None:
    stack = new_stack(organization, PROGRAM)
    stack("config", "set", "user", organization.call("GET /users")[0]["id"])
    stack.up()
    stack.assert_no_changes()

    stack.write(PROGRAM + READS)
    stack.up()
    outputs = stack.outputs
    assert sorted(outputs["all"]) == sorted(released)
    compared = [name for name in outputs if "." in name]
    for name in compared:
        mine, read, computed = outputs[name]
        if mine is not None or computed:  # `get` also returns undeclared properties
            assert read == mine, name
    assert len(compared) > 60

    stack.write(PROGRAM)
    stack.up()
    before = {resource["urn"]: resource for resource in stack.resources.values()}
    stack("config", "set", "second", "true")
    output = stack.up()
    replaced = {urn for urn in stack.outputs["urns"].values() if f"{_name(urn)} replaced" in output}
    assert replaced == set(stack.outputs["urns"].values())
    assert before.keys() == {resource["urn"] for resource in stack.resources.values()}
    stack.assert_no_changes()
    # The replacement has archived the old cases. A later run refuses to delete a project that
    # contains such archived cases, unless the project has `force_destroy`.
    project = 'cases.Project("here", key="HERE", name="Here"'
    stack.write(PROGRAM.replace(project, f"{project}, force_destroy=True"))
    stack.up()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[1]
