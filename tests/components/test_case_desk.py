"""Tests of the component `CaseDesk`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.components.conftest import Declare

WEBHOOK = {"type": "HTTP", "data": {"name": "hook"}}
RUN = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "h"}}
THEIRS = "1f0c0000-0000-4000-8000-000000000001"


def test_desk_requires_only_project_key(declare: "Declare") -> None:
    declared = declare('components.CaseDesk("on-call", project={"key": "ONC"})')
    assert declared.resources == {
        ("CaseDesk", "on-call"): {},
        ("Project", "on-call"): {"key": "ONC", "name": "On call"},
    }


def test_children_are_named_by_key_and_linked(declare: "Declare") -> None:
    declared = declare(f"""
components.CaseDesk(
    "pay",
    project={{"key": "PAY", "name": "Payments"}},
    case_types={{"charge-back": {{"custom_attributes": {{
        "card_scheme": {{"options": ["visa", "other"]}},
        "hosts": {{"is_multi": True}},
    }}}}}},
    notification_rules={{"urgent": {{"recipients": [{WEBHOOK}]}}}},
    views={{"urgent": {{"query": "priority:P1", "notification_rule": "urgent"}}}},
    automation_rules={{"collect": {{"trigger": {{"type": "COMMENT_ADDED"}}, "action": {RUN}}}}},
)
""")
    project_id, type_id = "id-of-pay", "id-of-pay-charge-back"
    assert declared.resources == {
        ("CaseDesk", "pay"): {},
        ("Project", "pay"): {
            "key": "PAY",
            "name": "Payments",
            "enabled_custom_case_types": [type_id],
        },
        ("CaseType", "pay-charge-back"): {"name": "Charge back"},
        ("CustomAttribute", "pay-charge-back-card_scheme"): {
            "case_type_id": type_id,
            "key": "card_scheme",
            "display_name": "Card scheme",
            "type": "SELECT",
            "type_data": {"options": [{"value": "visa"}, {"value": "other"}]},
        },
        ("CustomAttribute", "pay-charge-back-hosts"): {
            "case_type_id": type_id,
            "key": "hosts",
            "display_name": "Hosts",
            "type": "TEXT",
            "is_multi": True,
        },
        ("NotificationRule", "pay-urgent"): {
            "project_id": project_id,
            "recipients": [WEBHOOK],
            "triggers": [{"type": "CASE_CREATED"}],
        },
        ("CaseView", "pay-urgent"): {
            "project_id": project_id,
            "name": "Urgent",
            "query": "priority:P1",
            "np_rule_id": "id-of-pay-urgent",
        },
        ("AutomationRule", "pay-collect"): {
            "project_id": project_id,
            "name": "Collect",
            "trigger": {"type": "COMMENT_ADDED"},
            "action": RUN,
        },
    }


def test_child_properties_override_defaults(declare: "Declare") -> None:
    declared = declare(f"""
components.CaseDesk(
    "pay",
    project={{"key": "PAY", "enabled_custom_case_types": ["{THEIRS}"]}},
    case_types={{"a": {{"name": "Claim", "custom_attributes": {{"b": {{
        "key": "sum", "display_name": "Amount", "type": "NUMBER"}}}}}}}},
    notification_rules={{"n": {{
        "recipients": [{WEBHOOK}], "triggers": [{{"type": "STATUS_TRANSITIONED"}}]}}}},
    views={{"v": {{"name": "All", "query": "", "np_rule_id": "{THEIRS}"}}}},
    automation_rules={{"r": {{
        "name": "Run", "trigger": {{"type": "CASE_CREATED"}}, "action": {RUN}}}}},
)
""")
    assert declared["Project", "pay"]["enabled_custom_case_types"] == ["id-of-pay-a", THEIRS]
    assert declared["CaseType", "pay-a"] == {"name": "Claim"}
    attribute = declared["CustomAttribute", "pay-a-b"]
    assert (attribute["key"], attribute["display_name"], attribute["type"]) == (
        "sum",
        "Amount",
        "NUMBER",
    )
    assert declared["NotificationRule", "pay-n"]["triggers"] == [{"type": "STATUS_TRANSITIONED"}]
    assert declared["CaseView", "pay-v"]["name"] == "All"
    assert declared["CaseView", "pay-v"]["np_rule_id"] == THEIRS
    assert declared["AutomationRule", "pay-r"]["name"] == "Run"


def test_desk_can_clear_enabled_case_types(declare: "Declare") -> None:
    declared = declare(
        'components.CaseDesk("p", project={"key": "P", "enabled_custom_case_types": []})'
    )
    assert declared["Project", "p"]["enabled_custom_case_types"] == []


def test_misspelt_property_of_child_is_reported(declare: "Declare") -> None:
    declared = declare(
        'components.CaseDesk("p", project={"key": "P"}, views={"v": {"query": "", "nam": "x"}})'
    )
    assert declared.error == (
        "the program has a mistake, so no further resource of this package was sent:\n"
        '  <string>:22: CaseView p-v: nam is not a property of CaseView; did you mean "name"?'
    )


def test_view_with_unknown_rule_is_rejected_before_registration(
    declare: "Declare",
) -> None:
    declared = declare(f"""
components.CaseDesk(
    "pay",
    project={{"key": "PAY"}},
    notification_rules={{"urgent": {{"recipients": [{WEBHOOK}]}}}},
    views={{
        "slip": {{"query": "", "notification_rule": "urgnt"}},
        "other": {{"query": "", "notification_rule": "nightly"}},
    }},
)
""")
    assert declared.names == {("CaseDesk", "pay")}
    assert declared.error == (
        'CaseDesk "pay": views.slip.notification_rule: there is no notification rule "urgnt"; '
        'did you mean "urgent"?\n'
        'CaseDesk "pay": views.other.notification_rule: there is no notification rule "nightly"; '
        "known rules: urgent"
    )


def test_non_mapping_is_rejected_before_registration(declare: "Declare") -> None:
    desk = 'components.CaseDesk("pay", project={{"key": "PAY"}}, {})'
    for given, refused in {
        'views={"urgent": "priority:P1"}': "views.urgent must be a mapping of properties, "
        'got "priority:P1"',
        "views=['priority:P1']": "views must be a mapping by key, got ['priority:P1']",
        'case_types={"c": {"custom_attributes": {"a": "TEXT"}}}': "case_types.c.custom_attributes.a"
        ' must be a mapping of properties, got "TEXT"',
    }.items():
        declared = declare(desk.format(given))
        assert declared.error == f'CaseDesk "pay": {refused}'
        assert declared.names == {("CaseDesk", "pay")}
