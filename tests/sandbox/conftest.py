"""Fixtures that start sandboxes and send requests to them over HTTP."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import pytest
import requests
from tests.processes import start_server

KEYS = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}

Start: TypeAlias = Callable[..., str]
Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def start() -> Iterator[Start]:
    """Starts a sandbox that runs until the end of the session, and returns its URL.

    The arguments are those of the command line, as in `start("--api-key", "x")`.
    """
    with ExitStack() as running:

        def start_sandbox(*arguments: str) -> str:
            _, url = start_server(
                running, sys.executable, "-m", "datadog_cases_sandbox", "--port", "0", *arguments
            )
            return url

        yield start_sandbox


@pytest.fixture(scope="session")
def sandbox_url(start: Start) -> str:
    return start()


@pytest.fixture
def send(sandbox_url: str) -> Iterator[Send]:
    """Sends a request to a reset sandbox, as in `send("POST", "/cases", data)`.

    Paths are relative to `/api/v2`, except paths that begin with `/sandbox`. `data` becomes the
    member `data` of a JSON body. `body` is a complete body, which is sent unchanged.
    """
    with requests.Session() as session:
        session.headers.update(KEYS)
        session.post(f"{sandbox_url}/sandbox/reset", timeout=10).raise_for_status()

        def send_request(
            method: str,
            path: str,
            data: object = None,
            *,
            body: bytes | None = None,
            headers: dict[str, str | None] | None = None,
        ) -> requests.Response:
            prefix = "" if path.startswith("/sandbox") else "/api/v2"
            return session.request(
                method,
                sandbox_url + prefix + path,
                json=None if data is None else {"data": data},
                data=body,
                headers=headers,
                timeout=10,
            )

        yield send_request


@pytest.fixture
def add_quirk(send: Send) -> "Callable[..., None]":
    """Adds a quirk, as in `add_quirk("truncate_strings", max_length=5)`."""

    def add(kind: str, **members: object) -> None:
        sent = json.dumps({"kind": kind, **members}).encode()
        response = send("POST", "/sandbox/quirks", body=sent)
        assert response.status_code == 201, response.text

    return add


@pytest.fixture
def make(send: Send) -> Make:
    """Creates a resource and returns it, as in `make("/cases/types", "case_type", name="x")`."""

    def create(path: str, resource_type: str, **attributes: object) -> dict[str, Any]:
        response = send("POST", path, {"type": resource_type, "attributes": attributes})
        assert response.status_code == 201, response.text
        resource: dict[str, Any] = response.json()["data"]
        return resource

    return create


@pytest.fixture
def project_id(make: Make) -> str:
    """The id of a project with the key `SEC`."""
    return str(make("/cases/projects", "project", key="SEC", name="Security")["id"])


@pytest.fixture
def make_case(send: Send, project_id: str) -> Make:
    """Creates a case in the project and returns it, as in `make_case(title="x")`."""

    def create(assignee: str | None = None, **attributes: object) -> dict[str, Any]:
        standard = "00000000-0000-0000-0000-000000000001"
        relationships: dict[str, object] = {
            "project": {"data": {"id": project_id, "type": "project"}}
        }
        if assignee is not None:
            relationships["assignee"] = {"data": {"id": assignee, "type": "user"}}
        data = {
            "type": "case",
            "attributes": {"title": "A case", "type_id": standard, **attributes},
            "relationships": relationships,
        }
        response = send("POST", "/cases", data)
        assert response.status_code == 201, response.text
        case: dict[str, Any] = response.json()["data"]
        return case

    return create


@pytest.fixture
def case_id(make_case: Make) -> str:
    """The id of a new case of the type Standard with the key `SEC-1`."""
    return str(make_case()["id"])
