from unittest.mock import ANY

from tests.resources.harness.scenarios import Scenario
from tests.resources.harness.spec import ResourceSpec

import pulumi_datadog_cases as cases


def window(**attributes: str) -> object:
    return {"type": "maintenance_window", "attributes": attributes}


LIST = "/maintenance_windows"
PATH = f"{LIST}/{{id}}"
PUT = f"PUT {PATH}"
START, END = "2099-12-24T17:00:00Z", "2099-12-27T07:00:00Z"
FULL = {
    "name": "Holidays {run}",
    "query": "project:SEC",
    "start_at": "2099-12-24T18:00:00+01:00",
    "end_at": END,
}
ENDED = {**FULL, "start_at": "2001-12-24T17:00:00Z", "end_at": "2001-12-27T07:00:00Z"}
HAS_ENDED = ": has ended, so the API may reject the change; for a new window, add a resource"

SPEC: ResourceSpec = {
    "resource_class": cases.MaintenanceWindow,
    "prerequisites": {},
    "full_inputs": FULL,
    "import_id": "{id}",
    "read_requests": [f"GET {LIST}"],
    "delete_requests": [f"DELETE {PATH}"],
    "api_state_after_delete": {"{id}": None},
    "deleted_out_of_band": (f"DELETE {PATH}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {**FULL, "start_at": START},
            "outputs": {**FULL, "start_at": START, "created_by": ANY, "updated_by": None},
        },
        "create for all cases": {
            "given": None,
            "declare": {**FULL, "query": ""},
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": {"query": ""},
        },
        "create in the past": {
            "given": None,
            "declare": ENDED,
            "operation": "create",
            "requests": [f"POST {LIST}"],
            "api_state": ENDED,
        },
        "same time in another notation is no change": {
            "declare": {
                "start_at": "2099-12-24T12:00:00-05:00",
                "end_at": "2099-12-27T07:00:00.000+00:00",
            },
            "operation": "nothing",
        },
        "change name": {
            "declare": {"name": "Holy days {run}"},
            "requests": [PUT],
            "api_state": {"name": "Holy days {run}"},
            "outputs": {"updated_by": ANY},
        },
        "change query": {
            "declare": {"query": "project:OPS"},
            "requests": [PUT],
            "api_state": {"query": "project:OPS"},
        },
        "change start_at by a fraction of a second": {
            "declare": {"start_at": "2099-12-24T18:00:00.25+01:00"},
            "requests": [PUT],
            "api_state": {"start_at": "2099-12-24T17:00:00.25Z"},
        },
        "change end_at": {
            "declare": {"end_at": "2100-01-01T00:00:00+00:00"},
            "requests": [PUT],
            "api_state": {"end_at": "2100-01-01T00:00:00Z"},
        },
        "change start_at and end_at to after the end": {
            "declare": {"start_at": "2100-12-24T17:00:00Z", "end_at": "2100-12-27T07:00:00Z"},
            "requests": [PUT],
            "api_state": {"start_at": "2100-12-24T17:00:00Z", "end_at": "2100-12-27T07:00:00Z"},
        },
        "name changed outside Pulumi": {
            "out_of_band": [(PUT, window(name="Theirs"))],
            "drift": {"name"},
            "requests": [PUT],
        },
        "query changed outside Pulumi": {
            "out_of_band": [(PUT, window(query=""))],
            "drift": {"query"},
            "requests": [PUT],
        },
        "start_at changed outside Pulumi": {
            "out_of_band": [(PUT, window(start_at="2099-12-24T16:00:00Z"))],
            "drift": {"start_at"},
            "requests": [PUT],
        },
        "end_at changed outside Pulumi": {
            "out_of_band": [(PUT, window(end_at="2099-12-26T07:00:00Z"))],
            "drift": {"end_at"},
            "requests": [PUT],
        },
        "same time in another notation set outside Pulumi": {
            "out_of_band": [(PUT, window(end_at="2099-12-27T09:00:00+02:00"))],
        },
        "deleted outside Pulumi": {
            "out_of_band": [(f"DELETE {PATH}", None)],
            "operation": "create",
            "requests": [f"POST {LIST}"],
        },
        "change an ended window": {
            "given": ENDED,
            "declare": {"name": "Holy days {run}"},
            "requests": [PUT],
            "api_state": {"name": "Holy days {run}"},
            "warning": HAS_ENDED,
        },
        "change of an ended window rejected by the API": {
            "given": ENDED,
            "declare": {"name": "Holy days {run}"},
            "corrupt_request": PUT,
            "error": "PUT /api/v2/maintenance_windows/{id} .*answered 400: ",
        },
        "delete of an ended window rejected by the API": {
            "given": ENDED,
            "corrupt_request": f"DELETE {PATH}",
            "spec_overrides": {
                "delete_requests": [f"DELETE {PATH}-"],
                "api_state_after_delete": {"{id}": {"name": "Holidays {run}"}},
                "delete_warning": "maintenance window {id} has ended and stays in "
                "Datadog's list: DELETE ",
            },
        },
        "end before start": {
            "declare": {"end_at": "2099-12-24T17:59:59+01:00"},
            "violations": {"end_at": f"must be after start_at, which is {START}"},
        },
        "end at start": {
            "declare": {"end_at": START},
            "violations": {"end_at": f"must be after start_at, which is {START}"},
        },
        "invalid inputs": {
            "declare": {
                "name": " ",
                "query": ["project:SEC"],
                "start_at": "2099-12-24T18:00:00",
                "end_at": "after Christmas",
                "created_by": "{user}",
            },
            "violations": {
                "name": "must be a non-empty string",
                "query": "must be a string, got ['project:SEC']",
                "start_at": "must be an RFC 3339 time with an offset, such as 2026-11-21T08:00:00Z",
                "end_at": "must be an RFC 3339 time with an offset, such as 2026-11-21T08:00:00Z, "
                'got "after Christmas"',
                "created_by": "is read-only; remove it",
            },
        },
        "misspelled names": {
            "declare": {"start_at": None, "starts_at": START},
            "violations": {"start_at": "is missing", "starts_at": 'did you mean "start_at"?'},
        },
    },
    "sequence": [
        {
            "out_of_band": [
                (PUT, window(name="x", query="x", start_at="2098-01-01T00:00:00Z", end_at=START))
            ],
            "drift": {"name", "query", "start_at", "end_at"},
            "declare": {"query": "project:OPS"},
            "requests": [PUT],
            "api_state": {"query": "project:OPS"},
        },
        {"declare": {"start_at": END}, "violations": {"end_at": "must be after start_at"}},
        {"out_of_band": [(f"DELETE {PATH}", None)], "operation": "create"},
        {
            "declare": {"start_at": ENDED["start_at"], "end_at": ENDED["end_at"]},
            "api_state": {"start_at": ENDED["start_at"], "end_at": ENDED["end_at"]},
        },
        {"declare": {"name": "Late"}, "api_state": {"name": "Late"}, "warning": HAS_ENDED},
    ],
}


def test_lifecycle(scenario: Scenario) -> None:
    scenario()
