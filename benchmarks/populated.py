"""A sandbox with a project of 10,000 cases."""

import json
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.sandbox import Sandbox, sandbox

CASE_COUNT = 10_000
PROJECT_ID = str(UUID(int=1 << 64))
_STANDARD_TYPE_ID = "00000000-0000-0000-0000-000000000001"


@contextmanager
def populated_sandbox() -> Generator[Sandbox]:
    """Run a sandbox that contains a project of 10,000 cases.

    Half of the cases have a creation time in the past, and half in the future. If a list is sorted
    by creation time, new cases are therefore in the middle of the list.
    """
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "seed.json")
        now = datetime.now(UTC)
        cases = [_case(number, now) for number in range(CASE_COUNT)]
        project = {"key": "BENCH", "name": "Benchmarks"}
        export = {
            "datadog_cases_export": 1,
            "projects": [{"id": PROJECT_ID, "type": "project", "attributes": project}],
            "cases": cases,
        }
        seed.write_text(json.dumps(export), encoding="utf-8")
        with sandbox("--seed", seed) as running:
            yield running


def _case(number: int, now: datetime) -> dict[str, Any]:
    created = now + timedelta(minutes=number - CASE_COUNT // 2)
    created_at = created.isoformat().replace("+00:00", "Z")
    return {
        "id": str(UUID(int=(2 << 64) + number)),
        "type": "case",
        "attributes": {
            "key": f"BENCH-{number + 1}",
            "public_id": str(number + 1),
            "title": f"Unmanaged case {number}",
            "type_id": _STANDARD_TYPE_ID,
            "status_name": "Open",
            "created_at": created_at,
            "modified_at": created_at,
        },
        "relationships": {
            "project": {"data": {"type": "project", "id": PROJECT_ID}},
            "created_by": {"data": {"type": "user", "id": "5a9d0c00-0000-4000-8000-000000000001"}},
        },
    }
