"""The scopes that the keys may have, each told by a request that needs it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pulumi_datadog_cases.api import ApiError
from pulumi_datadog_cases.api.http.json_api import Document, body
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, warning
from pulumi_datadog_cases.cli.doctor.requests import Result


class Request(NamedTuple):
    """What `RequestSender.ask` takes."""

    method: str
    path: str
    params: Mapping[str, str]
    body: Document | None = None


class Scope(NamedTuple):
    """A scope of an application key, or permission of its owner, under one name.

    Attributes:
        name: as Datadog calls it.
        needed_for: what does not work without it.
        is_essential: whether that is nearly everything.
        request: needs this scope and no other (documented), and changes nothing.
    """

    name: str
    needed_for: str
    is_essential: bool
    request: Request


_NOBODY: Final = "00000000-0000-0000-0000-000000000000"
_ONE: Final = {"page[size]": "1"}

# A scope to write is told by a write that changes nothing whatever becomes of it. It addresses the
# nil UUID, which no object has (RFC 9562), and if one had, there would be nothing to be done to it:
# an empty title is refused on a case that exists, too (recorded), and a maintenance window keeps
# what a PUT leaves out (documented), which here is everything. What comes back is 400 or 404 for
# those who may write, and 403 for those who may not.
# Assumed: that the API looks at permissions before it looks at ids and bodies. If it did not, a
# missing scope would pass for one that is there.
SCOPES: Final = (
    Scope("cases_read", "everything", True, Request("GET", "/cases", _ONE)),
    Scope(
        "cases_write",
        "`pulumi up`",
        True,
        Request("POST", f"/cases/{_NOBODY}/title", {}, body("case", {"title": ""})),
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
        Request("PUT", f"/maintenance_windows/{_NOBODY}", {}, body("maintenance_window", {})),
    ),
    Scope("user_access_read", "finding users by email", False, Request("GET", "/users", _ONE)),
)


def judge(scope: Scope, result: Result) -> CheckResult:
    """Whether the keys have a scope, by what became of its request."""
    if result.refused and isinstance(result.problem, ApiError):
        request = scope.request
        found = f"missing: {request.method} {request.path} is refused ({result.problem.status})"
        advice = (
            f"give it to the application key and its owner; it is needed for {scope.needed_for}"
        )
        return (error if scope.is_essential else warning)(scope.name, found, advice)
    if not result.accepted:
        return error(scope.name, f"not known: {result.problem}")
    if result.problem is None:
        return ok(scope.name, "there")
    return ok(scope.name, "there: a write that cannot succeed was refused for its content")
