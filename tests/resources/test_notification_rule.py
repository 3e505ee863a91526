from typing import Any

from tests.resources.harness.prerequisites import PROJECTS
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec, Step

import pulumi_datadog_cases as cases


def rule(**attributes: object) -> object:
    return {"type": "notification_rule", "attributes": attributes}


LIST = "/cases/projects/{project_id}/notification_rules"
PATH = f"{LIST}/{{id}}"
POST = f"POST {LIST}"
#: The response to an update is empty. After a change of a text, the provider therefore reads how
#: the API has stored the text.
CHANGE = [f"GET {LIST}", f"PUT {PATH}", f"GET {LIST}"]
TOGGLE = CHANGE[:2]

EMAIL: dict[str, Any] = {"type": "EMAIL", "data": {"email": "soc@example.com"}}
HTTP = {"type": "HTTP", "data": {"name": "siem"}}
TEAMS = {
    "type": "MS_TEAMS_CHANNEL",
    "data": {"tenant_name": "Example", "team_name": "SecOps", "channel_name": "Alerts"},
}
PAGERDUTY = {"type": "PAGERDUTY_SERVICE", "data": {"service_name": "secops"}}
SLACK: dict[str, Any] = {
    "type": "SLACK_CHANNEL",
    "data": {"workspace": "example", "channel": "secops"},
}
# These recipients are in the order in which the provider sends them.
RECIPIENTS = [SLACK, TEAMS, EMAIL, HTTP, PAGERDUTY]

CREATED = {"type": "CASE_CREATED"}
CLOSING = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
URGENT = {
    "type": "ATTRIBUTE_VALUE_CHANGED",
    "data": {"field": "priority", "change_type": "changed"},
}
CORRELATED = {"type": "EVENT_CORRELATION_SIGNAL_CORRELATED"}
TRIGGERS = [URGENT, CLOSING, CREATED, CORRELATED]

REQUIRED: dict[str, Any] = {"project_id": "{project}", "recipients": [EMAIL], "triggers": [CREATED]}
FULL: dict[str, Any] = {
    "project_id": "{project}",
    "recipients": RECIPIENTS,
    "triggers": TRIGGERS,
    "query": "priority:P1",
    "is_enabled": False,
}
SLACK_WITH_IDS = {**SLACK, "data": {**SLACK["data"], "workspace_id": "T1", "channel_id": "C1"}}


def create(**declared: object) -> Step:
    return {
        "given": None,
        "declare": {**REQUIRED, **declared},
        "operation": "create",
        "requests": [POST],
        "api_state": declared,
        "outputs": declared,
    }


SPEC: ResourceSpec = {
    "resource_class": cases.NotificationRule,
    "prerequisites": PROJECTS,
    "full_inputs": FULL,
    "import_id": "{project}/{id}",
    "read_requests": [f"GET {LIST}"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": None},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create with all inputs": create(**FULL),
        "create with required inputs": {
            **create(),
            "api_state": {"is_enabled": True, "query": None},
            "outputs": {"is_enabled": None, "query": None},
        },
        "create for EMAIL": create(recipients=[EMAIL]),
        "create for HTTP": create(recipients=[HTTP]),
        "create for MS_TEAMS_CHANNEL": create(
            recipients=[
                {
                    "type": "MS_TEAMS_CHANNEL",
                    "data": {
                        "tenant_id": "t",
                        "tenant_name": "Example",
                        "team_id": "s",
                        "team_name": "SecOps",
                        "channel_id": "c",
                        "channel_name": "Alerts",
                        "connector_name": "Datadog",
                    },
                }
            ]
        ),
        "create for PAGERDUTY_SERVICE": create(recipients=[PAGERDUTY]),
        "create for SLACK_CHANNEL": create(recipients=[SLACK_WITH_IDS]),
        "create on CASE_CREATED": create(triggers=[CREATED]),
        "create on STATUS_TRANSITIONED": create(
            triggers=[
                {
                    "type": "STATUS_TRANSITIONED",
                    "data": {
                        "from_status": "1",
                        "to_status": "2",
                        "from_status_name": "Open",
                        "to_status_name": "Closed",
                    },
                }
            ]
        ),
        "create on ATTRIBUTE_VALUE_CHANGED": create(triggers=[URGENT]),
        "create on EVENT_CORRELATION_SIGNAL_CORRELATED": create(triggers=[CORRELATED]),
        "create with lower-case values": {
            **create(),
            "declare": {
                **REQUIRED,
                "recipients": [{**SLACK, "type": "slack_channel"}],
                "triggers": [{"type": "case_created", "data": {}}],
            },
            "api_state": {"recipients": [SLACK], "triggers": [{**CREATED, "data": {}}]},
            "outputs": {"recipients": [SLACK]},
        },
        "order, repetition and letter case are no change": {
            "declare": {
                "recipients": [SLACK, PAGERDUTY, {**EMAIL, "type": "email"}, TEAMS, HTTP, SLACK],
                "triggers": [CORRELATED, CREATED, CLOSING, URGENT, CREATED],
            },
            "operation": "nothing",
        },
        "change recipients": {
            "declare": {"recipients": [SLACK]},
            "requests": CHANGE,
            "api_state": {"recipients": [SLACK]},
        },
        "change triggers": {
            "declare": {"triggers": [CREATED, {**CLOSING, "data": {"to_status_name": "Open"}}]},
            "requests": CHANGE,
            "api_state": {"triggers": [{**CLOSING, "data": {"to_status_name": "Open"}}, CREATED]},
        },
        "change query": {
            "declare": {"query": "priority:P2"},
            "requests": CHANGE,
            "api_state": {"query": "priority:P2"},
        },
        "remove query": {
            "declare": {"query": None},
            "requests": TOGGLE,
            "api_state": {"query": ""},
        },
        "enable": {
            "declare": {"is_enabled": True},
            "requests": TOGGLE,
            "api_state": {"is_enabled": True},
        },
        "disable": {
            "given": REQUIRED,
            "declare": {"is_enabled": False},
            "requests": TOGGLE,
            "api_state": {"is_enabled": False},
        },
        "remove is_enabled, which the API cannot clear": {
            "warning": "no longer managed, and not changed: is_enabled",
            "declare": {"is_enabled": None},
            "requests": [],
        },
        "replace if project_id changes": {
            "declare": {"project_id": "{other_project}"},
            "operation": "replace",
            "requests": [POST, "DELETE /cases/projects/{project}/notification_rules/{old}"],
            "api_state": {**FULL, "project_id": "{other_project}"},
        },
        "recipients changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(recipients=[HTTP, EMAIL, TEAMS, PAGERDUTY]))],
            "drift": {"recipients"},
            "requests": CHANGE,
        },
        "triggers changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(triggers=[CREATED]))],
            "drift": {"triggers"},
            "requests": CHANGE,
        },
        "order changed outside Pulumi": {
            "out_of_band": [
                (f"PUT {PATH}", rule(recipients=RECIPIENTS[::-1], triggers=TRIGGERS[::-1])),
            ],
        },
        "query changed outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(query="theirs"))],
            "drift": {"query"},
            "requests": CHANGE,
        },
        "query cleared outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(query=""))],
            "drift": {"query"},
            "requests": CHANGE,
        },
        "enabled outside Pulumi": {
            "out_of_band": [(f"PUT {PATH}", rule(is_enabled=True))],
            "drift": {"is_enabled"},
            "requests": TOGGLE,
        },
        "undeclared attributes changed outside Pulumi": {
            "given": REQUIRED,
            "out_of_band": [(f"PUT {PATH}", rule(is_enabled=False, query="theirs"))],
        },
        "update keeps undeclared attributes": {
            "given": REQUIRED,
            "out_of_band": [(f"PUT {PATH}", rule(is_enabled=False, query="theirs"))],
            "declare": {"triggers": [CORRELATED]},
            "requests": TOGGLE,
            "request_attributes": {
                "recipients": [EMAIL],
                "triggers": [CORRELATED],
                "query": "theirs",
                "is_enabled": False,
            },
            "api_state": {"triggers": [CORRELATED]},
        },
        "update keeps undeclared members of a recipient": {
            "given": {**REQUIRED, "recipients": [EMAIL, SLACK]},
            "out_of_band": [(f"PUT {PATH}", rule(recipients=[SLACK_WITH_IDS, EMAIL]))],
            "declare": {"recipients": [EMAIL, SLACK, HTTP]},
            "requests": CHANGE,
            "api_state": {"recipients": [SLACK_WITH_IDS, EMAIL, HTTP]},
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [POST],
            "api_state": FULL,
        },
        "deleted with its project": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "operation": "create",
            "requests": [POST],
        },
        "unknown project": {
            "given": None,
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": FULL,
            "error": "answered 404: .*project not found",
        },
        "recipient type unknown to the API": {
            "given": None,
            "declare": {**REQUIRED, "recipients": [{"type": "TELEX", "data": {"number": 3}}]},
            "error": "answered 400: ",
        },
        "invalid inputs": {
            "declare": {
                "project_id": "secops",
                "recipients": [
                    {"type": "SLACK_CHANNEL", "data": {"chanel": "x"}},
                    {"type": "SLACK_CHANEL", "data": {"channel": "x"}},
                    {"type": "EMAIL", "data": {"email": 3}},
                    "soc@example.com",
                ],
                "triggers": [{"type": "CASE_CREATE"}, {"typ": "CASE_CREATED"}],
                "query": 3,
                "is_enabled": "yes",
            },
            "violations": {
                "project_id": "must be a UUID, such as another resource's id",
                "recipients[0].data.chanel": 'did you mean "channel"?',
                "recipients[1].type": 'did you mean "SLACK_CHANNEL"?',
                "recipients[2].data.email": "must be a string, got 3",
                "recipients[3]": "must be a mapping with type, data",
                "triggers[0].type": 'did you mean "CASE_CREATED"?',
                "triggers[1].type": "is missing",
                "triggers[1].typ": 'did you mean "type"?',
                "query": "must be a string, got 3",
                "is_enabled": 'must be a boolean, got "yes"',
            },
        },
        "members of other types": {
            "declare": {
                "recipients": [{"type": "EMAIL", "data": {"email": "x", "channel": "y"}}],
                "triggers": [{"type": "CASE_CREATED", "data": {"field": "priority"}}],
            },
            "warning": (
                "recipients[0].data.channel does not belong to EMAIL, which takes email; sent as is"
            ),
            "requests": CHANGE,
            "api_state": {
                "recipients": [{"type": "EMAIL", "data": {"email": "x", "channel": "y"}}],
                "triggers": [{"type": "CASE_CREATED", "data": {"field": "priority"}}],
            },
        },
        "recipients without data": {
            "declare": {
                "recipients": [{"type": "EMAIL"}, {"type": "PAGERDUTY_SERVICE", "data": {}}]
            },
            "violations": {
                "recipients[0].data": "is missing: give the recipient's email",
                "recipients[1].data": "is missing: give the recipient's service_name",
            },
        },
        "misspelled names": {
            "declare": {"recipients": None, "recipient": [EMAIL], "enabled": True},
            "violations": {
                "recipients": "is missing",
                "recipient": 'did you mean "recipients"?',
                "enabled": 'did you mean "is_enabled"?',
            },
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (
                    f"PUT {PATH}",
                    rule(recipients=[HTTP], triggers=[CREATED], query="x", is_enabled=True),
                )
            ],
            "drift": {"recipients", "triggers", "query", "is_enabled"},
            "declare": {"recipients": [EMAIL, SLACK], "query": None},
            "requests": CHANGE,
            "api_state": {"recipients": [SLACK, EMAIL], "query": ""},
        },
        {
            "declare": {"triggers": [{"type": "CASE_CREATE"}]},
            "violations": {"triggers[0].type": 'did you mean "CASE_CREATED"?'},
        },
        {"declare": {"project_id": "{other_project}"}, "operation": "replace"},
        {"out_of_band": [(f"DELETE {PATH}", None)], "operation": "create", "requests": [POST]},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
