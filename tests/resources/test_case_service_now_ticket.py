from typing import Any
from unittest.mock import ANY

from tests.resources.harness.prerequisites import CASES, case
from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases

PATH = "/cases/{case}/relationships/servicenow_tickets"
REQUIRED = {"case_id": "{case}", "instance_name": "example"}
FULL = {**REQUIRED, "assignment_group": "secops"}
ON_OTHER_CASE = {"case_id": "{other_case}"}
NEW_TICKET_STATE: dict[str, Any] = {"service_now_ticket": {"result": {"sys_target_link": ANY}}}
STAYS_WARNING = "the ServiceNow ticket of case {old} stays: the API cannot remove it"

SPEC: ResourceSpec = {
    "resource_class": cases.CaseServiceNowTicket,
    "prerequisites": {**CASES, "sibling_case": case("{project}")},
    "full_inputs": FULL,
    "import_id": "{case}",
    "read_requests": ["GET /cases/{id}"],
    "delete_requests": [],
    "api_state_after_delete": {"{id}": NEW_TICKET_STATE},
    "delete_warning": "the ServiceNow ticket of case {id} stays: the API cannot remove it; "
    "close it in ServiceNow",
    "deleted_out_of_band": ("DELETE /cases/projects/{project}", None),
    "steps": {
        "create with all inputs": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "api_state": NEW_TICKET_STATE,
            "outputs": {**FULL, "status": "COMPLETED", "sys_target_link": ANY},
        },
        "create with required inputs": {
            "given": None,
            "declare": REQUIRED,
            "operation": "create",
            "api_state": NEW_TICKET_STATE,
            "outputs": {**REQUIRED, "assignment_group": None},
        },
        "replace if case_id changes": {
            "declare": ON_OTHER_CASE,
            "operation": "replace",
            "api_state": NEW_TICKET_STATE,
            "warning": STAYS_WARNING,
        },
        "replace if case_id and instance_name change": {
            "declare": {**ON_OTHER_CASE, "instance_name": "other"},
            "operation": "replace",
            "api_state": NEW_TICKET_STATE,
            "warning": STAYS_WARNING,
        },
        "replace if case_id and assignment_group change": {
            "declare": {**ON_OTHER_CASE, "assignment_group": "it"},
            "operation": "replace",
            "api_state": NEW_TICKET_STATE,
            "warning": STAYS_WARNING,
        },
        "replace on the same case": {
            "declare": {"instance_name": "other"},
            "error": "answered 400: .*already has a ServiceNow ticket",
        },
        "deleted with its case": {
            "out_of_band": [("DELETE /cases/projects/{project}", None)],
            "declare": ON_OTHER_CASE,
            "operation": "create",
            "api_state": NEW_TICKET_STATE,
        },
        "unknown case": {
            "given": None,
            "declare": {**REQUIRED, "case_id": "P{run}-404"},
            "error": "answered 404: .*case not found",
        },
        "case with a ticket": {
            "given": None,
            "out_of_band": [
                (
                    f"POST {PATH}",
                    {"type": "tickets", "attributes": {"instance_name": "theirs"}},
                )
            ],
            "declare": FULL,
            "error": "answered 400: .*already has a ServiceNow ticket",
        },
        "ServiceNow fails": {
            "given": None,
            "declare": {**FULL, "instance_name": "failing"},
            "error": "the ServiceNow ticket of case {case} was not created: check the properties "
            "of the resource. In Datadog, check the integration and the timeline of the case",
            "prerequisite_changes": {"case": {"service_now_ticket": {"done_at": ANY}}},
        },
        "invalid inputs": {
            "declare": {
                "case_id": 3,
                "instance_name": " ",
                "assignment_group": ["secops"],
                "status": "COMPLETED",
            },
            "violations": {
                "case_id": "must be a string, got 3",
                "instance_name": "must be a non-empty string",
                "assignment_group": "must be a string, got ['secops']",
                "status": "is read-only; remove it",
            },
        },
        "misspelled names": {
            "declare": {"instance_name": None, "instance": "example"},
            "violations": {"instance_name": "is missing", "instance": "is not a property"},
        },
    },
    "sequence": [
        {
            "declare": ON_OTHER_CASE,
            "operation": "replace",
            "api_state": NEW_TICKET_STATE,
            "warning": STAYS_WARNING,
        },
        {
            "declare": {"instance_name": ""},
            "violations": {"instance_name": "must be a non-empty string"},
        },
        {
            "out_of_band": [("DELETE /cases/projects/{other_project}", None)],
            "declare": {"case_id": "{sibling_case}"},
            "operation": "create",
            "api_state": NEW_TICKET_STATE,
        },
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
