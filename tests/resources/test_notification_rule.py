from typing import TYPE_CHECKING, Any

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene, Step


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def rule(**attributes: object) -> object:
    return {"type": "notification_rule", "attributes": attributes}


LIST = "/cases/projects/{project_id}/notification_rules"
OWN = f"{LIST}/{{id}}"
POST = f"POST {LIST}"
CHANGE = [f"GET {LIST}", f"PUT {OWN}"]

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
# As the API is sent them: in an order that is always the same.
RECIPIENTS = [SLACK, TEAMS, EMAIL, HTTP, PAGERDUTY]

CREATED = {"type": "CASE_CREATED"}
CLOSING = {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}
URGENT = {
    "type": "ATTRIBUTE_VALUE_CHANGED",
    "data": {"field": "priority", "change_type": "changed"},
}
CORRELATED = {"type": "EVENT_CORRELATION_SIGNAL_CORRELATED"}
TRIGGERS = [URGENT, CLOSING, CREATED, CORRELATED]

LEAST: dict[str, Any] = {"project_id": "{project}", "recipients": [EMAIL], "triggers": [CREATED]}
FULL: dict[str, Any] = {
    "project_id": "{project}",
    "recipients": RECIPIENTS,
    "triggers": TRIGGERS,
    "query": "priority:P1",
    "is_enabled": False,
}
FOUND_SLACK = {**SLACK, "data": {**SLACK["data"], "workspace_id": "T1", "channel_id": "C1"}}


def create(**declared: object) -> "Step":
    return {
        "given": None,
        "declare": {**LEAST, **declared},
        "does": "create",
        "sends": [POST],
        "stores": declared,
        "shows": declared,
    }


LIFE: "Life" = {
    "kind": cases.NotificationRule,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
    },
    "full": FULL,
    "import_id": "{project}/{id}",
    "reads": [f"GET {LIST}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": None},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create with everything": create(**FULL),
        "create with the least": {
            **create(),
            "stores": {"is_enabled": True, "query": None},
            "shows": {"is_enabled": None, "query": None},
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
        "create for SLACK_CHANNEL": create(recipients=[FOUND_SLACK]),
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
        "create spelt small": {
            **create(),
            "declare": {
                **LEAST,
                "recipients": [{**SLACK, "type": "slack_channel"}],
                "triggers": [{"type": "case_created", "data": {}}],
            },
            "stores": {"recipients": [SLACK], "triggers": [{**CREATED, "data": {}}]},
            "shows": {"recipients": [SLACK]},
        },
        "order, repetition and spelling mean nothing": {
            "declare": {
                "recipients": [SLACK, PAGERDUTY, {**EMAIL, "type": "email"}, TEAMS, HTTP, SLACK],
                "triggers": [CORRELATED, CREATED, CLOSING, URGENT, CREATED],
            },
            "does": "nothing",
        },
        "change recipients": {
            "declare": {"recipients": [SLACK]},
            "sends": CHANGE,
            "stores": {"recipients": [SLACK]},
        },
        "change triggers": {
            "declare": {"triggers": [CREATED, {**CLOSING, "data": {"to_status_name": "Open"}}]},
            "sends": CHANGE,
            "stores": {"triggers": [{**CLOSING, "data": {"to_status_name": "Open"}}, CREATED]},
        },
        "change query": {
            "declare": {"query": "priority:P2"},
            "sends": CHANGE,
            "stores": {"query": "priority:P2"},
        },
        "take query out": {
            "declare": {"query": None},
            "sends": CHANGE,
            "stores": {"query": ""},
        },
        "enable": {
            "declare": {"is_enabled": True},
            "sends": CHANGE,
            "stores": {"is_enabled": True},
        },
        "pause": {
            "given": LEAST,
            "declare": {"is_enabled": False},
            "sends": CHANGE,
            "stores": {"is_enabled": False},
        },
        "take is_enabled out, which cannot be cleared": {
            "declare": {"is_enabled": None},
            "sends": [],
        },
        "replace for project_id": {
            "declare": {"project_id": "{other_project}"},
            "does": "replace",
            "sends": [POST, "DELETE /cases/projects/{project}/notification_rules/{old}"],
            "stores": {**FULL, "project_id": "{other_project}"},
        },
        "somebody changes recipients": {
            "edits": [(f"PUT {OWN}", rule(recipients=[HTTP, EMAIL, TEAMS, PAGERDUTY]))],
            "drift": {"recipients"},
            "sends": CHANGE,
        },
        "somebody changes triggers": {
            "edits": [(f"PUT {OWN}", rule(triggers=[CREATED]))],
            "drift": {"triggers"},
            "sends": CHANGE,
        },
        "somebody changes the order": {
            "edits": [
                (f"PUT {OWN}", rule(recipients=RECIPIENTS[::-1], triggers=TRIGGERS[::-1])),
            ],
        },
        "somebody changes query": {
            "edits": [(f"PUT {OWN}", rule(query="theirs"))],
            "drift": {"query"},
            "sends": CHANGE,
        },
        "somebody takes query away": {
            "edits": [(f"PUT {OWN}", rule(query=""))],
            "drift": {"query"},
            "sends": CHANGE,
        },
        "somebody enables it": {
            "edits": [(f"PUT {OWN}", rule(is_enabled=True))],
            "drift": {"is_enabled"},
            "sends": CHANGE,
        },
        "somebody pauses and narrows what is not declared": {
            "given": LEAST,
            "edits": [(f"PUT {OWN}", rule(is_enabled=False, query="theirs"))],
        },
        "what is not declared outlives a change": {
            "given": LEAST,
            "edits": [(f"PUT {OWN}", rule(is_enabled=False, query="theirs"))],
            "declare": {"triggers": [CORRELATED]},
            "sends": CHANGE,
            "carries": {
                "recipients": [EMAIL],
                "triggers": [CORRELATED],
                "query": "theirs",
                "is_enabled": False,
            },
            "stores": {"triggers": [CORRELATED]},
        },
        "what is not declared of a recipient outlives a change": {
            "given": {**LEAST, "recipients": [EMAIL, SLACK]},
            "edits": [(f"PUT {OWN}", rule(recipients=[FOUND_SLACK, EMAIL]))],
            "declare": {"recipients": [EMAIL, SLACK, HTTP]},
            "sends": CHANGE,
            "stores": {"recipients": [FOUND_SLACK, EMAIL, HTTP]},
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [POST],
            "stores": FULL,
        },
        "gone with its project": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": {"project_id": "{other_project}"},
            "does": "create",
            "sends": [POST],
        },
        "a project that is not there": {
            "given": None,
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": FULL,
            "fails": "answered 404: .*project not found",
        },
        "a type that is not known here": {
            "given": None,
            "declare": {**LEAST, "recipients": [{"type": "TELEX", "data": {"name": "x"}}]},
            "fails": "answered 400: ",
        },
        "all mistakes at once": {
            "declare": {
                "project_id": "secops",
                "recipients": [
                    {"type": "SLACK", "data": {"chanel": "x"}},
                    {"type": "SLACK_CHANEL", "data": {"channel": "x"}},
                    {"type": "EMAIL", "data": {"email": 3}},
                    "soc@example.com",
                ],
                "triggers": [{"type": "CASE_CREATE"}, {"typ": "CASE_CREATED"}],
                "query": 3,
                "is_enabled": "yes",
            },
            "refuses": {
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
        "members of other recipients and triggers": {
            "declare": {
                "recipients": [
                    {"type": "EMAIL", "data": {"email": "x", "channel": "y"}},
                    {"type": "http", "data": {"service_name": "x"}},
                ],
                "triggers": [
                    {"type": "CASE_CREATED", "data": {"field": "priority"}},
                    {"type": "STATUS_TRANSITIONED", "data": {"change_type": "changed"}},
                ],
            },
            "refuses": {
                "recipients[0].data.channel": "does not belong to EMAIL, which takes email",
                "recipients[1].data.service_name": "does not belong to HTTP, which takes name",
                "triggers[0].data.field": "does not belong to CASE_CREATED, which takes no data",
                "triggers[1].data.change_type": "does not belong to STATUS_TRANSITIONED",
            },
        },
        "recipients without saying who": {
            "declare": {
                "recipients": [{"type": "EMAIL"}, {"type": "PAGERDUTY_SERVICE", "data": {}}]
            },
            "refuses": {
                "recipients[0].data": "is missing: give the recipient's email",
                "recipients[1].data": "is missing: give the recipient's service_name",
            },
        },
        "names misspelt": {
            "declare": {"recipients": None, "recipient": [EMAIL], "enabled": True},
            "refuses": {
                "recipients": "is missing",
                "recipient": 'did you mean "recipients"?',
                "enabled": 'did you mean "is_enabled"?',
            },
        },
    },
    "story": [
        {
            "edits": [
                (
                    f"PUT {OWN}",
                    rule(recipients=[HTTP], triggers=[CREATED], query="x", is_enabled=True),
                )
            ],
            "drift": {"recipients", "triggers", "query", "is_enabled"},
            "declare": {"recipients": [EMAIL, SLACK], "query": None},
            "sends": CHANGE,
            "stores": {"recipients": [SLACK, EMAIL], "query": ""},
        },
        {
            "declare": {"triggers": [{"type": "CASE_CREATE"}]},
            "refuses": {"triggers[0].type": 'did you mean "CASE_CREATED"?'},
        },
        {"declare": {"project_id": "{other_project}"}, "does": "replace"},
        {"edits": [(f"DELETE {OWN}", None)], "does": "create", "sends": [POST]},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
