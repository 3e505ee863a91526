import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

KEYS = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
COMMAND = (sys.executable, "-m", "datadog_cases_sandbox")


def test_first_line_is_loopback_url(sandbox_url: str) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", sandbox_url)
    assert requests.get(f"{sandbox_url}/sandbox/health", timeout=10).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"DD-API-KEY": None}, "the header DD-API-KEY is missing"),
        ({"DD-API-KEY": "x"}, "the header DD-API-KEY is not this sandbox's"),
        ({"DD-APPLICATION-KEY": None}, "the header DD-APPLICATION-KEY is missing"),
        ({"DD-APPLICATION-KEY": "x"}, "the header DD-APPLICATION-KEY is not this sandbox's"),
    ],
)
def test_rejects_wrong_keys(send: Send, headers: dict[str, str | None], reason: str) -> None:
    response = send("GET", "/cases/projects", headers=headers)
    assert response.status_code == 403
    assert response.json() == {"errors": ["Forbidden"]}
    assert response.headers["x-sandbox-reason"] == reason


def test_accepts_configured_keys(tmp_path: Path, start: Callable[..., str]) -> None:
    url = start("--api-key", "a", "--app-key", "b", "--data", str(tmp_path / "data"))
    path = f"{url}/api/v2/cases/projects"
    assert requests.get(path, headers=KEYS, timeout=10).status_code == 403
    own = {"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"}
    assert requests.get(path, headers=own, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/nothing", 404, "the API has no path /api/v2/nothing"),
        ("GET", "/cases/x/y/z", 404, "the API has no path /api/v2/cases/x/y/z"),
        ("DELETE", "/cases/x", 405, "/api/v2/cases/x allows GET, not DELETE"),
        # In these paths, `bulk`, `types` and `link` must not be taken for the id of a case.
        ("GET", "/cases/bulk", 405, "/api/v2/cases/bulk allows POST, not GET"),
        ("GET", "/cases/types/x", 405, "/api/v2/cases/types/x allows DELETE, PUT, not GET"),
        ("PUT", "/cases/link", 405, "/api/v2/cases/link allows GET, POST, not PUT"),
        (
            "POST",
            "/cases/projects/favorites",
            405,
            "/api/v2/cases/projects/favorites allows GET, not POST",
        ),
    ],
)
def test_unknown_paths_and_methods(
    send: Send, method: str, path: str, status: int, reason: str
) -> None:
    response = send(method, path)
    assert (response.status_code, response.headers["x-sandbox-reason"]) == (status, reason)


def test_request_log_lists_requests(send: Send) -> None:
    data = {"type": "case_type", "attributes": {"name": "x"}}
    send("POST", "/cases/types", data)
    send("GET", "/cases?page[size]=0")
    created, rejected = send("GET", "/sandbox/requests").json()
    assert created.pop("ms") > 0
    assert created == {
        "method": "POST",
        "path": "/api/v2/cases/types",
        "status": 201,
        "body": {"data": data},
    }
    assert (rejected["path"], rejected["status"]) == ("/api/v2/cases?page%5Bsize%5D=0", 400)
    assert "page[size]" in rejected["reason"]


def test_reset_clears_store_and_request_log(send: Send, make: Make) -> None:
    make("/cases/projects", "project", key="SEC", name="x")
    seeded = send("GET", "/cases/types").json()
    make("/cases/types", "case_type", name="x")
    assert send("POST", "/sandbox/reset").status_code == 204
    assert send("GET", "/sandbox/requests").json() == []
    assert send("GET", "/cases/projects").json() == {"data": []}
    assert send("GET", "/cases/types").json() == seeded


def test_rejected_write_changes_nothing(send: Send, project_id: str, make_case: Make) -> None:
    attributes = {
        "title": "x",
        "type_id": "00000000-0000-0000-0000-000000000001",
        "custom_attributes": {"none": {"type": "TEXT", "is_multi": False, "value": "x"}},
    }
    project = {"project": {"data": {"id": project_id, "type": "project"}}}
    data = {"type": "case", "attributes": attributes, "relationships": project}
    assert send("POST", "/cases", data).status_code == 404
    assert make_case()["attributes"]["key"] == "SEC-1"


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_data_survives_clean_shutdown(tmp_path: Path, stop: signal.Signals) -> None:
    data = tmp_path / "data"
    with requests.Session() as session:
        session.headers.update(KEYS)
        responses = []
        for attempt in range(2):
            with subprocess.Popen(
                [*COMMAND, "--port", "0", "--data", str(data)], stdout=subprocess.PIPE, text=True
            ) as process:
                assert process.stdout is not None
                url = f"{process.stdout.readline().strip()}/api/v2/cases"
                if attempt == 0:
                    body = {"type": "project", "attributes": {"key": "SEC", "name": "x"}}
                    session.post(f"{url}/projects", json={"data": body}, timeout=10)
                responses.append([session.get(f"{url}/{p}").json() for p in ("projects", "types")])
                process.send_signal(stop)
                assert process.wait(10) == 0
    before, after = responses
    assert before[0]["data"][0]["attributes"]["key"] == "SEC"
    assert after == before


def test_upgrades_file_of_older_sandbox(tmp_path: Path, start: Callable[..., str]) -> None:
    data = tmp_path / "data"
    with closing(sqlite3.connect(data)) as older:
        older.execute(
            "CREATE TABLE objects (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
            " kind TEXT NOT NULL, owner TEXT REFERENCES objects (id) ON DELETE CASCADE,"
            " alias TEXT, body TEXT NOT NULL, UNIQUE (kind, alias))"
        )
    url = start("--data", str(data))
    response = requests.get(f"{url}/api/v2/cases/types", headers=KEYS, timeout=10)
    assert len(response.json()["data"]) == 6


def test_sixteen_concurrent_clients(sandbox_url: str, project_id: str) -> None:
    def work(_client: int) -> list[str]:
        with requests.Session() as session:
            session.headers.update(KEYS)
            keys = []
            for _ in range(10):
                data = {
                    "type": "case",
                    "attributes": {"title": "x", "type_id": "00000000-0000-0000-0000-000000000001"},
                    "relationships": {"project": {"data": {"id": project_id, "type": "project"}}},
                }
                url = f"{sandbox_url}/api/v2/cases"
                created = session.post(url, json={"data": data}, timeout=10)
                assert created.status_code == 201
                keys.append(created.json()["data"]["attributes"]["key"])
                assert session.get(f"{url}/{keys[-1]}", timeout=10).status_code == 200
            return keys

    with ThreadPoolExecutor(16) as clients:
        keys = [key for found in clients.map(work, range(16)) for key in found]
    assert sorted(keys) == sorted(f"SEC-{number}" for number in range(1, 161))


def test_startup_error_is_one_line(tmp_path: Path, sandbox_url: str) -> None:
    no_database = tmp_path / "file"
    no_database.write_text("no database, but long enough to be looked at as if it were one " * 9)
    port = sandbox_url.rpartition(":")[2]
    for arguments, message in (
        (
            ("--data", str(no_database)),
            f"cannot keep data in {no_database}: file is not a database",
        ),
        (("--port", port), f"cannot listen on port {port}: "),
        (("--port", "65536"), "cannot listen on port 65536: "),
    ):
        ended = subprocess.run(
            [*COMMAND, "--port", "0", *arguments], capture_output=True, text=True, check=False
        )
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(f"datadog-cases-sandbox: {message}")
        assert ended.stderr.count("\n") == 1
