"""The scopes that an application key or token can have, and the scopes that each endpoint requires.

For each scope, the owner of the key or token also needs the permission of the same name. The
scopes in error messages, in the output of `datadog-cases doctor`, in the reference documentation
and in the CI example come from this file. The text of an error 403 is composed in
`http/responses.py` (`_advice`): it inserts the scopes from `required_scopes` into the text
`forbidden` of the credentials (`config/credentials.py`).
"""

from collections.abc import Mapping
from typing import Final

CASES_READ: Final = "cases_read"
CASES_WRITE: Final = "cases_write"
SHARED_SETTINGS_WRITE: Final = "cases_shared_settings_write"
WINDOWS_READ: Final = "event_correlation_config_read"
WINDOWS_WRITE: Final = "event_correlation_config_write"
USERS_READ: Final = "user_access_read"
TEAMS_READ: Final = "teams_read"

#: Each scope, and what does not work without it.
SCOPES: Final[Mapping[str, str]] = {
    CASES_READ: "every preview, refresh, lookup, import and drift report",
    CASES_WRITE: "deploying all resources but `CaseType`, `CustomAttribute`, `MaintenanceWindow`",
    SHARED_SETTINGS_WRITE: "deploying `CaseType` and `CustomAttribute`",
    WINDOWS_READ: "previewing and refreshing `MaintenanceWindow`",
    WINDOWS_WRITE: "deploying `MaintenanceWindow`",
    USERS_READ: "finding users by email",
    TEAMS_READ: "finding teams by handle or name",
}

# The first row whose method and path match applies. If a row has two scopes, one of them suffices.
_REQUIRED: Final = (
    ("GET", "/maintenance_windows", (WINDOWS_READ,)),  # documented
    # The API reference names the first scope, and Datadog's guides name the second (documented).
    ("*", "/maintenance_windows", (WINDOWS_WRITE, SHARED_SETTINGS_WRITE)),
    ("GET", "/cases", (CASES_READ,)),  # documented
    ("POST", "/cases/aggregate", (CASES_READ,)),  # documented
    # For PUT, this scope is documented. For POST and DELETE, it is assumed.
    ("*", "/cases/types", (SHARED_SETTINGS_WRITE,)),
    # For the creation and deletion of comments, this scope is assumed. For all
    # other requests, it is documented.
    ("*", "/cases", (CASES_WRITE,)),
    ("GET", "/team", (TEAMS_READ,)),  # documented
)


def required_scopes(method: str, path: str) -> tuple[str, ...]:
    """Return the scopes for an endpoint. A request needs at least one of them.

    Args:
        method: the HTTP method.
        path: the path after `/api/v2`.
    """
    for each, prefix, scopes in _REQUIRED:
        if each in {"*", method} and f"{path}/".startswith(f"{prefix}/"):
            return scopes
    return (USERS_READ,)
