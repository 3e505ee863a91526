"""Tests that the client's models have all members that the API and the resources have."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases import arguments, models
from pulumi_datadog_cases.resources.case import STANDARD_CASE_TYPE

if TYPE_CHECKING:
    from tests.conftest import Organization

#: A model usually has the name of its argument type, without `Args`. For the other models, this
#: mapping has the name of the model by the name of the argument type.
OTHER_NAMES = {"CaseCustomAttributeArgs": "CustomAttributeValue"}


@pytest.mark.parametrize("name", arguments.__all__)
def test_model_has_the_members_of_the_argument(name: str) -> None:
    model = getattr(models, OTHER_NAMES.get(name, name.removesuffix("Args")))
    assert set(model.model_fields) == set(getattr(arguments, name).__annotations__)


@pytest.fixture
def client(organization: "Organization") -> Iterator[cases.Client]:
    with cases.Client(organization.settings) as client:
        yield client


def test_objects_of_the_sandbox_have_only_known_members(client: cases.Client) -> None:
    """Create one object of each kind from request models, and check the models of the responses."""
    project = client.projects.create(models.ProjectRequest(key="SEC", name="Security"))
    kind = client.case_types.create(models.CaseTypeRequest(name="Intrusion", emoji="🔒"))
    attribute = client.custom_attributes.create(
        kind.id,
        models.CustomAttributeRequest(key="n", display_name="N", type="NUMBER", is_multi=True),
    )
    value = models.CustomAttributeValue(type="NUMBER", is_multi=True, value=[1, 2.5])
    case = client.cases.create(
        models.CaseRequest(title="t", type_id=kind.id, custom_attributes={"n": value}),
        project_id=project.id,
    )
    other = client.cases.create(
        models.CaseRequest(title="u", type_id=STANDARD_CASE_TYPE, priority="P2"),
        project_id=project.id,
    )
    client.projects.update(
        project.id,
        models.ProjectUpdate(
            columns_config=models.ColumnsConfig(columns=[models.Column(type="priority")]),
            settings=models.ProjectSettings(
                notification=models.Notification(destinations=[1, 2]),
            ),
        ),
    )
    insight = models.Insight(type="MONITOR", ref="/monitors/1", resource_id="1")
    client.cases.add_insights(case.id, [insight])
    client.cases.comment(case.id, "Hello")
    me = client.users.current()
    client.cases.assign(case.id, me.id)
    client.cases.watch(case.id, me.id)
    client.projects.favorite(project.id)
    client.automation_rules.create(
        project.id,
        models.AutomationRuleRequest(
            name="r",
            trigger=models.AutomationRuleTrigger(type="CASE_CREATED"),
            action=models.AutomationRuleAction(
                type="EXECUTE_WORKFLOW", data=models.AutomationRuleActionData(handle="h")
            ),
        ),
    )
    email = models.NotificationRecipientData(email="a@example.com")
    client.notification_rules.create(
        project.id,
        models.NotificationRuleRequest(
            recipients=[models.NotificationRecipient(type="EMAIL", data=email)],
            triggers=[models.NotificationTrigger(type="CASE_CREATED")],
        ),
    )
    client.case_views.create(
        models.CaseViewRequest(name="v", query="status:open", project_id=project.id)
    )
    start = datetime.now(UTC)
    client.maintenance_windows.create(
        models.MaintenanceWindowRequest(
            name="w", query="project:SEC", start_at=start, end_at=start + timedelta(hours=1)
        )
    )
    client.case_links.create(
        models.CaseLinkRequest(
            parent_entity_type="CASE",
            parent_entity_id=case.id,
            child_entity_type="CASE",
            child_entity_id=other.id,
            relationship="BLOCKS",
        )
    )

    read = client.cases.get(case.id)
    assert read.attributes.custom_attributes["n"].value == [1, 2.5]
    assert read.attributes.insights == [insight]
    assert read.relationships.assignee is not None
    assert read.relationships.assignee.id == me.id
    read_project = client.projects.get(project.id).attributes
    assert read_project.settings is not None
    assert read_project.settings.notification is not None
    assert read_project.settings.notification.destinations == [1, 2]
    found: list[cases.Item] = [
        read,
        *client.cases.search().items,
        *client.projects.list(),
        *client.projects.favorites(),
        *client.case_types.list(),
        attribute,
        *client.custom_attributes.list(kind.id),
        *client.cases.timeline(case.id),
        *client.cases.watchers(case.id),
        client.cases.count(group_bys=["status"]),
        client.cases.aggregate("status:open", groups=["priority"]),
        *client.automation_rules.list(project.id),
        *client.notification_rules.list(project.id),
        *client.case_views.list(project.id),
        *client.maintenance_windows.list(),
        *client.case_links.list("CASE", case.id),
        *client.users.list(),
        me,
    ]
    organization = client.organization()
    assert organization is not None
    unknown = {
        (type(item).__name__, name)
        for item in [*found, organization]
        for name in unknown_members(item.attributes) + unknown_members(item.relationships)
    }
    assert unknown == set()


def unknown_members(model: models.Model) -> list[str]:
    """Return the members of a model, at every depth, that no model declares."""
    unknown = [*(model.model_extra or {})]
    for name in type(model).model_fields:
        value = getattr(model, name)
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, models.Model):
                unknown += [f"{name}.{each}" for each in unknown_members(part)]
    return unknown
