"""What pages say of rules and of requests; no browser is needed to read it."""

import subprocess
import sys

import pytest

from datadog_cases_sandbox.board.bursts import bursts
from datadog_cases_sandbox.board.words import trigger
from datadog_cases_sandbox.journal import Noted

SECOND = 10**9


@pytest.mark.parametrize(
    ("type_", "data", "said"),
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
        ("FULL_MOON", {"sign": "Leo"}, "FULL_MOON"),  # what a seed may bring
    ],
)
def test_a_trigger_in_words(type_: str, data: dict[str, object] | None, said: str) -> None:
    assert trigger({"type": type_, "data": data}) == said


def test_requests_without_a_pause_stand_together() -> None:
    def noted(second: int, method: str, status: int | None) -> Noted:
        return Noted(second * SECOND, {"method": method, "path": "/api/v2/cases", "status": status})

    newest_first = [
        noted(20, "GET", 200),
        noted(12, "POST", 201),
        noted(10, "POST", None),
        noted(8, "GET", 404),
    ]
    told = [(len(one.asked), one.writes, one.failed) for one in bursts(newest_first)]
    assert told == [(1, 0, 0), (3, 2, 2)]
    assert [len(one.asked) for one in bursts(newest_first, "writes")] == [2]
    assert [len(one.asked) for one in bursts(newest_first, "errors")] == [2]


def test_only_who_looks_at_the_board_waits_for_its_templates() -> None:
    program = "import sys, datadog_cases_sandbox.app; print('jinja2' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
