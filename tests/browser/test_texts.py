"""Texts and numbers about triggers and requests on the board. These tests need no browser."""

import subprocess
import sys

import pytest

from datadog_cases_sandbox.board.request_groups import request_groups
from datadog_cases_sandbox.request_log import LoggedRequest
from datadog_cases_sandbox.rules import triggers

SECOND = 10**9


@pytest.mark.parametrize(
    ("type_", "data", "text"),
    [
        ("CASE_CREATED", None, "a case is created"),
        ("comment_added", None, "a comment is added"),
        ("STATUS_TRANSITIONED", None, "the status changes"),
        (
            "STATUS_TRANSITIONED",
            {"from_status_name": "Open", "to_status_name": "Closed"},
            "the status changes from Open to Closed",
        ),
        ("STATUS_TRANSITIONED", {"to_status": "7"}, "the status changes to 7"),
        ("ATTRIBUTE_VALUE_CHANGED", {"field": "env"}, "env changes"),
        (
            "ATTRIBUTE_VALUE_CHANGED",
            {"field": "env", "change_type": "VALUE_ADDED"},
            "a value is added to env",
        ),
        (
            "ATTRIBUTE_VALUE_CHANGED",
            {"change_type": "removed"},
            "a value is removed from an attribute",
        ),
        ("CASE_REVIEW_APPROVED", {"approval_type": "FINAL"}, "a review is approved as FINAL"),
        ("FULL_MOON", {"sign": "Leo"}, "FULL_MOON"),  # a seed file may have unknown types
    ],
)
def test_trigger_condition(type_: str, data: dict[str, object] | None, text: str) -> None:
    assert triggers.condition({"type": type_, "data": data}) == text


def test_requests_without_pause_are_one_group() -> None:
    def request(second: int, method: str, status: int | None) -> LoggedRequest:
        entry = {"method": method, "path": "/api/v2/cases", "status": status}
        return LoggedRequest(second * SECOND, {**entry})

    newest_first = [
        request(20, "GET", 200),
        request(12, "POST", 201),
        request(10, "POST", None),
        request(8, "GET", 404),
    ]
    groups = request_groups(newest_first)
    counts = [(len(group.requests), group.writes, group.failed) for group in groups]
    assert counts == [(1, 0, 0), (3, 2, 2)]
    assert [len(group.requests) for group in request_groups(newest_first, "writes")] == [2]
    assert [len(group.requests) for group in request_groups(newest_first, "errors")] == [2]


def test_app_does_not_import_templates() -> None:
    program = "import sys, datadog_cases_sandbox.app; print('jinja2' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
