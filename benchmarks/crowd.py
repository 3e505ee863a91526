"""A sandbox whose project holds 10,000 cases already."""

import json
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.sandbox import Sandbox, sandbox

SIZE = 10_000
PROJECT = str(UUID(int=1 << 64))
_STANDARD = "00000000-0000-0000-0000-000000000001"


@contextmanager
def crowded() -> Generator[Sandbox]:
    """Run the sandbox.

    Half of the cases were made before now and half of them after: in whatever order they are
    listed, those that are made now are not the first.
    """
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "crowd.json")
        now = datetime.now(UTC)
        cases = [_case(number, now) for number in range(SIZE)]
        project = {"key": "BENCH", "name": "Benchmarks"}
        export = {
            "datadog_cases_export": 1,
            "projects": [{"id": PROJECT, "type": "project", "attributes": project}],
            "cases": cases,
        }
        seed.write_text(json.dumps(export), encoding="utf-8")
        with sandbox("--seed", seed) as running:
            yield running


def _case(number: int, now: datetime) -> dict[str, Any]:
    made = (now + timedelta(minutes=number - SIZE // 2)).isoformat().replace("+00:00", "Z")
    return {
        "id": str(UUID(int=(2 << 64) + number)),
        "type": "case",
        "attributes": {
            "key": f"BENCH-{number + 1}",
            "public_id": str(number + 1),
            "title": f"Somebody's case {number}",
            "type_id": _STANDARD,
            "status_name": "Open",
            "created_at": made,
            "modified_at": made,
        },
        "relationships": {
            "project": {"data": {"type": "project", "id": PROJECT}},
            "created_by": {"data": {"type": "user", "id": "5a9d0c00-0000-4000-8000-000000000001"}},
        },
    }
