"""The changes that `POST /cases/bulk` can make, one function each, with its arguments.

The functions are the commands of `datadog-cases bulk`: their first sentence is its help.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast, get_args
from uuid import UUID

import typer

from pulumi_datadog_cases.cli.common import WRONG_USAGE, CommandError, find_project

if TYPE_CHECKING:
    from pulumi_datadog_cases.api import Client, Item
    from pulumi_datadog_cases.api.endpoints.bulk_updates import Priority, ServiceNowPayload
    from pulumi_datadog_cases.api.http.json_api import JSON


def counted(cases: int) -> str:
    """So many cases, in words."""
    return "1 case" if cases == 1 else f"{cases} cases"


@dataclass(frozen=True)
class BulkOperation:
    """A change that can be made to many cases.

    Attributes:
        does: what it does, with `{}` for how many cases there are, as in `archive {}`.
        send: makes it to the cases with these ids.
        state: what a case is in the respect that is changed, in words.
        wanted: what that is once the change is made; None where no answer of the API's shows it.
        can_be_repeated: whether to make it twice does the same as to make it once.
    """

    does: str
    send: Callable[[Sequence[str]], None]
    state: "Callable[[Item], str]"
    wanted: str | None
    can_be_repeated: bool = True

    def words(self, cases: int) -> str:
        """What it does to so many cases."""
        return self.does.replace("{}", counted(cases))

    def is_made(self, case: "Item") -> bool:
        """Whether a case is as wanted, as far as the API shows it."""
        return self.state(case) == self.wanted


def archive(client: "Client") -> BulkOperation:
    """Archive cases; their status stays as it is."""
    return BulkOperation(
        "archive {}", lambda ids: client.cases.bulk("archive", ids), _shelf, "archived"
    )


def unarchive(client: "Client") -> BulkOperation:
    """Bring archived cases back; find them with a filter that says `archived:true`."""
    return BulkOperation(
        "unarchive {}", lambda ids: client.cases.bulk("unarchive", ids), _shelf, "not archived"
    )


def _shelf(case: "Item") -> str:
    return "archived" if case.attributes.get("archived_at") else "not archived"


def _priorities() -> tuple[str, ...]:
    from pulumi_datadog_cases.api.endpoints.bulk_updates import (  # noqa: PLC0415 - `--help` must not wait for HTTP
        Priority,
    )

    return get_args(Priority)


def priority(
    client: "Client",
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
        raise CommandError(f"{to} is no priority: give one of {allowed}", WRONG_USAGE)
    value = cast("Priority", to.upper())
    return BulkOperation(
        f"set {{}} to priority {value}",
        lambda ids: client.cases.bulk("priority", ids, {"priority": value}),
        lambda case: str(case.attributes.get("priority") or "NOT_DEFINED"),
        value,
    )


def status(
    client: "Client",
    to: Annotated[str, typer.Argument(metavar="STATUS", help="Such as 'In Progress'.")],
) -> BulkOperation:
    """Set the status, by a name that the types of all the cases have."""
    return BulkOperation(
        f"set {{}} to status {to}",
        lambda ids: client.cases.bulk("status", ids, {"status_name": to}),
        # The name was not always answered (recorded).
        lambda case: str(case.attributes.get("status_name") or case.attributes.get("status")),
        to,
    )


def assign(
    client: "Client",
    user: Annotated[str, typer.Argument(metavar="USER", help="Email, handle or UUID.")],
) -> BulkOperation:
    """Assign the cases to somebody."""
    user_id = _find_user(client, user)
    return BulkOperation(
        f"assign {{}} to {user}",
        lambda ids: client.cases.bulk("assign", ids, {"assignee_id": user_id}),
        _assignee,
        f"assigned to {user_id}",
    )


def unassign(client: "Client") -> BulkOperation:
    """Take the cases off whom they are assigned to."""
    return BulkOperation(
        "unassign {}",
        lambda ids: client.cases.bulk("unassign", ids),
        _assignee,
        "assigned to nobody",
    )


def _assignee(case: "Item") -> str:
    return f"assigned to {case.values().get('assignee_id') or 'nobody'}"


def _find_user(client: "Client", named: str) -> str:
    """The UUID of a user by email or handle: GET /users."""
    try:
        return str(UUID(named))
    except ValueError:
        near = client.users.list(named)
    for user in near:
        names = (user.attributes.get("email"), user.attributes.get("handle"))
        if named.lower() in (str(name).lower() for name in names):
            return user.id
    known = ", ".join(sorted(str(user.attributes.get("email")) for user in near))
    hint = f"did you mean one of {known}?" if known else "give the email, the handle or the UUID."
    raise CommandError(f"no user has the email or handle {named}: {hint}")


def move(
    client: "Client",
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Key or UUID.")],
) -> BulkOperation:
    """Move the cases to another project, where they get other keys."""
    target = find_project(client, project)
    return BulkOperation(
        f"move {{}} to project {project}",
        lambda ids: client.cases.bulk("update_project", ids, {"project_id": target.id}),
        lambda case: f"in project {case.values().get('project_id')}",
        f"in project {target.id}",
    )


def jira(
    client: "Client",
    account_id: Annotated[str, typer.Option(help="The Jira account.")],
    project_id: Annotated[str, typer.Option(help="The Jira project, by its id in Jira.")],
    issue_type_id: Annotated[str, typer.Option(help="The type of the issues, by its id in Jira.")],
) -> BulkOperation:
    """Have an issue made in Jira for each case that has none."""
    return BulkOperation(
        "make an issue in Jira for {}",
        lambda ids: client.cases.bulk(
            "jira",
            ids,
            {
                "jira_account_id": account_id,
                "project_id": project_id,
                "issue_type_id": issue_type_id,
            },
        ),
        lambda case: _ticket(case.attributes.get("jira_issue")),
        _TICKETED,
        can_be_repeated=False,
    )


def servicenow(
    client: "Client",
    instance_name: Annotated[str, typer.Option(help="The ServiceNow instance.")],
    assignment_group: Annotated[str, typer.Option(help="Who gets the tickets there.")] = "",
) -> BulkOperation:
    """Have a ticket made in ServiceNow for each case that has none."""
    payload: ServiceNowPayload = {"instance_name": instance_name}
    if assignment_group:
        payload["assignment_group"] = assignment_group
    return BulkOperation(
        "make a ticket in ServiceNow for {}",
        lambda ids: client.cases.bulk("servicenow", ids, payload),
        lambda case: _ticket(case.attributes.get("service_now_ticket")),
        _TICKETED,
        can_be_repeated=False,
    )


_TICKETED = "has one, or one is being made"


def _ticket(told: "JSON") -> str:
    """What a case tells of its issue or ticket, which is made some time after it was asked for."""
    match told:
        case {"status": "FAILED"}:
            return "making one has failed"
        case None:
            return "has none"
        case _:
            return _TICKETED


def linear(
    client: "Client",
    payload: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE...", help="What Linear needs; it is not documented."),
    ],
) -> BulkOperation:
    """Have an issue made in Linear for each case."""
    pairs = dict[str, str]()
    for each in payload:
        name, is_pair, value = each.partition("=")
        if not is_pair:
            raise CommandError(f"{each} is no pair: write NAME=VALUE", WRONG_USAGE)
        pairs[name] = value
    return BulkOperation(
        "make an issue in Linear for {}",
        lambda ids: client.cases.bulk("linear", ids, pairs),
        lambda _: "not shown by the API",
        None,
        can_be_repeated=False,
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
