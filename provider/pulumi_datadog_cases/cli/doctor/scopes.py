"""Checks the scopes of the keys, each with a request that needs it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pulumi_datadog_cases.api import ApiError
from pulumi_datadog_cases.api.http.json_api import Document, body
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, warning
from pulumi_datadog_cases.cli.doctor.requests import Result


class Request(NamedTuple):
    """The arguments of `RequestSender.send`."""

    method: str
    path: str
    params: Mapping[str, str]
    body: Document | None = None


class Scope(NamedTuple):
    """A scope of an application key, which is also a permission of its owner.

    Attributes:
        name: Datadog's name for it.
        needed_for: what does not work without it.
        is_essential: whether nearly nothing works without it.
        request: a request that needs only this scope (documented) and changes nothing.
    """

    name: str
    needed_for: str
    is_essential: bool
    request: Request


_NIL_UUID: Final = "00000000-0000-0000-0000-000000000000"
_ONE: Final = {"page[size]": "1"}

# Write scopes are checked with a write that cannot change anything. It addresses the nil UUID,
# which no object has (RFC 9562). Even if one had it, nothing would change: the API rejects an empty
# title (recorded), and a maintenance window keeps what a PUT omits (documented), which is all here.
# The response is 400 or 404 with the scope, and 403 without.
# Assumed: the API checks permissions before ids and bodies. Otherwise a missing scope would look
# present.
SCOPES: Final = (
    Scope("cases_read", "everything", True, Request("GET", "/cases", _ONE)),
    Scope(
        "cases_write",
        "`pulumi up`",
        True,
        Request("POST", f"/cases/{_NIL_UUID}/title", {}, body("case", {"title": ""})),
    ),
    Scope(
        "event_correlation_config_read",
        "MaintenanceWindow",
        False,
        Request("GET", "/maintenance_windows", {}),
    ),
    Scope(
        "event_correlation_config_write",
        "MaintenanceWindow",
        False,
        Request("PUT", f"/maintenance_windows/{_NIL_UUID}", {}, body("maintenance_window", {})),
    ),
    Scope("user_access_read", "finding users by email", False, Request("GET", "/users", _ONE)),
)


def evaluate(scope: Scope, result: Result) -> CheckResult:
    """Decide from the response whether the keys have a scope."""
    if result.is_forbidden and isinstance(result.problem, ApiError):
        request = scope.request
        found = f"missing: {request.method} {request.path} returned {result.problem.status}"
        advice = (
            f"grant it to the application key and its owner; it is needed for {scope.needed_for}"
        )
        return (error if scope.is_essential else warning)(scope.name, found, advice)
    if not result.is_authorized:
        return error(scope.name, f"unknown: {result.problem}")
    if result.problem is None:
        return ok(scope.name, "granted")
    return ok(scope.name, "granted: a test write was rejected for its content, not for its scope")
