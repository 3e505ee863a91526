from typing import TYPE_CHECKING

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.resources.conftest import Life, Scene


def project(key: str) -> object:
    return {"type": "project", "attributes": {"key": key, "name": f"Project {key}"}}


def case(project_id: str) -> object:
    return {
        "type": "case",
        "attributes": {
            "title": "Stolen laptop",
            "type_id": "00000000-0000-0000-0000-000000000001",
        },
        "relationships": {"project": {"data": {"type": "project", "id": project_id}}},
    }


def link(**attributes: str) -> object:
    return {"type": "link", "attributes": attributes}


ALL = "/cases/link"
OWN = f"{ALL}/{{id}}"
INCIDENT = "11c1de27-0000-4000-8000-000000000001"
FULL = {
    "parent_entity_type": "CASE",
    "parent_entity_id": "{case}",
    "child_entity_type": "CASE",
    "child_entity_id": "{child}",
    "relationship": "BLOCKS",
}
REPLACE = [f"DELETE {ALL}/{{old}}", f"POST {ALL}"]
FROM_INCIDENT = {"parent_entity_type": "INCIDENT", "parent_entity_id": INCIDENT}
TO_INCIDENT = {"child_entity_type": "INCIDENT", "child_entity_id": INCIDENT}

LIFE: "Life" = {
    "kind": cases.CaseLink,
    "needs": {
        "project": ("POST /cases/projects", project("P{run}")),
        "case": ("POST /cases", case("{project}")),
        "other_project": ("POST /cases/projects", project("Q{run}")),
        "child": ("POST /cases", case("{other_project}")),
        "other_case": ("POST /cases", case("{other_project}")),
    },
    "full": FULL,
    "import_id": "CASE/{case}/{id}",
    "reads": [
        f"GET {ALL}?entity_type={{parent_entity_type}}&entity_id={{parent_entity_id}}",
    ],
    "ends": [f"DELETE {OWN}"],
    "remains": {"{id}": None},
    "vanishes": (f"DELETE {OWN}", None),
    "steps": {
        "create": {
            "given": None,
            "declare": FULL,
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": FULL,
            "shows": FULL,
        },
        "create from an incident": {
            "given": None,
            "declare": {**FULL, **FROM_INCIDENT, "relationship": "ESCALATES_TO"},
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": {**FROM_INCIDENT, "relationship": "ESCALATES_TO"},
        },
        "create to an incident": {
            "given": None,
            "declare": {**FULL, **TO_INCIDENT},
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": TO_INCIDENT,
        },
        "create spelt small": {
            "given": None,
            "declare": {
                **FULL,
                "parent_entity_type": "case",
                "child_entity_type": "case",
                "relationship": "parent_of",
            },
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": {**FULL, "relationship": "PARENT_OF"},
            "shows": {**FULL, "relationship": "PARENT_OF"},
        },
        "spelling means nothing": {
            "declare": {"parent_entity_type": "case", "relationship": "blocks"},
            "does": "nothing",
        },
        "replace for parent_entity_type": {
            "declare": FROM_INCIDENT,
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, **FROM_INCIDENT},
        },
        "replace for parent_entity_id": {
            "declare": {"parent_entity_id": "{other_case}"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, "parent_entity_id": "{other_case}"},
        },
        "replace for child_entity_type": {
            "declare": TO_INCIDENT,
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, **TO_INCIDENT},
        },
        "replace for child_entity_id": {
            "declare": {"child_entity_id": "{other_case}"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, "child_entity_id": "{other_case}"},
        },
        "replace for relationship": {
            "declare": {"relationship": "DUPLICATES"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, "relationship": "DUPLICATES"},
        },
        "turn round what has no direction": {
            "given": {**FULL, "relationship": "RELATES_TO"},
            "declare": {"parent_entity_id": "{child}", "child_entity_id": "{case}"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {"parent_entity_id": "{child}", "child_entity_id": "{case}"},
        },
        "somebody links both in another way": {
            "edits": [(f"POST {ALL}", link(**{**FULL, "relationship": "CAUSES"}))],
        },
        "gone by hand": {
            "edits": [(f"DELETE {OWN}", None)],
            "does": "create",
            "sends": [f"POST {ALL}"],
            "stores": FULL,
        },
        "gone with its parent": {
            "edits": [("DELETE /cases/projects/{project}", None)],
            "declare": FROM_INCIDENT,
            "does": "create",
            "sends": [f"POST {ALL}"],
        },
        "gone with its child": {
            "edits": [("DELETE /cases/projects/{other_project}", None)],
            "declare": TO_INCIDENT,
            "does": "create",
            "sends": [f"POST {ALL}"],
        },
        "a case that is not there": {
            "given": None,
            "declare": {**FULL, "child_entity_id": INCIDENT},
            "fails": "answered 404: .*case not found",
        },
        "a case by its key": {
            "given": None,
            "declare": {**FULL, "parent_entity_id": "P{run}-1"},
            "fails": "answered 400",
        },
        "a link that is there already": {
            "given": None,
            "edits": [(f"POST {ALL}", link(**FULL))],
            "declare": FULL,
            "fails": "answered 400: .*already linked in this way",
        },
        "all mistakes at once": {
            "declare": {
                "parent_entity_type": "CAES",
                "parent_entity_id": " ",
                "child_entity_type": 3,
                "child_entity_id": 12,
                "relationship": "BLOCK",
                "link_id": "x",
            },
            "refuses": {
                "parent_entity_type": 'did you mean "CASE"?',
                "parent_entity_id": "must be a non-empty string",
                "child_entity_type": "must be one of CASE, INCIDENT, PAGE, AGENT_CONVERSATION",
                "child_entity_id": "must be a string, got 12",
                "relationship": 'did you mean "BLOCKS"?',
                "link_id": "is not a property of CaseLink; known properties: parent_entity_type",
            },
        },
        "no case at either end": {
            "declare": {**FROM_INCIDENT, "child_entity_type": "page"},
            "refuses": {"child_entity_type": "must be CASE if parent_entity_type is not"},
        },
        "nothing said": {
            "declare": dict.fromkeys(FULL),
            "refuses": dict.fromkeys(FULL, "is missing"),
        },
    },
    "story": [
        {
            "declare": {"relationship": "CAUSES"},
            "does": "replace",
            "sends": REPLACE,
            "stores": {**FULL, "relationship": "CAUSES"},
        },
        {"declare": {"relationship": "CAUSE"}, "refuses": {"relationship": 'mean "CAUSES"?'}},
        {"edits": [(f"DELETE {OWN}", None)], "does": "create"},
    ],
}


def test_life(scene: "Scene") -> None:
    scene()
