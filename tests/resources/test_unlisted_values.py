"""Tests of values that Datadog's API reference does not list.

Such a value causes only a warning, because the API may know the value. But a value that differs in
one or two letters from a listed value counts as a typo, and is refused.
"""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, get_args, get_origin

import pytest
from typing_extensions import is_typeddict

from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES
from pulumi_datadog_cases.engine import Value
from pulumi_datadog_cases.engine.validation import Diagnostic, unwrap_annotation, validate

#: A resource class and the path of a property, where `*` is any element or key.
Place: TypeAlias = tuple[str, str]

PROJECT = "5a9d0c00-0000-4000-8000-00000000000a"

#: Values that the API may know although the reference does not list them, by place.
PLAUSIBLE: dict[Place, str] = {
    ("AutomationRule", "trigger.type"): """
        CASE_REVIEW_REJECTED CASE_REVIEW_REQUESTED CASE_REVIEW_CANCELED CASE_REVIEW_EXPIRED
        CASE_REVIEWED CASE_UPDATED CASE_DELETED CASE_CLOSED CASE_REOPENED CASE_ARCHIVED
        CASE_UNARCHIVED CASE_ASSIGNED CASE_UNASSIGNED CASE_MOVED CASE_MERGED CASE_LINKED
        CASE_ESCALATED CASE_STALE CASE_INACTIVE CASE_SLA_BREACHED CASE_DUE COMMENT_UPDATED
        COMMENT_EDITED COMMENT_DELETED COMMENT_REMOVED COMMENT_MENTIONED PRIORITY_CHANGED
        STATUS_CHANGED ASSIGNEE_CHANGED DUE_DATE_REACHED ATTRIBUTE_ADDED ATTRIBUTE_REMOVED
        INSIGHT_ADDED INSIGHT_REMOVED WATCHER_ADDED EVENT_CORRELATION_SIGNAL_RESOLVED
        EVENT_CORRELATION_SIGNAL_UPDATED SCHEDULE INCIDENT_DECLARED TIMER_ELAPSED
    """,
    ("CaseInsight", "type"): """
        SCM_PR SCM_COMMIT SCM_ISSUE SCM_BRANCH ERROR_TRACKING_ISSUE MONITOR_GROUP MONITOR_ALERT
        MONITOR_DOWNTIME SECURITY_RULE SECURITY_CASE SECURITY_THREAT SECURITY_POSTURE
        CLOUD_COST_ANOMALY CLOUD_COST_MONITOR CLOUD_COST_BUDGET CLOUD_RECOMMENDATION
        INCIDENT_TIMELINE INCIDENT_TASK SENSITIVE_DATA_SCANNER_RULE SENSITIVE_DATA EVENT_GROUP
        WATCHDOG_ALERT WATCHDOG_INSIGHT WATCHDOG WIDGET_GROUP DASHBOARD NOTEBOOK SLO SLO_ALERT
        SYNTHETIC_TEST TRACE LOG RUM_SESSION RUM_RECOMMENDATION DBM_RECOMMENDATION
        ASM_RECOMMENDATION CSM_FINDING VULNERABILITY SCORECARD INSIGHT_SCORECARD_RULE
        RESOURCE RESOURCE_CATALOG APM_SERVICE APM_TRACE PROFILING_RECOMMENDATION PROFILE
        PAGE ON_CALL_PAGE SERVICE DEPLOYMENT WORKFLOW LLM_TRACE
    """,
    ("NotificationRule", "triggers.*.type"): """
        CASE_UPDATED CASE_CLOSED CASE_ASSIGNED CASE_REVIEW_APPROVED COMMENT_ADDED PRIORITY_CHANGED
    """,
    ("NotificationRule", "recipients.*.type"): """
        SLACK_USER SLACK_GROUP MS_TEAMS_USER PAGERDUTY_SCHEDULE PAGERDUTY_USER WEBHOOK OPSGENIE
        TEAM USER ON_CALL_TEAM SMS DISCORD_CHANNEL GOOGLE_CHAT WORKFLOW TELEGRAM TEAMS_CHANNEL
    """,
    ("AutomationRule", "action.type"): """
        ASSIGN_USER ASSIGN_TEAM CLOSE_CASE ADD_COMMENT SET_PRIORITY NOTIFY PAGE CREATE_INCIDENT
        EXECUTE_WEBHOOK RUN_WORKFLOW EXECUTE_AGENT
    """,
    ("AutomationRule", "trigger.data.change_type"): "VALUE_CHANGED VALUE_SET VALUE_CLEARED NONE",
    ("AutomationRule", "state"): "PAUSED DRAFT SUSPENDED ERROR",
    ("CaseLink", "relationship"): """
        DUPLICATE_OF CHILD_OF BLOCKED_BY BLOCKED CAUSED_BY PREDECESSOR_OF ESCALATED_FROM MERGED_INTO
        DEPENDS_ON CLONES SUPERSEDES IS_RELATED_TO
    """,
    ("CaseLink", "child_entity_type"): """
        MONITOR SLO NOTEBOOK TASK TEAM SERVICE CONVERSATION AGENT ON_CALL_PAGE CHANGE
    """,
    ("Case", "priority"): "P0 P6 P7 CRITICAL HIGH UNDEFINED",
    ("CustomAttribute", "type"): "DATE BOOLEAN USER TEAM MULTI_SELECT TEXT_AREA JSON IP",
}

#: Keys of mappings that the API may know although the reference does not list them, by place.
MORE_KEYS: dict[Place, str] = {
    ("Project", "settings"): """
        integration_linear integration_github integration_slack integration_opsgenie
        integration_pagerduty integration_case integration_workflow auto_assign sla
        auto_archive_closed_cases auto_close_resolved_cases notifications_v2
    """,
    ("Project", "settings.notification"): """
        notify_on_case_reopened notify_on_case_archived notify_on_case_escalation channels
        notify_on_case_due_date_change notify_on_case_insight digest
    """,
    ("Project", "columns_config.columns.*"): "width hidden pinned label field",
    ("Project", "columns_config.columns.*.sort"): "descending direction nulls_first",
    ("Project", "settings.auto_close_inactive_cases"): "status_name max_inactive_days reason",
    ("Project", "settings.integration_jira.sync.properties"): "labels attachments reporter",
    ("AutomationRule", "trigger.data"): "from_priority to_status field_value old_value reviewer",
    ("AutomationRule", "action.data"): "inputs connection_id agent_name timeout prompt",
    ("NotificationRule", "recipients.*.data"): "group_id user_email thread url team schedule_id",
    ("CustomAttribute", "type_data"): "minimum unit default format regex",
}


def find(annotation: object, path: str) -> object:
    """Return the annotation at a path inside another annotation."""
    for step in filter(None, path.split(".")):
        ((member, *_), _) = unwrap_annotation(annotation)
        fields: Any = member
        annotation = fields.__annotations__[step] if step != "*" else get_args(member)[-1]
    return annotation


def annotation_at(place: Place) -> object:
    resource, path = place
    name, _, rest = path.partition(".")
    return find(RESOURCE_TYPES[resource].Provider.resource_type.inputs[name].annotation, rest)


def enums(annotation: object) -> Iterator[object]:
    for member in unwrap_annotation(annotation)[0]:
        if get_origin(member) is Literal:
            yield member
        elif is_typeddict(member):
            fields: Any = member
            for inner in fields.__annotations__.values():
                yield from enums(inner)
        else:
            for inner in get_args(member):
                yield from enums(inner)


def all_enums() -> list[object]:
    found = (
        enum
        for resource in RESOURCE_TYPES.values()
        for p in resource.Provider.resource_type.inputs.values()
        for enum in enums(p.annotation)
    )
    return [*dict.fromkeys(found)]


def problems(annotation: object, value: Value) -> list[Diagnostic]:
    sent, diagnostics = validate(annotation, value, "p")
    assert sent == value
    return diagnostics


@pytest.mark.parametrize("place", PLAUSIBLE, ids=".".join)
def test_plausible_values_are_sent_with_a_warning(place: Place) -> None:
    for value in PLAUSIBLE[place].split():
        (warning,) = problems(annotation_at(place), value)
        assert warning.warning, warning
        assert warning.message.startswith(f'"{value}" is not one of ')
        assert warning.message.endswith("; sent as is")
        assert len(warning.message) < 150


@pytest.mark.parametrize("place", MORE_KEYS, ids=".".join)
def test_plausible_keys_are_sent_with_a_warning(place: Place) -> None:
    for key in MORE_KEYS[place].split():
        (warning,) = problems(annotation_at(place), {key: {"any": "JSON"}})
        assert warning.warning, warning
        assert warning.path == f"p.{key}"


def typos(word: str) -> Iterator[str]:
    """Yield the word with one letter left out, doubled, replaced or swapped with its neighbour."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    # Replace only the letter in the middle. In a short acronym, such as `APM`, a replaced letter
    # gives another acronym (`ASM`), which does not count as a typo.
    at = max(range(len(word)), key=lambda at: min(at, len(word) - at))
    yield word[:at] + "X" + word[at + 1 :]


def test_typos_of_listed_values_are_refused() -> None:
    checked = 0
    for enum in all_enums():
        listed = {*get_args(enum)}
        for option in listed:
            if isinstance(option, int) or len(option) < 4:  # too short to have a typo
                continue
            for typo in {*typos(option)} - listed:
                (error,) = problems(enum, typo)
                assert not error.warning, typo
                assert 'did you mean "' in error.message
                checked += 1
    assert checked > 1000


def test_swapped_letters_of_short_values_are_refused() -> None:
    for enum, typo in [("CustomAttribute", "ULR"), ("Case", "1P")]:
        place = (enum, "type" if enum == "CustomAttribute" else "priority")
        (error,) = problems(annotation_at(place), typo)
        assert not error.warning


def test_typos_of_keys_are_refused() -> None:
    for typo in ("intergration_jira", "notifcation", "auto_close_inactive_case"):
        (error,) = problems(annotation_at(("Project", "settings")), {typo: {"enabled": True}})
        assert not error.warning


#: Valid declarations: resource class, inputs, and the paths of the expected warnings.
VALID: dict[str, tuple[str, dict[str, Value], list[str]]] = {
    "recipient of an unlisted type, without data": (
        "NotificationRule",
        {"recipients": [{"type": "ON_CALL_TEAM"}], "triggers": [{"type": "CASE_CREATED"}]},
        ["recipients[0].type"],
    ),
    "recipient of an unlisted type, with keys of other types": (
        "NotificationRule",
        {
            "recipients": [{"type": "DISCORD_CHANNEL", "data": {"channels": ["c"], "email": 1}}],
            "triggers": [{"type": "CASE_CREATED"}],
        },
        ["recipients[0].type"],
    ),
    "trigger and action of unlisted types": (
        "AutomationRule",
        {
            "name": "n",
            "trigger": {"type": "CASE_REVIEW_REJECTED", "data": {"approval_types": ["x"]}},
            "action": {"type": "CLOSE_CASE"},
        },
        ["trigger.type", "action.type"],
    ),
    "link between unlisted types": (
        "CaseLink",
        {
            "parent_entity_type": "NOTEBOOK",
            "parent_entity_id": "1",
            "child_entity_type": "MONITOR",
            "child_entity_id": "2",
            "relationship": "CAUSES",
        },
        ["parent_entity_type", "child_entity_type"],
    ),
    "custom attribute of an unlisted type": (
        "CustomAttribute",
        {
            "case_type_id": PROJECT,
            "key": "k",
            "display_name": "K",
            "type": "DATE",
            "type_data": {"option": "UTC", "options": "none"},
        },
        ["type"],
    ),
    "value of an unlisted type": (
        "CaseCustomAttribute",
        {"case_id": "SEC-1", "key": "k", "type": "BOOLEAN", "value": {"is": True}},
        ["type"],
    ),
    "values of unlisted types": (
        "Case",
        {
            "title": "t",
            "custom_attributes": {
                "a": {"type": "BOOLEAN", "value": True},
                "b": {"type": "USER", "value": {"id": 1}, "is_multi": False},
            },
        },
        ["custom_attributes.a.type", "custom_attributes.b.type"],
    ),
    "settings": (
        "Project",
        {
            "key": "SEC",
            "name": "n",
            "settings": {
                "auto_close_inactive_cases": {"enabled": False, "max_inactive_time_in_secs": 0},
                "notification": {"destinations": [1, 4]},
                "integration_linear": {"enabled": True, "sync": {"properties": {"title": {}}}},
            },
        },
        ["settings.notification.destinations[1]", "settings.integration_linear"],
    ),
}


@pytest.mark.parametrize("name", VALID)
def test_declaration_is_sent_with_one_warning_for_each_unlisted_value(name: str) -> None:
    resource, declared, paths = VALID[name]
    resource_type = RESOURCE_TYPES[resource].Provider.resource_type
    declared = {
        **({"project_id": PROJECT} if "project_id" in resource_type.inputs else {}),
        **declared,
    }
    checked, diagnostics = resource_type.validate(declared)
    assert sorted(each.path for each in diagnostics) == sorted(paths)
    assert all(each.warning for each in diagnostics)
    assert {key: checked[key] for key in declared} == declared


def test_members_of_a_misspelt_type_are_checked() -> None:
    resource_type = RESOURCE_TYPES["NotificationRule"].Provider.resource_type
    recipients: Value = [{"type": "EMIAL", "data": {"emial": "x"}}]
    _, diagnostics = resource_type.validate(
        {"project_id": PROJECT, "recipients": recipients, "triggers": []}
    )
    assert [(each.path, each.warning) for each in diagnostics] == [
        ("recipients[0].type", False),
        ("recipients[0].data.emial", False),
    ]
