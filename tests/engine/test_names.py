"""Tests of the translation of property names for programs in other languages."""

import pytest
from tests.plugin.conftest import RESOURCE_CLASSES

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.engine import Resource, Values, names

PROPERTIES = cases.Project.properties


@pytest.mark.parametrize("resource_class", RESOURCE_CLASSES)
def test_every_name_has_an_inverse(resource_class: type[Resource]) -> None:
    for name in resource_class.properties:
        assert names.snake_case(names.camel_case(name)) == name


def test_members_of_typed_mappings_are_translated_at_every_depth() -> None:
    python: Values = {
        "columns_config": {"columns": [{"type": "a", "sort_field": "b"}]},
        "settings": {"integration_on_call": {"escalation_queries": [{"target": {"team_id": "t"}}]}},
    }
    other: Values = {
        "columnsConfig": {"columns": [{"type": "a", "sortField": "b"}]},
        "settings": {"integrationOnCall": {"escalationQueries": [{"target": {"teamId": "t"}}]}},
    }
    assert names.with_camel_case_names(PROPERTIES, python) == other
    assert names.with_snake_case_names(PROPERTIES, other) == python


def test_keys_of_free_mappings_are_kept() -> None:
    values = {"attributes": {"cost_center": ["a"], "costCenter": ["b"]}}
    assert names.with_camel_case_names(cases.Case.properties, values) == values
    mapping = {"priority_mapping": {"SEV_1": "P1"}}
    settings = {"settings": {"integration_incident": {"severity_config": mapping}}}
    sent = names.with_camel_case_names(PROPERTIES, settings)
    incident = {"severityConfig": {"priorityMapping": {"SEV_1": "P1"}}}
    assert sent == {"settings": {"integrationIncident": incident}}
    assert names.with_snake_case_names(PROPERTIES, sent) == settings


def test_hidden_outputs_are_kept() -> None:
    values = {"__ids": {"case_id": "x"}}
    assert names.with_camel_case_names(cases.CaseComment.properties, values) == values
    assert names.with_snake_case_names(cases.CaseComment.properties, values) == values


def test_messages_have_the_names_of_the_program() -> None:
    message = 'did you mean "to_status_name"? known keys: from_status_name, field'
    assert (
        names.in_message(cases.AutomationRule.properties, message)
        == 'did you mean "toStatusName"? known keys: fromStatusName, field'
    )
    request = "GET /api/v2/cases/link?entity_type=CASE&parent_entity_id=x failed: child_entity_id"
    translated = request.replace("child_entity_id", "childEntityId")
    assert names.in_message(cases.CaseLink.properties, request) == translated
    assert (
        names.camel_case_path(cases.AutomationRule.properties, "trigger.data.to_status_name")
        == "trigger.data.toStatusName"
    )


@pytest.mark.parametrize(
    ("resource_class", "python", "other"),
    [
        (cases.Case, 'attributes["costCenter"]', 'attributes["costCenter"]'),
        (cases.Case, "attributes.cost_center[0]", "attributes.cost_center[0]"),
        (cases.Case, 'custom_attributes["a.b"].is_multi', 'customAttributes["a.b"].isMulti'),
        (
            cases.Project,
            "columns_config.columns[1].sort_field",
            "columnsConfig.columns[1].sortField",
        ),
        (
            cases.Project,
            "settings.integration_incident.severity_config.priority_mapping.SEV_1",
            "settings.integrationIncident.severityConfig.priorityMapping.SEV_1",
        ),
        (cases.Project, 'settings["notification"]', 'settings["notification"]'),
    ],
)
def test_paths(resource_class: type[Resource], python: str, other: str) -> None:
    assert names.camel_case_path(resource_class.properties, python) == other
    assert names.snake_case_path(resource_class.properties, other) == python
