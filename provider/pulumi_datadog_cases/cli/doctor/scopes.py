"""Checks which scopes the credentials have, with one request for each scope."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pulumi_datadog_cases.api import ApiError
from pulumi_datadog_cases.api.http.json_api import Document, body
from pulumi_datadog_cases.api.scopes import (
    CASES_READ,
    CASES_WRITE,
    SCOPES,
    SHARED_SETTINGS_WRITE,
    TEAMS_READ,
    USERS_READ,
    WINDOWS_READ,
    WINDOWS_WRITE,
    required_scopes,
)
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, warning
from pulumi_datadog_cases.cli.doctor.requests import Result


class Request(NamedTuple):
    """The arguments of `RequestSender.send`."""

    method: str
    path: str
    params: Mapping[str, str]
    body: Document | None = None


_NIL_UUID: Final = "00000000-0000-0000-0000-000000000000"
_ONE: Final = {"page[size]": "1"}

# For each scope, a request that requires the scope and changes nothing. A write scope is checked
# with a write to the nil UUID, which belongs to no object (RFC 9562). Even if such an object
# existed, the write would not change the object. The API rejects an empty title (recorded). A PUT
# of a custom attribute or of a maintenance window changes only the properties that the body
# contains (documented). The bodies below contain no properties. With the scope, the response is 400
# or 404. Without the scope, it is 403, because the API checks permissions before ids and bodies
# (assumed). If this assumption is wrong, a missing scope looks granted.
_NIL_TYPE: Final = f"/cases/types/{_NIL_UUID}/custom_attributes/{_NIL_UUID}"
REQUESTS: Final[Mapping[str, Request]] = {
    CASES_READ: Request("GET", "/cases", _ONE),
    CASES_WRITE: Request("POST", f"/cases/{_NIL_UUID}/title", {}, body("case", {"title": ""})),
    SHARED_SETTINGS_WRITE: Request("PUT", _NIL_TYPE, {}, body("custom_attribute", {})),
    WINDOWS_READ: Request("GET", "/maintenance_windows", {}),
    WINDOWS_WRITE: Request(
        "PUT", f"/maintenance_windows/{_NIL_UUID}", {}, body("maintenance_window", {})
    ),
    USERS_READ: Request("GET", "/users", _ONE),
    TEAMS_READ: Request("GET", "/team", _ONE),
}
# Almost nothing works without these scopes.
_ESSENTIAL: Final = {CASES_READ, CASES_WRITE}


def evaluate(scope: str, result: Result) -> CheckResult:
    """Decide from the response to `REQUESTS[scope]` whether the credentials have the scope."""
    method, path, *_ = REQUESTS[scope]
    others = [each for each in required_scopes(method, path) if each != scope]
    if result.is_forbidden and isinstance(result.problem, ApiError):
        found = f"missing: {method} {path} returned {result.problem.status}"
        wanted = " or ".join(["it", *others])
        advice = f"grant {wanted} to the key or token and to its owner; needed for {SCOPES[scope]}"
        return (error if scope in _ESSENTIAL else warning)(scope, found, advice)
    if not result.is_authorized:
        return error(scope, f"unknown: {result.problem}")
    granted = f"this scope or {' or '.join(others)} is granted" if others else "granted"
    if result.problem is None:
        return ok(scope, granted)
    return ok(scope, f"{granted}: a test write was rejected for its content, not for its scope")
