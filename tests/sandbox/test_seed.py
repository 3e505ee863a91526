"""Seed files, from which a sandbox reads its first objects."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests

from datadog_cases_sandbox import seed

Start: TypeAlias = Callable[..., str]
File: TypeAlias = dict[str, Any]

KEYS = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
SERVICE_ACCOUNT = "5a9d0c00-0000-4000-8000-000000000001"
STANDARD = "00000000-0000-0000-0000-000000000001"
ORGANISATION = "c0000000-0000-4000-8000-000000000000"
ANN, PROJECT, LEAK, CASE, OTHER, RULE, TOLD, VIEW, LINK = (
    f"b0000000-0000-4000-8000-00000000000{number}" for number in range(9)
)


def related(**others: tuple[str, str]) -> dict[str, Any]:
    return {name: {"data": {"type": kind, "id": id_}} for name, (kind, id_) in others.items()}


def case(id_: str, number: int, **attributes: object) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "case",
        "attributes": {
            "key": f"SEC-{number}",
            "public_id": str(7000 + number),
            "title": f"Case {number}",
            "type_id": LEAK,
            "status_name": "Contained",
            "created_at": "2025-10-01T08:15:30.5Z",
            **attributes,
        },
        "relationships": related(project=("project", PROJECT), created_by=("user", ANN)),
    }


def organization() -> File:
    """A seed file. Some of its values, such as `MOON_ROSE`, would be rejected by the endpoints."""
    return {
        "datadog_cases_export": 1,
        "users": [
            {
                "id": ANN,
                "type": "users",
                "attributes": {
                    "email": "ann@acme.example",
                    "name": None,
                    "status": "Active",
                    "created_at": "2024-01-01T00:00:00Z",
                    "modified_at": "2024-01-01T00:00:00Z",
                    "mfa_enabled": True,
                },
                "relationships": related(org=("orgs", ORGANISATION)),
            }
        ],
        "case_types": [
            {
                "id": LEAK,
                "type": "case_type",
                "attributes": {
                    "name": "Leak",
                    "description": "",
                    "emoji": "💧",
                    "internal": False,
                    "deleted_at": "2025-11-01T00:00:00Z",
                    "statuses_config": {
                        "open": {"status_options": [{"name": "Seen"}], "default": "Seen"},
                        "in_progress": {
                            "status_options": [{"name": "Contained"}, {"name": "Cleaned"}],
                            "default": "Cleaned",
                        },
                        "closed": {"status_options": [{"name": "Dry"}], "default": "Dry"},
                    },
                },
            }
        ],
        "projects": [
            {
                "id": PROJECT,
                "type": "project",
                "attributes": {
                    "key": "SEC",
                    "name": "Security",
                    "restricted": True,
                    "settings": {"integration_new": {"enabled": True}},
                },
                "relationships": {
                    "member_user": {"data": [{"id": ANN, "type": "user"}]},
                    "member_team": {
                        "data": [{"id": "1-2", "type": "team_links"}],
                        "links": {"related": f"/api/v2/team/{ANN}/links"},
                    },
                },
            }
        ],
        "project_favorites": [{"id": PROJECT, "type": "project_favorite"}],
        "automation_rules": {
            PROJECT: [
                {
                    "id": RULE,
                    "type": "rule",
                    "attributes": {
                        "name": "Page",
                        "state": "DISABLED",
                        "trigger": {"type": "MOON_ROSE", "data": {"phase": "full"}},
                        "action": {"type": "HOWL", "data": {}},
                        "created_at": "2025-10-01T08:15:30Z",
                    },
                    "relationships": {"created_by": {"data": None}},
                }
            ]
        },
        "notification_rules": {
            PROJECT: [
                {
                    "id": TOLD,
                    "type": "notification_rule",
                    "attributes": {
                        "recipients": [{"type": "PIGEON", "data": {"loft": "3"}}],
                        "triggers": [{"type": "CASE_CREATED", "data": {}}],
                        "is_enabled": False,
                    },
                }
            ]
        },
        "case_views": {
            PROJECT: [
                {
                    "id": VIEW,
                    "type": "view",
                    "attributes": {
                        "name": "All",
                        "query": "*",
                        "np_rule_id": TOLD,
                        "created_at": "2025-10-01T08:15:30Z",
                    },
                }
            ]
        },
        "cases": [
            case(
                CASE,
                41,
                creation_source="ERROR_TRACKING",
                archived_at="2025-11-01T00:00:00.123456789Z",
                comment_count=1,
                jira_issue={"status": "IN_PROGRESS"},
                service_now_ticket={"status": "COMPLETED", "result": {"sys_target_link": "x"}},
            ),
            case(OTHER, 12),
        ],
        "timelines": {
            CASE: [
                {
                    "id": "c0000000-0000-4000-8000-000000000001",
                    "type": "timeline_cell",
                    "attributes": {
                        "type": "STATUS_CHANGE",
                        "cell_content": {"from": "Seen"},
                        "created_at": "2025-10-01T08:15:30Z",
                    },
                },
                {
                    "id": "c0000000-0000-4000-8000-000000000002",
                    "type": "timeline_cell",
                    "attributes": {
                        "type": "COMMENT",
                        "author": {"type": "USER", "content": {"id": ANN}},
                        "cell_content": {"message": "Drip."},
                        "created_at": "2025-10-01T08:15:30Z",
                    },
                },
            ]
        },
        # The id of each watcher is the id of its user, because Datadog's API reference does not say
        # that a watcher has its own id.
        "watchers": {
            id_: [{"id": ANN, "type": "watcher", "relationships": related(user=("user", ANN))}]
            for id_ in (CASE, OTHER)
        },
        "case_links": [
            {
                "id": LINK,
                "type": "link",
                "attributes": {
                    "parent_entity_type": "CASE",
                    "parent_entity_id": CASE,
                    "child_entity_type": "CASE",
                    "child_entity_id": OTHER,
                    "relationship": "CAUSES",
                },
            }
        ],
    }


@pytest.fixture
def file() -> File:
    return organization()


@pytest.fixture(scope="module")
def seeded_url(tmp_path_factory: pytest.TempPathFactory, start: Start) -> str:
    written = tmp_path_factory.mktemp("seed") / "seed.json"
    written.write_text(json.dumps(organization()), encoding="utf-8")
    return start("--seed", str(written))


@pytest.fixture
def seeded(seeded_url: str) -> Callable[..., Any]:
    """Sends a request to a seeded sandbox and returns `data`, as in `seeded("/cases/types")`."""
    url = seeded_url

    def send(path: str, method: str = "GET", data: object = None) -> Any:  # noqa: ANN401 - JSON
        base = url if path.startswith("/sandbox") else f"{url}/api/v2"
        body = None if data is None else {"data": data}
        response = requests.request(method, base + path, json=body, headers=KEYS, timeout=10)
        assert response.ok, response.text
        return response.json()["data"] if response.content else None

    send("/sandbox/reset", "POST")
    return send


def test_seed_objects_are_returned_unchanged(seeded: Callable[..., Any], file: File) -> None:
    for path, section in (
        (f"/cases/projects/{PROJECT}/rules", file["automation_rules"][PROJECT]),
        (f"/cases/projects/{PROJECT}/notification_rules", file["notification_rules"][PROJECT]),
        ("/cases/projects", file["projects"]),
        ("/cases/projects/favorites", file["project_favorites"]),
        (f"/cases/{CASE}/watchers", file["watchers"][CASE]),
        (f"/cases/{OTHER}/watchers", file["watchers"][OTHER]),
        (f"/cases/link?entity_type=CASE&entity_id={OTHER}", file["case_links"]),
        (f"/cases/views?project_id={PROJECT}", file["case_views"][PROJECT]),
    ):
        (expected,), (item,) = section, seeded(path)
        assert item["id"] == expected["id"]
        assert item.get("attributes") == expected.get("attributes")
    (project,) = seeded("/cases/projects")
    team = f"/api/v2/team/{ANN}/links"
    assert project["relationships"]["member_team"]["links"]["related"] == team
    (comment,) = seeded(f"/cases/{CASE}/timelines")
    assert comment["attributes"]["cell_content"] == {"message": "Drip."}
    assert comment["attributes"]["author"]["content"]["email"] == "ann@acme.example"
    archived = seeded(f"/cases/{CASE}")
    assert archived["relationships"] == file["cases"][0]["relationships"]
    assert file["cases"][0]["attributes"].items() <= archived["attributes"].items()
    assert archived["attributes"]["status_group"] == "SG_IN_PROGRESS"


def test_default_status_becomes_first(seeded: Callable[..., Any]) -> None:
    leak = seeded("/cases/types")[-1]
    assert leak["attributes"]["statuses_config"]["in_progress"] == {
        "status_options": [{"name": "Cleaned"}, {"name": "Contained"}],
        "default": "Cleaned",
    }


def test_seed_keeps_service_account_and_built_in_types(
    seeded: Callable[..., Any],
) -> None:
    assert [user["id"] for user in seeded("/users")] == [SERVICE_ACCOUNT, ANN]
    assert seeded("/current_user")["id"] == SERVICE_ACCOUNT
    names = [each["attributes"]["name"] for each in seeded("/cases/types")]
    assert names[0] == "Standard"
    assert names[-1] == "Leak"
    assert len(names) == 7


def test_seeded_sandbox_is_the_organisation_of_its_users(seeded: Callable[..., Any]) -> None:
    current = seeded("/current_user")
    assert current["relationships"]["org"]["data"]["id"] == ORGANISATION


def test_seed_without_users_has_default_users(
    tmp_path: Path, start: Start, sandbox_url: str
) -> None:
    bare = tmp_path / "seed.json"
    bare.write_text('{"datadog_cases_export": 1}')
    fresh, seeded = (
        requests.get(f"{url}/api/v2/users", headers=KEYS, timeout=10).json()
        for url in (sandbox_url, start("--seed", str(bare)))
    )
    ids, names = (
        [(user["id"], user["attributes"]["name"]) for user in users["data"]]
        for users in (seeded, fresh)
    )
    assert len(ids) == 5
    assert ids == names[:5]


def test_new_case_numbers_continue_from_seed(seeded: Callable[..., Any]) -> None:
    data = {
        "type": "case",
        "attributes": {"title": "Another", "type_id": STANDARD},
        "relationships": related(project=("project", PROJECT)),
    }
    made = seeded("/cases", "POST", data)
    assert made["attributes"]["key"] == "SEC-42"
    assert made["attributes"]["public_id"] == "7042"


def test_reset_restores_seed(seeded: Callable[..., Any]) -> None:
    before = seeded("/cases/projects")
    seeded(f"/cases/projects/{PROJECT}", "DELETE")
    assert seeded("/cases/projects") == []
    seeded("/sandbox/reset", "POST")
    assert seeded("/cases/projects") == before
    test_new_case_numbers_continue_from_seed(seeded)


def startup_error(*options: str) -> str:
    """Starts a sandbox whose start must fail, and returns its error message."""
    ended = subprocess.run(
        [sys.executable, "-m", "datadog_cases_sandbox", "--port", "0", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    return ended.stderr.removeprefix("datadog-cases-sandbox: ").strip()


def test_seed_is_rejected_with_existing_data(tmp_path: Path, file: File) -> None:
    written, data = tmp_path / "seed.json", tmp_path / "data"
    written.write_text(json.dumps(file), encoding="utf-8")
    command = [sys.executable, "-m", "datadog_cases_sandbox", "--port", "0", "--data", str(data)]
    for options in (["--seed", str(written)], []):  # the second start uses the data of the first
        with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            case = requests.get(f"{url}/api/v2/cases/SEC-41", headers=KEYS, timeout=10).json()
            users = requests.get(f"{url}/api/v2/users", headers=KEYS, timeout=10).json()["data"]
            process.terminate()
        assert case["data"]["id"] == CASE
        assert [user["id"] for user in users] == [SERVICE_ACCOUNT, ANN]
    assert startup_error("--data", str(data), "--seed", str(written)) == (
        f"cannot start from {written}: {data} already has data; omit --seed to use it, or name "
        "another file with --data"
    )


def broken(file: File, *steps: str | int, to: object) -> str:
    """The JSON of the file with one value replaced."""
    place: Any = file
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = to
    return json.dumps(file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Invalid JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "Input should be an object"),
        ("{}", "datadog_cases_export: Field required"),
        ('{"datadog_cases_export": 2}', "datadog_cases_export: Input should be 1"),
        (
            '{"datadog_cases_export": 1, "rules": []}',
            "rules: Extra inputs are not permitted",
        ),
    ],
)
def test_rejects_malformed_seed(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "seed.json"
    file.write_text(text)
    with pytest.raises(seed.SeedError) as raised:
        seed.read(file)
    assert str(raised.value) == message


def test_missing_seed_file_fails_before_listening(tmp_path: Path) -> None:
    none = tmp_path / "none"
    assert (
        startup_error("--seed", str(none)) == f"cannot start from {none}: No such file or directory"
    )


@pytest.mark.parametrize(
    ("steps", "to", "message"),
    [
        (("users", 0, "id"), None, "users.0.id: Input should be a valid string"),
        (("users", 0, "attributes"), {}, "users.0.email: Field required"),
        (
            ("automation_rules", PROJECT, 0, "attributes", "trigger"),
            "x",
            f"automation_rules.{PROJECT}.0.trigger: Input should be a valid dictionary",
        ),
        (("projects",), [], f"project_favorites.0: it belongs to {PROJECT}, "),
        (("cases", 1, "id"), CASE, f"cases.1: another object has the id {CASE}"),
        (("cases", 1, "attributes", "key"), "SEC-41", "cases.1: another case has the key SEC-41"),
        (("case_types",), [], f"cases.0: its case type {LEAK} is not in the file"),
        (
            ("cases", 0, "attributes", "status_name"),
            "Open",
            "cases.0: invalid status_name Open. Must be one of Seen, Cleaned, Contained, Dry",
        ),
        (
            ("case_links", 0, "attributes", "child_entity_id"),
            VIEW[::-1],
            f"case_links.0: it belongs to {VIEW[::-1]}, which is not in the file",
        ),
    ],
)
def test_rejects_incomplete_seed_with_location(
    tmp_path: Path, file: File, steps: tuple[str | int, ...], to: object, message: str
) -> None:
    written = tmp_path / "seed.json"
    written.write_text(broken(file, *steps, to=to))
    with pytest.raises(seed.SeedError) as raised:
        seed.read(written)
    assert str(raised.value).startswith(message)
