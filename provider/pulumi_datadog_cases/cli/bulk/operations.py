"""The operations of `POST /cases/bulk`, one function each.

Each function is a command of `datadog-cases bulk`. The command's help is made from the docstring
and the arguments of the function.
"""

from collections.abc import Sequence
from typing import Annotated, cast, get_args
from uuid import UUID

import typer

from pulumi_datadog_cases.api import CaseItem, CaseTypeItem, Client, InvalidResponse
from pulumi_datadog_cases.api.enums import CasePriority
from pulumi_datadog_cases.api.http.json_api import JSON
from pulumi_datadog_cases.cli.bulk.bulk_operation import NOT_SHOWN, BulkOperation
from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.organization import find_project


def _ids(cases: Sequence[CaseItem]) -> Sequence[str]:
    return [case.id for case in cases]


def archive(client: Client) -> BulkOperation:
    """Archive cases; their status does not change."""
    return BulkOperation(
        "archive {}", lambda cases: client.cases.bulk("archive", _ids(cases)), _archived, "archived"
    )


def unarchive(client: Client) -> BulkOperation:
    """Unarchive cases; find them with a query that has `archived:true`."""
    return BulkOperation(
        "unarchive {}",
        lambda cases: client.cases.bulk("unarchive", _ids(cases)),
        _archived,
        "not archived",
    )


def _archived(case: CaseItem) -> str:
    return "archived" if case.raw_attributes.get("archived_at") else "not archived"


def _priorities() -> tuple[str, ...]:
    return get_args(CasePriority)


def priority(
    client: Client,
    to: Annotated[
        str,
        typer.Argument(
            metavar="PRIORITY", help="P1 to P5, or NOT_DEFINED.", autocompletion=_priorities
        ),
    ],
) -> BulkOperation:
    """Set the priority."""
    if to.upper() not in _priorities():
        allowed = ", ".join(_priorities())
        raise CommandError(f"{to} is not a priority: use one of {allowed}", WRONG_USAGE)
    value = cast("CasePriority", to.upper())
    return BulkOperation(
        f"set {{}} to priority {value}",
        lambda cases: client.cases.bulk("priority", _ids(cases), {"priority": value}),
        lambda case: str(case.raw_attributes.get("priority") or "NOT_DEFINED"),
        value,
    )


def status(
    client: Client,
    to: Annotated[
        str, typer.Argument(metavar="STATUS", help="The status's name, such as 'In Progress'.")
    ],
) -> BulkOperation:
    """Set the status. The type of each case must have this status."""
    statuses = {each.id: _statuses(each) for each in client.case_types.list()}

    def obstacle(case: CaseItem) -> str | None:
        known = statuses.get(str(case.raw_attributes.get("type_id")))
        return (
            f"its type has only the statuses {', '.join(known)}"
            if known and to not in known
            else None
        )

    return BulkOperation(
        f"set {{}} to status {to}",
        lambda cases: client.cases.bulk("status", _ids(cases), {"status_name": to}),
        # Some responses of the API have no `status_name` (recorded).
        lambda case: str(
            case.raw_attributes.get("status_name") or case.raw_attributes.get("status")
        ),
        to,
        obstacle=obstacle,
    )


def _statuses(case_type: CaseTypeItem) -> Sequence[str]:
    """Return the statuses of a case type; nothing if the response does not show them."""
    try:
        groups = case_type.attributes.statuses_config.values()
    except InvalidResponse:
        return []
    return [option.name for group in groups for option in group.status_options]


def assign(
    client: Client,
    user: Annotated[str, typer.Argument(metavar="USER", help="Email address, handle or UUID.")],
) -> BulkOperation:
    """Assign the cases to a user."""
    user_id = _find_user(client, user)
    return BulkOperation(
        f"assign {{}} to {user}",
        lambda cases: client.cases.bulk("assign", _ids(cases), {"assignee_id": user_id}),
        _assignee,
        f"assigned to {user_id}",
    )


def unassign(client: Client) -> BulkOperation:
    """Unassign the cases."""
    return BulkOperation(
        "unassign {}",
        lambda cases: client.cases.bulk("unassign", _ids(cases)),
        _assignee,
        "not assigned",
    )


def _assignee(case: CaseItem) -> str:
    assignee_id = case.values().get("assignee_id")
    return f"assigned to {assignee_id}" if assignee_id else "not assigned"


def _find_user(client: Client, named: str) -> str:
    """Find a user by email address or handle with `GET /users`, and return the UUID."""
    try:
        return str(UUID(named))
    except ValueError:
        near = client.users.list(named)
    for user in near:
        names = (user.raw_attributes.get("email"), user.raw_attributes.get("handle"))
        if named.lower() in (str(name).lower() for name in names):
            return user.id
    known = ", ".join(sorted(str(user.raw_attributes.get("email")) for user in near))
    hint = f"did you mean one of {known}?" if known else "use the email address, handle or UUID."
    raise CommandError(f"no user has the email address or handle {named}: {hint}")


def move(
    client: Client,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Key or UUID.")],
) -> BulkOperation:
    """Move the cases to another project. They get new keys, and lose their links to Jira issues.

    The loss of the link to a Jira issue is documented by Datadog.
    """
    target = find_project(client, project)

    def state(case: CaseItem) -> str:
        project_id = case.values().get("project_id")
        current = f"in project {project_id}"
        if project_id == target.id or not case.raw_attributes.get("jira_issue"):
            return current
        return f"{current}, linked to a Jira issue: the move drops the link"

    return BulkOperation(
        f"move {{}} to project {project}",
        lambda cases: client.cases.bulk("update_project", _ids(cases), {"project_id": target.id}),
        state,
        f"in project {target.id}",
    )


def jira(
    client: Client,
    account_id: Annotated[str, typer.Option(help="The Jira account.")],
    project_id: Annotated[str, typer.Option(help="The id that Jira gives the project.")],
    issue_type_id: Annotated[str, typer.Option(help="The id that Jira gives the issue type.")],
) -> BulkOperation:
    """Create a Jira issue for each case that has none."""
    return BulkOperation(
        "create a Jira issue for {}",
        lambda cases: client.cases.bulk(
            "jira",
            _ids(cases),
            {
                "jira_account_id": account_id,
                "project_id": project_id,
                "issue_type_id": issue_type_id,
            },
        ),
        lambda case: _ticket(case.raw_attributes.get("jira_issue")),
        _HAS_TICKET,
        idempotent=False,
    )


def servicenow(
    client: Client,
    instance_name: Annotated[str, typer.Option(help="The ServiceNow instance.")],
    assignment_group: Annotated[
        str, typer.Option(help="The group that the tickets are assigned to.")
    ] = "",
) -> BulkOperation:
    """Create a ServiceNow ticket for each case that has none."""
    payload = {"instance_name": instance_name}
    if assignment_group:
        payload["assignment_group"] = assignment_group
    return BulkOperation(
        "create a ServiceNow ticket for {}",
        lambda cases: client.cases.bulk("servicenow", _ids(cases), payload),
        lambda case: _ticket(case.raw_attributes.get("service_now_ticket")),
        _HAS_TICKET,
        idempotent=False,
    )


_HAS_TICKET = "has one, or it is being created"


def _ticket(ticket: JSON) -> str:
    """Describe a case's Jira issue or ServiceNow ticket, which Datadog creates asynchronously."""
    match ticket:
        case {"status": "FAILED"}:
            return "creation failed"
        case None:
            return "has none"
        case _:
            return _HAS_TICKET


def linear(
    client: Client,
    payload: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=VALUE...", help="The payload for Linear. Datadog does not document it."
        ),
    ],
) -> BulkOperation:
    """Create a Linear issue for each case."""
    pairs = dict[str, str]()
    for each in payload:
        name, is_pair, value = each.partition("=")
        if not is_pair:
            raise CommandError(f"{each} is not a pair: write NAME=VALUE", WRONG_USAGE)
        pairs[name] = value
    return BulkOperation(
        "create a Linear issue for {}",
        lambda cases: client.cases.bulk("linear", _ids(cases), pairs),
        lambda _: NOT_SHOWN,
        None,
        idempotent=False,
    )


ALL = (
    archive,
    unarchive,
    priority,
    status,
    assign,
    unassign,
    move,
    jira,
    servicenow,
    linear,
)
