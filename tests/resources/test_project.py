from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def project(**attributes: object) -> object:
    return {"type": "project", "attributes": attributes}


def case_type(name: str) -> object:
    return {"type": "case_type", "attributes": {"name": name}}


LIST = "/cases/projects"
OWN = f"{LIST}/{{id}}"
TEAM, OTHER_TEAM = (f"7ea00000-0000-4000-8000-00000000000{number}" for number in (1, 2))
STANDARD = "00000000-0000-0000-0000-000000000001"
LEAST = {"key": "P{run}", "name": "Security"}
COLUMNS: dict[str, Any] = {
    "columns": [
        {"type": "priority", "sort_field": "priority", "sort": {"ascending": True, "priority": 1}},
        {"type": "title"},
    ]
}
#: One member of each branch of the tree, and lists, maps and free values among them.
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
    **LEAST,
    "team_uuid": TEAM,
    "enabled_custom_case_types": ["{type}"],
    "columns_config": COLUMNS,
    "settings": SETTINGS,
}
#: What a new project tells people, by email.
FRESH = {
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
CREATE = [f"POST {LIST}", f"PATCH {OWN}"]
CHANGE = [f"PATCH {OWN}"]
CHANGE_INSIDE = [f"GET {OWN}", f"PATCH {OWN}"]


LIFE: "Life" = {
    "kind": cases.Project,
    "needs": {
        "type": ("POST /cases/types", case_type("Intrusion {run}")),
        "other_type": ("POST /cases/types", case_type("Breach {run}")),
        "other": (f"POST {LIST}", project(key="O{run}", name="Other")),
    },
    "full": FULL,
    "import_id": "{id}",
    "reads": [f"GET {OWN}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": None, "P{run}-1": None},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {LIST}", f"PATCH {OWN}"],
            "stores": {
                **FULL,
                "settings": {**SETTINGS, "notification": {**FRESH, **SETTINGS["notification"]}},
            },
            "shows": {**FULL, "restricted": False},
        },
        "create with the least": {
            "given": None,
            "declare": LEAST,
            "does": "create",
            "sends": [f"POST {LIST}"],
            "stores": {"settings": {"notification": FRESH}, "columns_config": None},
            "shows": {"settings": None, "columns_config": None, "team_uuid": None},
        },
        "change name": {
            "declare": {"name": "Detection"},
            "sends": CHANGE,
            "stores": {"name": "Detection"},
        },
        "change team_uuid": {
            "declare": {"team_uuid": OTHER_TEAM},
            "sends": CHANGE,
            "stores": {"team_uuid": OTHER_TEAM},
        },
        "change enabled_custom_case_types": {
            "declare": {"enabled_custom_case_types": ["{type}", "{other_type}"]},
            "sends": CHANGE,
            "stores": {"enabled_custom_case_types": [ANY, ANY]},
        },
        "change columns_config": {
            "declare": {"columns_config": {"columns": [{"type": "status"}]}},
            "sends": CHANGE_INSIDE,
            "stores": {"columns_config": {"columns": [ANY]}},
            "shows": {"columns_config": {"columns": [{"type": "status"}]}},
        },
        "change a setting": {
            "declare": {"settings": {"auto_close_inactive_cases": {"enabled": False}}},
            "sends": CHANGE_INSIDE,
            "stores": {"settings": {"auto_close_inactive_cases": {"enabled": False}}},
        },
        "change a list of settings": {
            "declare": {"settings": {"notification": {"destinations": [3]}}},
            "sends": CHANGE_INSIDE,
            "stores": {"settings": {"notification": {"destinations": [3]}}},
        },
        "change a map deep in settings": {
            "declare": {
                "settings": {
                    "integration_jira": {
                        "sync": {"properties": {"status": {"mapping": {"Closed": "Done"}}}}
                    }
                }
            },
            "sends": CHANGE_INSIDE,
            "stores": {
                "settings": {
                    "integration_jira": {
                        "sync": {"properties": {"status": {"mapping": {"Closed": "Done"}}}}
                    }
                }
            },
        },
        "declare one more setting": {
            "declare": {"settings": {"notification": {"enabled": False}}},
            "sends": CHANGE_INSIDE,
            "stores": {"settings": {"notification": {"enabled": False}}},
        },
        "take one setting out": {
            "declare": {"settings": {"integration_monitor": {"handle": None}}},
            "sends": CHANGE_INSIDE,
            "stores": {"settings": {"integration_monitor": {"handle": None}}},
        },
        "take team_uuid out, which cannot be cleared": {
            "declare": {"team_uuid": None},
            "sends": [],
        },
        "take enabled_custom_case_types out": {
            "declare": {"enabled_custom_case_types": None},
            "sends": CHANGE,
            "stores": {"enabled_custom_case_types": []},
        },
        "take columns_config out, which cannot be cleared": {
            "declare": {"columns_config": None},
            "sends": [],
        },
        "take settings out, which cannot be cleared": {
            "declare": {"settings": None},
            "sends": [],
        },
        "replace for key": {
            "declare": {"key": "Q{run}"},
            "does": "replace",
            "warns": "all cases of the old project are deleted",
            "sends": [f"DELETE {LIST}/{{old}}", *CREATE],
            "stores": {"key": "Q{run}", "columns_config": COLUMNS},
        },
        "somebody changes name": {
            "edits": [(CHANGE[0], project(name="Theirs"))],
            "drift": {"name"},
            "sends": CHANGE,
        },
        "somebody enables another case type": {
            "edits": [(CHANGE[0], project(enabled_custom_case_types=["{type}", "{other_type}"]))],
            "drift": {"enabled_custom_case_types"},
            "sends": CHANGE,
        },
        "somebody enables none": {
            "edits": [(CHANGE[0], project(enabled_custom_case_types=[]))],
            "drift": {"enabled_custom_case_types"},
            "sends": CHANGE,
        },
        "somebody changes columns_config": {
            "edits": [(CHANGE[0], project(columns_config={"columns": [{"type": "title"}]}))],
            "drift": {"columns_config"},
            "sends": CHANGE_INSIDE,
        },
        "somebody changes a setting": {
            "edits": [
                (
                    CHANGE[0],
                    project(
                        settings={"notification": {**FRESH, **SETTINGS["notification"]}}
                        | {"auto_close_inactive_cases": {"enabled": False}}
                    ),
                )
            ],
            "drift": {"settings"},
            "sends": CHANGE_INSIDE,
        },
        "somebody changes settings that are not declared beside some that are": {
            "edits": [
                (
                    CHANGE[0],
                    project(
                        settings={
                            "notification": {
                                **FRESH,
                                **SETTINGS["notification"],
                                "notify_on_case_closed": False,
                            },
                            "integration_service_now": {"instance_name": "prod", "enabled": True},
                        }
                    ),
                )
            ],
        },
        "what is not declared outlives a change beside it": {
            "edits": [
                (
                    CHANGE[0],
                    project(
                        settings={
                            "notification": {
                                **FRESH,
                                **SETTINGS["notification"],
                                "notify_on_case_closed": False,
                            },
                            "integration_service_now": {"instance_name": "prod", "enabled": True},
                        }
                    ),
                )
            ],
            "declare": {
                "settings": {
                    "notification": {"notify_on_case_comment": True},
                    "integration_service_now": {"instance_name": "test"},
                }
            },
            "sends": CHANGE_INSIDE,
            "stores": {
                "settings": {
                    "notification": {"notify_on_case_comment": True},
                    "integration_service_now": {"instance_name": "test"},
                }
            },
        },
        "ids that the server gives to escalation queries stay": {
            "given": {
                **LEAST,
                "settings": {"integration_on_call": SETTINGS["integration_on_call"]},
            },
            "edits": [
                (
                    CHANGE[0],
                    project(
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
                        }
                    ),
                )
            ],
            "declare": {"settings": {"integration_on_call": {"auto_assign_on_call": True}}},
            "sends": CHANGE_INSIDE,
            "stores": {"settings": {"integration_on_call": {"auto_assign_on_call": True}}},
        },
        "nobody can see what somebody does to team_uuid": {
            "edits": [(CHANGE[0], project(team_uuid=OTHER_TEAM))],
        },
        "somebody changes what is not declared": {
            "given": LEAST,
            "edits": [
                (
                    CHANGE[0],
                    project(
                        team_uuid=OTHER_TEAM,
                        enabled_custom_case_types=["{other_type}"],
                        columns_config=COLUMNS,
                        settings={"notification": {"enabled": False}},
                    ),
                )
            ],
        },
        "what is not declared outlives a change": {
            "given": LEAST,
            "edits": [
                (
                    CHANGE[0],
                    project(
                        team_uuid=OTHER_TEAM,
                        enabled_custom_case_types=["{other_type}"],
                        columns_config=COLUMNS,
                        settings={"notification": {"enabled": False}},
                    ),
                )
            ],
            "declare": {"name": "Detection"},
            "sends": CHANGE,
            "stores": {"name": "Detection"},
        },
        "order and repetition mean nothing in sets": {
            "given": {**LEAST, "settings": {"notification": {"destinations": [3, 1]}}},
            "declare": {"settings": {"notification": {"destinations": [1, 3, 1]}}},
            "does": "nothing",
        },
        "deleted with its cases": {
            "edits": [
                (
                    "POST /cases",
                    {
                        "type": "case",
                        "attributes": {"title": "Stolen laptop", "type_id": STANDARD},
                        "relationships": {"project": {"data": {"type": "project", "id": "{id}"}}},
                    },
                )
            ],
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": CREATE,
        },
        "settings that the API refuses": {
            "given": None,
            "declare": FULL,
            "garbles": f"PATCH {OWN}",
            "fails": "answered 400.*the incomplete .* was removed",
        },
        "a key that is taken": {
            "given": None,
            "declare": {**LEAST, "key": "O{run}"},
            "fails": "project key O{run} is already in use",
        },
        "all mistakes at once": {
            "declare": {
                "adopt": 1,
                "key": "SECURITYOPS",
                "name": "",
                "team_uuid": "secops",
                "enabled_custom_case_types": ["{type}", "Intrusion"],
                "columns_config": {"columns": [{"sort": {"priority": 1.5}}, "title"]},
                "settings": {
                    "notifications": {},
                    "auto_close_inactive_cases": {"max_inactive_time_in_secs": 0},
                    "auto_transition_assigned_cases": True,
                    "integration_incident": {"field_mappings": [{"case_feld": "title"}]},
                    "integration_jira": {
                        "sync": {"properties": {"status": {"mapping": {"Open": 1}}}}
                    },
                    "notification": {"destinations": [1, 4]},
                },
                "restricted": True,
            },
            "refuses": {
                "adopt": "must be",
                "key": 'must be 1 to 10 characters, and not the reserved "CASE"',
                "name": "must be a non-empty string",
                "team_uuid": "must be a UUID",
                "enabled_custom_case_types[1]": "must be a UUID, such as another resource's id",
                "columns_config.columns[0].sort.priority": "must be an integer, got 1.5",
                "columns_config.columns[1]": "must be a mapping with type, sort_field, sort",
                "settings.notifications": 'did you mean "notification"?',
                "settings.auto_close_inactive_cases.max_inactive_time_in_secs": "more than 0",
                "settings.auto_transition_assigned_cases": "must be a mapping with",
                "settings.integration_incident.field_mappings[0].case_feld": 'mean "case_field"?',
                "settings.integration_jira.sync.properties.status.mapping.Open": "must be a string",
                "settings.notification.destinations[1]": "must be one of 1 (email), 2 (Slack)",
                "restricted": "is read-only; remove it",
            },
        },
        "the reserved key": {
            "declare": {"key": "case"},
            "refuses": {"key": 'not the reserved "CASE"'},
        },
    },
    "story": [
        {
            "edits": [
                (
                    CHANGE[0],
                    project(
                        name="Theirs",
                        enabled_custom_case_types=[],
                        columns_config={"columns": [{"type": "title"}]},
                        settings={
                            "notification": {**FRESH, "notify_on_case_closed": False},
                            "auto_close_inactive_cases": {"enabled": False},
                        },
                    ),
                )
            ],
            "drift": {"name", "enabled_custom_case_types", "columns_config", "settings"},
            "declare": {"settings": {"notification": {"notify_on_case_comment": None}}},
            "sends": CHANGE_INSIDE,
            "stores": {
                "settings": {
                    "notification": {
                        "notify_on_case_closed": False,
                        "notify_on_case_comment": None,
                    }
                }
            },
        },
        {
            "declare": {"settings": {"notification": {"destinations": [7]}}},
            "refuses": {"settings.notification.destinations[0]": "must be one of 1 (email)"},
        },
        {
            "declare": {"key": "Q{run}"},
            "does": "replace",
            "warns": "all cases of the old project are deleted",
            "sends": [f"DELETE {LIST}/{{old}}", *CREATE],
        },
        {"edits": [(f"DELETE {OWN}", None)], "does": "create", "sends": CREATE},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
