from typing import TYPE_CHECKING
from unittest.mock import ANY

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def window(**attributes: str) -> object:
    return {"type": "maintenance_window", "attributes": attributes}


LIST = "/maintenance_windows"
OWN = f"{LIST}/{{id}}"
PUT = f"PUT {OWN}"
START, END = "2099-12-24T17:00:00Z", "2099-12-27T07:00:00Z"
FULL = {
    "name": "Holidays {run}",
    "query": "project:SEC",
    "start_at": "2099-12-24T18:00:00+01:00",
    "end_at": END,
}
ENDED = {**FULL, "start_at": "2001-12-24T17:00:00Z", "end_at": "2001-12-27T07:00:00Z"}
HAS_ENDED = (
    "MaintenanceWindow {old}: has ended, so the API may reject the change; "
    "for a new window, add a resource"
)

LIFE: "Life" = {
    "kind": cases.MaintenanceWindow,
    "needs": {},
    "full": FULL,
    "import_id": "{id}",
    "reads": [f"GET {LIST}"],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": None},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {LIST}"],
            "stores": {**FULL, "start_at": START},
            "shows": {**FULL, "start_at": START, "created_by": ANY, "updated_by": None},
        },
        "create for all cases": {
            "given": None,
            "declare": {**FULL, "query": ""},
            "does": "create",
            "sends": [f"POST {LIST}"],
            "stores": {"query": ""},
        },
        "create in the past": {
            "given": None,
            "declare": ENDED,
            "does": "create",
            "sends": [f"POST {LIST}"],
            "stores": ENDED,
        },
        "the spelling of an instant means nothing": {
            "declare": {
                "start_at": "2099-12-24T12:00:00-05:00",
                "end_at": "2099-12-27T07:00:00.000+00:00",
            },
            "does": "nothing",
        },
        "change name": {
            "declare": {"name": "Holy days {run}"},
            "sends": [PUT],
            "stores": {"name": "Holy days {run}"},
            "shows": {"updated_by": ANY},
        },
        "change query": {
            "declare": {"query": "project:OPS"},
            "sends": [PUT],
            "stores": {"query": "project:OPS"},
        },
        "change start_at by a fraction of a second": {
            "declare": {"start_at": "2099-12-24T18:00:00.25+01:00"},
            "sends": [PUT],
            "stores": {"start_at": "2099-12-24T17:00:00.25Z"},
        },
        "change end_at": {
            "declare": {"end_at": "2100-01-01T00:00:00+00:00"},
            "sends": [PUT],
            "stores": {"end_at": "2100-01-01T00:00:00Z"},
        },
        "move it beyond its own end": {
            "declare": {"start_at": "2100-12-24T17:00:00Z", "end_at": "2100-12-27T07:00:00Z"},
            "sends": [PUT],
            "stores": {"start_at": "2100-12-24T17:00:00Z", "end_at": "2100-12-27T07:00:00Z"},
        },
        "somebody changes name": {
            "edits": [(PUT, window(name="Theirs"))],
            "drift": {"name"},
            "sends": [PUT],
        },
        "somebody changes query": {
            "edits": [(PUT, window(query=""))],
            "drift": {"query"},
            "sends": [PUT],
        },
        "somebody begins it sooner": {
            "edits": [(PUT, window(start_at="2099-12-24T16:00:00Z"))],
            "drift": {"start_at"},
            "sends": [PUT],
        },
        "somebody ends it sooner": {
            "edits": [(PUT, window(end_at="2099-12-26T07:00:00Z"))],
            "drift": {"end_at"},
            "sends": [PUT],
        },
        "somebody writes the same instant otherwise": {
            "edits": [(PUT, window(end_at="2099-12-27T09:00:00+02:00"))],
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"POST {LIST}"],
        },
        "change a window that has ended": {
            "given": ENDED,
            "declare": {"name": "Holy days {run}"},
            "sends": [PUT],
            "stores": {"name": "Holy days {run}"},
            "warns": HAS_ENDED,
        },
        "change a window that has ended, which the API refuses": {
            "given": ENDED,
            "declare": {"name": "Holy days {run}"},
            "garbles": PUT,
            "fails": "PUT /api/v2/maintenance_windows/{id} .*answered 400: ",
        },
        "destroy a window that has ended, which the API refuses": {
            "given": ENDED,
            "garbles": f"DELETE {OWN}",
            "otherwise": {
                "ends": [f"DELETE {OWN}-"],
                "remains": {"{id}": {"name": "Holidays {run}"}},
                "warns": "maintenance window {id} has ended and stays in Datadog's list: DELETE ",
            },
        },
        "end before start": {
            "declare": {"end_at": "2099-12-24T17:59:59+01:00"},
            "refuses": {"end_at": f"must be after start_at, which is {START}"},
        },
        "end at start": {
            "declare": {"end_at": START},
            "refuses": {"end_at": f"must be after start_at, which is {START}"},
        },
        "all mistakes at once": {
            "declare": {
                "name": " ",
                "query": ["project:SEC"],
                "start_at": "2099-12-24T18:00:00",
                "end_at": "after Christmas",
                "created_by": "{user}",
            },
            "refuses": {
                "name": "must be a non-empty string",
                "query": "must be a string, got ['project:SEC']",
                "start_at": "must be an RFC 3339 time with an offset, such as 2026-11-21T08:00:00Z",
                "end_at": "must be an RFC 3339 time with an offset, such as 2026-11-21T08:00:00Z, "
                'got "after Christmas"',
                "created_by": "is read-only; remove it",
            },
        },
        "names misspelt": {
            "declare": {"start_at": None, "starts_at": START},
            "refuses": {"start_at": "is missing", "starts_at": 'did you mean "start_at"?'},
        },
    },
    "story": [
        {
            "edits": [
                (PUT, window(name="x", query="x", start_at="2098-01-01T00:00:00Z", end_at=START))
            ],
            "drift": {"name", "query", "start_at", "end_at"},
            "declare": {"query": "project:OPS"},
            "sends": [PUT],
            "stores": {"query": "project:OPS"},
        },
        {"declare": {"start_at": END}, "refuses": {"end_at": "must be after start_at"}},
        {"edits": [(f"DELETE {OWN}", None)], "does": "create"},
        {
            "declare": {"start_at": ENDED["start_at"], "end_at": ENDED["end_at"]},
            "stores": {"start_at": ENDED["start_at"], "end_at": ENDED["end_at"]},
        },
        {"declare": {"name": "Late"}, "stores": {"name": "Late"}, "warns": HAS_ENDED},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
