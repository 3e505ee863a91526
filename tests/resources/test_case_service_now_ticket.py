from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def case(project_name: str) -> object:
    return {
        "type": "case",
        "attributes": {
            "title": "Stolen laptop",
            "type_id": "00000000-0000-0000-0000-000000000001",
        },
        "relationships": {"project": {"data": {"type": "project", "id": project_name}}},
    }


ASK = "/cases/{case}/relationships/servicenow_tickets"
LEAST = {"case_id": "{case}", "instance_name": "example"}
FULL = {**LEAST, "assignment_group": "secops"}
THERE = {"case_id": "{other_case}"}
MADE: dict[str, Any] = {"service_now_ticket": {"result": {"sys_target_link": ANY}}}
STAYS = "the ServiceNow ticket of case {old} stays: the API cannot remove it"

LIFE: "Life" = {
    "kind": cases.CaseServiceNowTicket,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "sibling_case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "{case}",
    "reads": ["GET /cases/{id}"],
    "ends": [],
    "remains": {"{id}": MADE},
    "warns": "the ServiceNow ticket of case {id} stays: the API cannot remove it; close it in "
    "ServiceNow",
    "vanishes": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create with everything": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "stores": MADE,
            "shows": {**FULL, "status": "COMPLETED", "sys_target_link": ANY},
        },
        "create with the least": {
            "given": None,
            "declare": LEAST,
            "does": "create",
            "stores": MADE,
            "shows": {**LEAST, "assignment_group": None},
        },
        "create by the case's key": {
            "given": None,
            "declare": {**LEAST, "case_id": "P{run}-1"},
            "does": "create",
            "stores": MADE,
            "shows": {"case_id": "P{run}-1"},
        },
        "replace for case_id": {
            "declare": THERE,
            "does": "replace",
            "stores": MADE,
            "warns": STAYS,
        },
        "replace for case_id and instance_name": {
            "declare": {**THERE, "instance_name": "other"},
            "does": "replace",
            "stores": MADE,
            "warns": STAYS,
        },
        "replace for case_id and assignment_group": {
            "declare": {**THERE, "assignment_group": "it"},
            "does": "replace",
            "stores": MADE,
            "warns": STAYS,
        },
        "replace while the case keeps its ticket": {
            "declare": {"instance_name": "other"},
            "fails": "answered 400: .*already has a ServiceNow ticket",
        },
        "gone with its case": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": THERE,
            "does": "create",
            "stores": MADE,
        },
        "a case that is not there": {
            "given": None,
            "declare": {**LEAST, "case_id": "P{run}-404"},
            "fails": "answered 404: .*case not found",
        },
        "a case that has one already": {
            "given": None,
            "edits": [
                (
                    f"POST {ASK}",
                    {"type": "tickets", "attributes": {"instance_name": "theirs"}},
                )
            ],
            "declare": FULL,
            "fails": "answered 400: .*already has a ServiceNow ticket",
        },
        "ServiceNow fails": {
            "given": None,
            "declare": {**FULL, "instance_name": "failing"},
            "fails": "the ServiceNow ticket of case {case} was not created: check the properties "
            "of the resource, and in Datadog the integration and the timeline of the case",
            "leaves": {"case": {"service_now_ticket": {"done_at": ANY}}},
        },
        "all mistakes at once": {
            "declare": {
                "case_id": 3,
                "instance_name": " ",
                "assignment_group": ["secops"],
                "status": "COMPLETED",
            },
            "refuses": {
                "case_id": "must be a string, got 3",
                "instance_name": "must be a non-empty string",
                "assignment_group": "must be a string, got ['secops']",
                "status": "is read-only; remove it",
            },
        },
        "names misspelt": {
            "declare": {"instance_name": None, "instance": "example"},
            "refuses": {"instance_name": "is missing", "instance": "is not a property"},
        },
    },
    "story": [
        {"declare": THERE, "does": "replace", "stores": MADE, "warns": STAYS},
        {
            "declare": {"instance_name": ""},
            "refuses": {"instance_name": "must be a non-empty string"},
        },
        {
            "edits": [("DELETE /cases/projects/{other_project}", None)],
            "declare": {"case_id": "{sibling_case}"},
            "does": "create",
            "stores": MADE,
        },
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
