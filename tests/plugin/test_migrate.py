"""`datadog-cases migrate` with the real Pulumi: a stack changes between Python and YAML."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.plugin.conftest import datadog_cases, write_python, write_yaml

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

pytestmark = [pytest.mark.pulumi, pytest.mark.xdist_group("yaml")]  # the host is built once

#: Two programs that declare the same: with settings at several depths, a secret, a protected
#: resource, ignored changes, a reference in another spelling, and an explicit provider.
PYTHON = """
import os

import pulumi
import pulumi_datadog_cases as cases

other = cases.Provider("other", api_url=os.environ["DD_HOST"])
desk = cases.Project(
    "desk",
    key="DESK",
    name="Desk",
    settings={"auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 7776000}},
    opts=pulumi.ResourceOptions(protect=True),
)
rule = cases.AutomationRule(
    "rule",
    project_id=desk.id,
    name="Report",
    trigger={"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": pulumi.Output.secret("report")}},
    opts=pulumi.ResourceOptions(ignore_changes=["action.data.connection_id"]),
)
case = cases.Case(
    "case",
    project_id=desk.id,
    title=pulumi.Output.secret("Stolen laptop"),
    attributes={"cost_center": ["a"], "costCenter": ["b"]},
    assignee_id=rule.created_by,
)
comment = cases.CaseComment(
    "comment", case_id=case.key, comment="Hello", opts=pulumi.ResourceOptions(provider=other)
)
pulumi.export("created", rule.created_at)
"""
YAML = """
name: project
runtime: yaml
resources:
  other:
    type: pulumi:providers:datadog-cases
    properties:
      apiUrl: HOST
  desk:
    type: datadog-cases:Project
    properties:
      key: DESK
      name: Desk
      settings:
        autoCloseInactiveCases:
          enabled: true
          maxInactiveTimeInSecs: 7776000
    options:
      protect: true
  rule:
    type: datadog-cases:AutomationRule
    properties:
      projectId: ${desk.id}
      name: Report
      trigger:
        type: STATUS_TRANSITIONED
        data:
          toStatusName: Closed
      action:
        type: EXECUTE_WORKFLOW
        data:
          handle:
            fn::secret: report
    options:
      ignoreChanges: [action.data.connectionId]
  case:
    type: datadog-cases:Case
    properties:
      projectId: ${desk.id}
      title:
        fn::secret: Stolen laptop
      attributes:
        cost_center: [a]
        costCenter: [b]
      assigneeId: ${rule.createdBy}
  comment:
    type: datadog-cases:CaseComment
    properties:
      caseId: ${case.key}
      comment: Hello
    options:
      provider: ${other}
outputs:
  created: ${rule.createdAt}
"""
CONVERTED = {"AutomationRule": 1, "Case": 1, "CaseComment": 1, "Project": 1}


def migrate(stack: "Stack", to: str, *, ends_with: int = 0) -> Any:  # noqa: ANN401 - JSON
    return json.loads(datadog_cases(stack, "migrate", "--to", to, "--json", ends_with=ends_with))


def resources(stack: "Stack") -> Any:  # noqa: ANN401 - JSON
    """Return the resources in the state, with decrypted secrets."""
    return json.loads(stack("stack", "export", "--show-secrets"))["deployment"]["resources"]


def own_outputs(stack: "Stack") -> dict[str, dict[str, Any]]:
    """Return the outputs of each Case Management resource, with decrypted secrets."""
    return {
        each["urn"].rpartition("::")[2]: {
            name: value for name, value in each["outputs"].items() if name != "__provider"
        }
        for each in resources(stack)
        if "datadog-cases" in each["type"] and "providers" not in each["type"]
    }


def test_stack_moves_to_yaml_and_back(yaml_stack: "NewStack", organization: "Organization") -> None:
    stack = yaml_stack(organization, PYTHON)
    stack.up()
    in_python = own_outputs(stack)
    stack("config", "set", "--secret", "datadog-cases:appKey", organization.settings.app_key)
    before = organization.writes()
    yaml = YAML.replace("HOST", organization.environment["DD_HOST"])

    write_yaml(stack, yaml)
    assert migrate(stack, "native") == {"converted": CONVERTED, "changes": []}
    stack.up("--expect-no-changes")
    stack.assert_no_changes()
    project_id = stack.resources["case"]["outputs"]["projectId"]
    assert project_id == in_python["case"]["project_id"]
    assert "Stolen laptop" not in stack.state
    assert organization.settings.app_key not in stack.state
    assert migrate(stack, "native") == {"converted": {}, "changes": []}

    write_python(stack, PYTHON)
    assert migrate(stack, "dynamic") == {"converted": CONVERTED, "changes": []}
    stack.up("--expect-no-changes")
    stack.assert_no_changes()
    assert own_outputs(stack) == in_python
    assert organization.writes() == before


def test_different_program_leaves_the_state_as_it_was(
    yaml_stack: "NewStack", organization: "Organization"
) -> None:
    stack = yaml_stack(organization, PYTHON)
    stack.up()
    before = resources(stack)
    yaml = YAML.replace("HOST", organization.environment["DD_HOST"])
    write_yaml(stack, yaml.replace("name: Report", "name: Reports"))
    (change,) = migrate(stack, "native", ends_with=1)["changes"]
    assert change.startswith("update urn:pulumi:stack::project::datadog-cases:index:AutomationRule")
    assert resources(stack) == before
    write_yaml(stack, yaml.replace("type: datadog-cases:Case\n", "type: datadog-cases:Cas\n"))
    output = datadog_cases(stack, "migrate", "--to", "native", ends_with=1)
    assert "error: the state was restored, because `pulumi preview` of the new program" in output
    assert resources(stack) == before
    write_python(stack, PYTHON)
    stack.assert_no_changes()
