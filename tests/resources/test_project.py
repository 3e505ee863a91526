from typing import Any
from unittest.mock import ANY

from tests.resources.harness.prerequisites import all_cases_request, body, case_type, project
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases

LIST = "/cases/projects"
PATH = f"{LIST}/{{id}}"
TEAM, OTHER_TEAM = (f"7ea00000-0000-4000-8000-00000000000{number}" for number in (1, 2))
REQUIRED = {"key": "P{run}", "name": "Security"}
COLUMNS: dict[str, Any] = {
    "columns": [
        {"type": "priority", "sort_field": "priority", "sort": {"ascending": True, "priority": 1}},
        {"type": "title"},
    ]
}
#: Settings that contain every kind of value: lists, maps and untyped values.
SETTINGS: dict[str, Any] = {
    "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 7776000},
    "auto_transition_assigned_cases": {"auto_transition_assigned_cases_on_self_assigned": True},
    "integration_incident": {
        "enabled": True,
        "field_mappings": [{"case_field": "title", "incident_user_defined_field_id": "f-1"}],
        "severity_config": {"priority_mapping": {"SEV-1": "P1"}},
    },
    "integration_jira": {
        "sync": {
            "properties": {
                "status": {"sync_type": "bidirectional", "mapping": {"Open": "To Do"}},
                "custom_fields": {
                    "customfield_1": {"sync_type": "outbound", "value": ["a", 1, True, {"b": 2.5}]}
                },
            }
        },
    },
    "integration_monitor": {"enabled": False, "handle": "case-secops"},
    "integration_on_call": {
        "escalation_queries": [{"query": "priority:P1", "target": {"dynamic_team_paging": True}}]
    },
    "integration_service_now": {"instance_name": "prod"},
    "notification": {"destinations": [1, 2], "notify_on_case_comment": False},
}
FULL = {
    **REQUIRED,
    "team_uuid": TEAM,
    "enabled_custom_case_types": ["{type}"],
    "columns_config": COLUMNS,
    "settings": SETTINGS,
}
#: Notification settings that the sandbox gives a new project.
DEFAULT_NOTIFICATION = {
    "enabled": True,
    "destinations": [1],
    "notify_on_case_assignment": True,
    "notify_on_case_unassignment": True,
    "notify_on_case_closed": True,
    "notify_on_case_comment": True,
    "notify_on_case_comment_mention": True,
    "notify_on_case_priority_change": True,
    "notify_on_case_status_change": True,
}
CREATE = [f"POST {LIST}", f"PATCH {PATH}"]
CHANGE = [f"PATCH {PATH}"]
CHANGE_INSIDE = [f"GET {PATH}", f"PATCH {PATH}"]


def check_requests(project: str, key: str) -> list[str]:
    """The requests that precede the request to delete a project.

    They find the objects that the API would delete with the project.
    """
    return [
        all_cases_request(f"project_id%3A{project}"),
        all_cases_request(f"project_id%3A{project}+archived%3Atrue"),
        # These would find an archived case that the searches leave out.
        *(f"GET /cases/{key}-{number}" for number in range(1, 11)),
        f"GET {LIST}/{project}/rules",
        f"GET {LIST}/{project}/notification_rules",
        f"GET /cases/views?project_id={project}",
    ]


#: The requests of a replacement. The new project is created before the old project is deleted.
REPLACE = [
    *check_requests("{old}", "P{run}"),
    *CREATE,
    *check_requests("{old}", "P{run}"),
    f"DELETE {LIST}/{{old}}",
]


SPEC: ResourceSpec = {
    "resource_class": cases.Project,
    "prerequisites": {
        "type": case_type("Intrusion {run}"),
        "other_type": case_type("Breach {run}"),
        "other": project("O{run}"),
    },
    "full_inputs": FULL,
    "import_id": "{id}",
    "read_requests": [f"GET {PATH}"],
    "delete_requests": [*check_requests("{id}", "{key}"), f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": None, "P{run}-1": None},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create with all inputs": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {LIST}", f"PATCH {PATH}"],
            "api_state": {
                **FULL,
                "settings": {
                    **SETTINGS,
                    "notification": {**DEFAULT_NOTIFICATION, **SETTINGS["notification"]},
                },
            },
            "outputs": {**FULL, "restricted": False},
        },
        "create with required inputs": {
            "given": None,
            "declare": REQUIRED,
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {
                "settings": {"notification": DEFAULT_NOTIFICATION},
                "columns_config": None,
            },
            "outputs": {"settings": None, "columns_config": None, "team_uuid": None},
        },
        "change name": {
            "declare": {"name": "Detection"},
            "requests": CHANGE,
            "api_state": {"name": "Detection"},
        },
        "change team_uuid": {
            "declare": {"team_uuid": OTHER_TEAM},
            "requests": CHANGE,
            "api_state": {"team_uuid": OTHER_TEAM},
        },
        "change enabled_custom_case_types": {
            "declare": {"enabled_custom_case_types": ["{type}", "{other_type}"]},
            "requests": CHANGE,
            "api_state": {"enabled_custom_case_types": [ANY, ANY]},
        },
        "change columns_config": {
            "declare": {"columns_config": {"columns": [{"type": "status"}]}},
            "requests": CHANGE_INSIDE,
            "api_state": {"columns_config": {"columns": [ANY]}},
            "outputs": {"columns_config": {"columns": [{"type": "status"}]}},
        },
        "change a setting": {
            "declare": {"settings": {"auto_close_inactive_cases": {"enabled": False}}},
            "requests": CHANGE_INSIDE,
            "api_state": {"settings": {"auto_close_inactive_cases": {"enabled": False}}},
        },
        "change a list of settings": {
            "declare": {"settings": {"notification": {"destinations": [3]}}},
            "requests": CHANGE_INSIDE,
            "api_state": {"settings": {"notification": {"destinations": [3]}}},
        },
        "change a nested map in settings": {
            "declare": {
                "settings": {
                    "integration_jira": {
                        "sync": {"properties": {"status": {"mapping": {"Closed": "Done"}}}}
                    }
                }
            },
            "requests": CHANGE_INSIDE,
            "api_state": {
                "settings": {
                    "integration_jira": {
                        "sync": {"properties": {"status": {"mapping": {"Closed": "Done"}}}}
                    }
                }
            },
        },
        "add a setting": {
            "declare": {"settings": {"notification": {"enabled": False}}},
            "requests": CHANGE_INSIDE,
            "api_state": {"settings": {"notification": {"enabled": False}}},
        },
        "remove one setting, which then keeps its value": {
            "declare": {"settings": {"integration_monitor": {"handle": None}}},
            "warning": "no longer managed, and not changed: settings.integration_monitor.handle",
            "requests": ["GET /cases/projects/{id}"],
            "api_state": {"settings": SETTINGS},
        },
        "remove one setting and change another": {
            "declare": {"settings": {"integration_monitor": {"handle": None, "enabled": True}}},
            "warning": "no longer managed, and not changed: settings.integration_monitor.handle",
            "requests": CHANGE_INSIDE,
            "api_state": {
                "settings": {
                    "integration_monitor": {**SETTINGS["integration_monitor"], "enabled": True}
                }
            },
        },
        "remove team_uuid, which the API cannot clear": {
            "warning": "no longer managed, and not changed: team_uuid",
            "declare": {"team_uuid": None},
            "requests": [],
        },
        "remove enabled_custom_case_types": {
            "declare": {"enabled_custom_case_types": None},
            "requests": CHANGE,
            "api_state": {"enabled_custom_case_types": []},
        },
        "remove columns_config, which the API cannot clear": {
            "warning": "no longer managed, and not changed: columns_config",
            "declare": {"columns_config": None},
            "requests": [],
        },
        "remove settings, which the API cannot clear": {
            "warning": "no longer managed, and not changed: settings",
            "declare": {"settings": None},
            "requests": [],
        },
        "replace if key changes": {
            "declare": {"key": "Q{run}"},
            "operation": "replace",
            "requests": REPLACE,
            "api_state": {"key": "Q{run}", "columns_config": COLUMNS},
        },
        "name changed outside Pulumi": {
            "out_of_band": [(CHANGE[0], body("project", name="Theirs"))],
            "drift": {"name"},
            "requests": CHANGE,
        },
        "case type enabled outside Pulumi": {
            "out_of_band": [
                (CHANGE[0], body("project", enabled_custom_case_types=["{type}", "{other_type}"]))
            ],
            "drift": {"enabled_custom_case_types"},
            "requests": CHANGE,
        },
        "case types disabled outside Pulumi": {
            "out_of_band": [(CHANGE[0], body("project", enabled_custom_case_types=[]))],
            "drift": {"enabled_custom_case_types"},
            "requests": CHANGE,
        },
        "columns_config changed outside Pulumi": {
            "out_of_band": [
                (CHANGE[0], body("project", columns_config={"columns": [{"type": "title"}]}))
            ],
            "drift": {"columns_config"},
            "requests": CHANGE_INSIDE,
        },
        "a setting changed outside Pulumi": {
            "out_of_band": [
                (
                    CHANGE[0],
                    body(
                        "project",
                        settings={
                            "notification": {**DEFAULT_NOTIFICATION, **SETTINGS["notification"]}
                        }
                        | {"auto_close_inactive_cases": {"enabled": False}},
                    ),
                )
            ],
            "drift": {"settings"},
            "requests": CHANGE_INSIDE,
        },
        "undeclared settings changed outside Pulumi": {
            "out_of_band": [
                (
                    CHANGE[0],
                    body(
                        "project",
                        settings={
                            "notification": {
                                **DEFAULT_NOTIFICATION,
                                **SETTINGS["notification"],
                                "notify_on_case_closed": False,
                            },
                            "integration_service_now": {"instance_name": "prod", "enabled": True},
                        },
                    ),
                )
            ],
        },
        "update of a member keeps undeclared members": {
            "out_of_band": [
                (
                    CHANGE[0],
                    body(
                        "project",
                        settings={
                            "notification": {
                                **DEFAULT_NOTIFICATION,
                                **SETTINGS["notification"],
                                "notify_on_case_closed": False,
                            },
                            "integration_service_now": {"instance_name": "prod", "enabled": True},
                        },
                    ),
                )
            ],
            "declare": {
                "settings": {
                    "notification": {"notify_on_case_comment": True},
                    "integration_service_now": {"instance_name": "test"},
                }
            },
            "requests": CHANGE_INSIDE,
            "api_state": {
                "settings": {
                    "notification": {"notify_on_case_comment": True},
                    "integration_service_now": {"instance_name": "test"},
                }
            },
        },
        "update keeps ids of escalation queries": {
            "given": {
                **REQUIRED,
                "settings": {"integration_on_call": SETTINGS["integration_on_call"]},
            },
            "out_of_band": [
                (
                    CHANGE[0],
                    body(
                        "project",
                        settings={
                            "integration_on_call": {
                                "escalation_queries": [
                                    {
                                        "id": "q-1",
                                        "enabled": True,
                                        "query": "priority:P1",
                                        "target": {"dynamic_team_paging": True},
                                    }
                                ]
                            }
                        },
                    ),
                )
            ],
            "declare": {"settings": {"integration_on_call": {"auto_assign_on_call": True}}},
            "requests": CHANGE_INSIDE,
            "api_state": {"settings": {"integration_on_call": {"auto_assign_on_call": True}}},
        },
        "change of team_uuid, which reads do not return": {
            "out_of_band": [(CHANGE[0], body("project", team_uuid=OTHER_TEAM))],
        },
        "undeclared attributes changed outside Pulumi": {
            "given": REQUIRED,
            "out_of_band": [
                (
                    CHANGE[0],
                    body(
                        "project",
                        team_uuid=OTHER_TEAM,
                        enabled_custom_case_types=["{other_type}"],
                        columns_config=COLUMNS,
                        settings={"notification": {"enabled": False}},
                    ),
                )
            ],
        },
        "update keeps undeclared attributes": {
            "given": REQUIRED,
            "out_of_band": [
                (
                    CHANGE[0],
                    body(
                        "project",
                        team_uuid=OTHER_TEAM,
                        enabled_custom_case_types=["{other_type}"],
                        columns_config=COLUMNS,
                        settings={"notification": {"enabled": False}},
                    ),
                )
            ],
            "declare": {"name": "Detection"},
            "requests": CHANGE,
            "api_state": {"name": "Detection"},
        },
        "order and repetition in sets are no change": {
            "given": {**REQUIRED, "settings": {"notification": {"destinations": [3, 1]}}},
            "declare": {"settings": {"notification": {"destinations": [1, 3, 1]}}},
            "operation": "nothing",
        },
        "change force_destroy": {
            "declare": {"force_destroy": True},
            "requests": [],
            "outputs": {"force_destroy": True},
        },
        "remove force_destroy": {
            "given": {**REQUIRED, "force_destroy": True},
            "declare": {"force_destroy": None},
            "requests": [],
            "outputs": {"force_destroy": None},
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": CREATE,
        },
        "settings rejected by the API": {
            "given": None,
            "declare": FULL,
            "corrupt_request": f"PATCH {PATH}",
            "error": "answered 400.*the incomplete .* was removed",
        },
        "key in use": {
            "given": None,
            "declare": {**REQUIRED, "key": "O{run}"},
            "error": "project key O{run} is already in use",
        },
        "invalid inputs": {
            "declare": {
                "adopt": 1,
                "force_destroy": "yes",
                "key": "SECURITYOPS",
                "name": "",
                "team_uuid": "secops",
                "enabled_custom_case_types": ["{type}", "Intrusion"],
                "columns_config": {"columns": [{"sort": {"priority": 1.5}}, "title"]},
                "settings": {
                    "auto_close_inactive_cases": {"max_inactive_time_in_secs": "0"},
                    "auto_transition_assigned_cases": True,
                    "integration_incident": {"field_mappings": [{"case_feld": "title"}]},
                    "integration_jira": {
                        "sync": {"properties": {"status": {"mapping": {"Open": 1}}}}
                    },
                    "notification": {"destinations": [1, "email"]},
                },
                "restricted": True,
            },
            "violations": {
                "adopt": "must be",
                "force_destroy": "must be a boolean",
                "key": 'must be 1 to 10 characters, and not the reserved "CASE"',
                "name": "must be a non-empty string",
                "team_uuid": "must be a UUID",
                "enabled_custom_case_types[1]": "must be a UUID, such as another resource's id",
                "columns_config.columns[0].sort.priority": "must be an integer, got 1.5",
                "columns_config.columns[1]": "must be a mapping with type, sort_field, sort",
                "settings.auto_close_inactive_cases.max_inactive_time_in_secs": "an integer",
                "settings.auto_transition_assigned_cases": "must be a mapping with",
                "settings.integration_incident.field_mappings[0].case_feld": 'mean "case_field"?',
                "settings.integration_jira.sync.properties.status.mapping.Open": "must be a string",
                "settings.notification.destinations[1]": "must be one of 1, 2, 3 or an integer",
                "restricted": "is read-only; remove it",
            },
        },
        "reserved key": {
            "declare": {"key": "case"},
            "violations": {"key": 'not the reserved "CASE"'},
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (
                    CHANGE[0],
                    body(
                        "project",
                        name="Theirs",
                        enabled_custom_case_types=[],
                        columns_config={"columns": [{"type": "title"}]},
                        settings={
                            "notification": {
                                **DEFAULT_NOTIFICATION,
                                "notify_on_case_closed": False,
                            },
                            "auto_close_inactive_cases": {"enabled": False},
                        },
                    ),
                )
            ],
            "drift": {"name", "enabled_custom_case_types", "columns_config", "settings"},
            "declare": {"settings": {"notification": {"notify_on_case_comment": None}}},
            "warning": "not changed: settings.notification.notify_on_case_comment",
            "requests": CHANGE_INSIDE,
            "api_state": {
                "settings": {
                    "notification": {
                        "notify_on_case_closed": False,
                        "notify_on_case_comment": True,
                    }
                }
            },
        },
        {
            "declare": {"settings": {"notification": {"destinations": ["email"]}}},
            "violations": {"settings.notification.destinations[0]": "must be one of 1, 2, 3"},
        },
        {
            "declare": {"key": "Q{run}"},
            "operation": "replace",
            "requests": REPLACE,
        },
        {"out_of_band": [(f"DELETE {PATH}", None)], "operation": "create", "requests": CREATE},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
