"""Checks which scopes the keys have, with one request for each scope."""

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
    """A scope of an application key. The owner of the key needs the permission of the same name.

    Attributes:
        name: Datadog's name for the scope.
        needed_for: what does not work without the scope.
        is_essential: whether nearly nothing works without the scope.
        request: a request that needs only this scope (documented) and changes nothing.
    """

    name: str
    needed_for: str
    is_essential: bool
    request: Request


_NIL_UUID: Final = "00000000-0000-0000-0000-000000000000"
_ONE: Final = {"page[size]": "1"}

# A write scope is checked with a write that cannot change anything. The write is for an object with
# the nil UUID, which no object has (RFC 9562). Even if such an object existed, it would not change.
# The API rejects an empty title (recorded). A PUT of a maintenance window changes only the
# properties that the body contains (documented), and the body below contains none. The response is
# 400 or 404 if the keys have the scope, and 403 if they do not. The API checks permissions before
# ids and bodies (assumed). If this is wrong, a missing scope looks granted.
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
