"""`Case`: a case in a project."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from functools import partial
from typing import Annotated, NotRequired, TypeAlias

from typing_extensions import TypedDict

from pulumi_datadog_cases.api import CaseItem, Client, DatadogCasesError, Item, NotFound
from pulumi_datadog_cases.api.endpoints.cases import ARCHIVED, Cases
from pulumi_datadog_cases.api.enums import CasePriority, CustomAttributeType
from pulumi_datadog_cases.engine import (
    Change,
    DependsOn,
    Input,
    KnownInputs,
    LiveObject,
    Prop,
    Validator,
    Value,
    Values,
    Violations,
    arg,
    computed,
    equivalent,
    warn,
)
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    CaseResource,
    members,
    modified_at,
    text,
    without,
)
from pulumi_datadog_cases.resources._shared.case_archiver import CaseArchiver
from pulumi_datadog_cases.resources._shared.case_reader import CaseReader
from pulumi_datadog_cases.resources._shared.dependents import all_cases
from pulumi_datadog_cases.resources._shared.external_ticket import external_ticket
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Date, NonEmptyStr, Uuid

#: The value of a custom attribute. If the attribute has a type that Datadog's reference does not
#: list, any other JSON value is possible too.
CustomAttributeValue: TypeAlias = Annotated[
    str | float | Sequence[Input[str] | Input[float]], DependsOn("type")
]

#: Id of the built-in case type "Standard". The id is the same in all organisations.
STANDARD_CASE_TYPE = "00000000-0000-0000-0000-000000000001"


class CaseCustomAttributeArgs(TypedDict):
    """The value that a case has for a custom attribute."""

    type: Input[CustomAttributeType]
    """The type in the attribute's definition (`CustomAttribute.type`)."""
    value: Input[CustomAttributeValue]
    """A string, or a number if the type is `NUMBER`. If `is_multi` is true, the value is a list of
    strings or numbers."""
    is_multi: NotRequired[Input[bool]]
    """Whether `value` is a list. You can omit `is_multi`, because `value` implies it."""


def validate_custom_attribute(declared: KnownInputs) -> Violations:
    """Require that a value fits its `type`.

    Only the API can check whether `type` is the type in the attribute's definition.
    """
    value = declared["value"]
    is_list = isinstance(value, list)
    values = value if isinstance(value, list) else [value]
    if declared.get("is_multi", is_list) is not is_list:
        yield (
            "value",
            "must not be a list, because is_multi is False"
            if is_list
            else "must be a list, because is_multi is True",
        )
    is_number = declared["type"] == "NUMBER"
    if any(isinstance(each, str) is is_number for each in values):
        expected = "a number or a list of numbers" if is_number else "a string or a list of strings"
        yield "value", f"must be {expected}: type is {declared['type']}"


def custom_attribute_body(value: Value) -> Values:
    """Return the request body for a custom attribute's value. The API requires `is_multi` in it."""
    declared = members(value)
    return {"is_multi": isinstance(declared["value"], list), **declared}


# --- requests that change one property each --------------------------------------------------

_Request: TypeAlias = Callable[[], CaseItem]

#: The stages of an update, in order. Requests of the same stage are sent in parallel.
_UNARCHIVE, _FIELDS, _DEPENDENT_FIELDS, _ARCHIVE = range(4)


def _stage(name: str, values: Values) -> int:
    """Return the stage in which a property is changed. `values` has all values of the update.

    A case is unarchived first and archived last. `security_resolved_reason` is set before
    `status_name`, because a security case can only be closed if it has a reason (documented).
    """
    if name == "archived":
        return _ARCHIVE if values[name] else _UNARCHIVE
    is_closed_with_reason = name == "status_name" and _has_reason(values)
    return _DEPENDENT_FIELDS if is_closed_with_reason else _FIELDS


def _has_reason(values: Values) -> bool:
    return "security_resolved_reason" in values


def _assign(cases: Cases, case_id: str, user: str | None) -> CaseItem:
    return cases.assign(case_id, user) if user else cases.unassign(case_id)


def _archive(cases: Cases, case_id: str, archived: bool) -> CaseItem:  # noqa: FBT001 - the value to set
    return cases.archive(case_id) if archived else cases.unarchive(case_id)


def _move(cases: Cases, case_id: str, project_id: str) -> CaseItem:
    """Move a case, and link its Jira issue again, because Datadog drops the link (documented)."""
    issue = external_ticket(case_id, cases.get(case_id).raw_attributes, "jira_issue")
    moved = cases.move(case_id, project_id)
    if issue is None:
        return moved
    # The response may show the case as it was before the move, so a link in it proves nothing.
    if moved.raw_attributes.get("jira_issue") and cases.get(case_id).raw_attributes.get(
        "jira_issue"
    ):
        return moved
    if isinstance(url := issue.values.get("issue_url"), str):
        try:
            cases.link_jira_issue(case_id, url)
        except DatadogCasesError as error:
            warn(f"case {case_id} lost its Jira issue {url} when it moved: link it again; {error}")
    else:
        # An issue that Jira is still creating has no URL.
        warn(
            f"case {case_id} lost its new Jira issue when it moved: link the issue once "
            "Jira has created it"
        )
    return moved


def _delete_custom_attribute(cases: Cases, case_id: str, key: str) -> CaseItem:
    try:
        return cases.delete_custom_attribute(case_id, key)
    except NotFound:
        # The definition and its values were deleted, or the case does not exist.
        return cases.get(case_id)


# --- responses -------------------------------------------------------------------------------


def _latest(responses: Sequence[CaseItem]) -> CaseItem:
    return max(responses, key=lambda item: modified_at(item.raw_attributes))


class Case(CaseResource):
    """A case in a project.

    Properties that are not declared are not managed. An update writes only the declared properties
    that have changed, with one request for each.

    Import id: `<case_id>`, which is the case's UUID or its key (`SEC-12`).

    Destroy: the case is archived, because the API cannot delete cases.

    Errors: 400 for an invalid user id, and for a status that the case's type does not have; 404 if
    the project, the user or a custom attribute's key does not exist; 403 if the application key
    lacks `cases_write`.

    Endpoints: `/api/v2/cases`, and for each property an endpoint below `/api/v2/cases/{case_id}`.
    The create request does not accept `attributes`, `due_date`, `security_resolved_reason` and
    `archived`. Separate requests set these properties right after the creation. If
    `security_resolved_reason` is declared, `status_name` is set after it. If one of these requests
    fails, the new case is archived.
    """

    project_id: Prop[Uuid] = arg(setter=_move)
    """UUID of the project. Changing it moves the case, which keeps its id. Datadog drops the link
    to the case's Jira issue (documented). The update links the issue again."""
    title: Prop[NonEmptyStr] = arg(setter=Cases.set_title)
    """The title that Datadog shows. Not unique."""
    type_id: Prop[Uuid] = arg(default=STANDARD_CASE_TYPE, replace_on_changes=True)
    """UUID of the case type; by default that of the built-in type Standard. Changing it replaces
    the case."""
    description: Prop[str | None] = arg(default=None, clears_to="", setter=Cases.set_description)
    """The description, in Markdown."""
    priority: Prop[CasePriority | None] = arg(
        default=None,
        clears_to="NOT_DEFINED",
        server_default="NOT_DEFINED",
        setter=Cases.set_priority,
    )
    """`P1` (highest) to `P5`, or `NOT_DEFINED`, which is the API's default."""
    status_name: Prop[str | None] = arg(
        default=None,
        write_only=True,
        after_create=_has_reason,
        server_default="Open",
        setter=Cases.set_status,
    )
    """One of the statuses of the case's type, usually `Open`, `In Progress` or `Closed`. To close a
    security case, also declare `security_resolved_reason`, which the API requires (documented)."""
    assignee_id: Prop[Uuid | None] = arg(default=None, clears_to=None, setter=_assign)
    """UUID of the user whom the case is assigned to."""
    attributes: Prop[Mapping[str, Input[Annotated[Sequence[Input[str]], UNORDERED]]] | None] = arg(
        default=None, clears_to={}, after_create=True
    )
    """Labels such as `{"env": ["prod"], "service": ["api"]}`. Undeclared labels stay."""
    custom_attributes: Prop[
        Mapping[
            str,
            Input[Annotated[CaseCustomAttributeArgs, Validator(validate_custom_attribute)]],
        ]
        | None
    ] = arg(default=None, clears_to={})
    """Values of custom attributes, by `CustomAttribute.key`. The values of undeclared keys stay."""
    due_date: Prop[Date | None] = arg(
        default=None,
        clears_to=None,
        write_only=True,
        after_create=True,
        setter=Cases.set_due_date,
    )
    """A `date`, or a string `YYYY-MM-DD`. No documented response contains the due date, so changes
    outside Pulumi may be missed."""
    security_resolved_reason: Prop[str | None] = arg(
        default=None, write_only=True, after_create=True, setter=Cases.set_resolved_reason
    )
    """Security cases: `FALSE_POSITIVE`, `TRUE_POSITIVE`, `BENIGN_POSITIVE` or another reason.

    No documented response has this property, so changes outside Pulumi may be missed.
    """
    archived: Prop[bool | None] = arg(default=None, after_create=True, setter=_archive)
    """Whether the case is archived. An archived case keeps its status."""

    key: Prop[str] = computed(changes_with=("project_id",))
    """The case's key, such as `SEC-12`. It may change when the case moves to another project."""
    url: Prop[str] = computed(changes_with=("project_id",))
    """URL of the case's page in Datadog, such as `https://app.datadoghq.com/cases/SEC-12`
    (assumed). It contains the case's key."""
    public_id: Prop[str | None] = computed()
    """The case's number among all cases of the organisation, as a string."""
    status: Prop[str | None] = computed(changes_with=("status_name",))
    """The status in the API's older form, such as `OPEN`."""
    status_group: Prop[str | None] = computed(changes_with=("status_name",))
    """`SG_OPEN`, `SG_IN_PROGRESS` or `SG_CLOSED`."""
    created_at: Prop[str] = computed()
    """When the case was created (RFC 3339, UTC)."""
    modified_at: Prop[str | None] = computed(volatile=True)
    """When the case was last changed (RFC 3339, UTC). The value is from the stack's latest create
    or update: a refresh does not change it."""
    created_by: Prop[str | None] = computed()
    """UUID of the user who created the case."""
    modified_by: Prop[str | None] = computed(volatile=True)
    """UUID of the user who last changed the case. The value is from the stack's latest create
    or update: a refresh does not change it."""
    closed_at: Prop[str | None] = computed(changes_with=("status_name",))
    """When the case was closed (RFC 3339, UTC)."""
    archived_at: Prop[str | None] = computed(changes_with=("archived",))
    """When the case was archived (RFC 3339, UTC)."""

    @staticmethod
    def preview_warning(old: Values, new: Values) -> str | None:
        """Warn about what a replacement leaves behind, and about a move.

        When a case moves, Datadog unlinks its Jira issue, and the update links it again.
        """
        if old.get("type_id") != new.get("type_id"):
            return (
                f"is replaced: its comments, watchers, links, insights, tickets and incidents that "
                f"the program does not declare stay on {old.get('key')}, which is archived"
            )
        if old.get("project_id") == new.get("project_id"):
            return None
        return "moves to another project: its Jira issue, if any, is unlinked and then linked again"

    class Lifecycle(CaseLifecycle):
        """Updates a case with one request per property. Reads and archives cases in batches."""

        delete_keeps_object = True

        def __init__(self, client: Client) -> None:
            super().__init__(client)
            self._reader = CaseReader(client)
            self._archiver = CaseArchiver(client)

        def create(self, new: Values) -> LiveObject:
            """Create the case with all properties that one request accepts."""
            attributes = without(new, "project_id", "assignee_id")
            if isinstance(values := new.get("custom_attributes"), Mapping):
                attributes["custom_attributes"] = {
                    key: custom_attribute_body(values[key]) for key in values
                }
            assignee = new.get("assignee_id")
            item = self.client.cases.create(
                attributes,
                project_id=text(new["project_id"]),
                assignee_id=None if assignee is None else text(assignee),
            )
            return self._live(item)

        def _live(self, item: Item) -> LiveObject:
            archived = bool(item.raw_attributes.get("archived_at"))
            url = f"{self.client.web_url}/cases/{item.raw_attributes.get('key', item.id)}"
            return LiveObject(item.id, {**item.values(), "archived": archived, "url": url})

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """All cases. The archived cases come last."""
            del parent
            return map(self._live, all_cases(self.client))

        def search(self, query: str | None) -> Iterable[LiveObject]:
            """The cases that match a query, in the syntax of Datadog's search bar."""
            return map(self._live, self.client.cases.iterate(query))

        def importable(self, live: LiveObject) -> Values:
            """The case's values. Custom attributes omit `is_multi`: the value implies it."""
            attributes = members(live.values.get("custom_attributes"))
            values = {key: without(members(attributes[key]), "is_multi") for key in attributes}
            return {**live.values, "custom_attributes": values}

        def candidates(self, new: Values, since: float) -> Iterable[LiveObject]:
            """The cases created after `since`, newest first.

            Archived cases are included if the program declares the new case with `archived=True`.
            """
            for query in (None, ARCHIVED) if new.get("archived") else (None,):
                found = self.client.cases.iterate(query, sort_field="created_at", ascending=False)
                yield from itertools.takewhile(
                    lambda case: (case.created_at or 0.0) - self.clock_offset >= since,
                    map(self._live, found),
                )

        def is_deleted(self, live: LiveObject, new: Values) -> bool:
            """Whether the case is archived, and the program does not declare `archived=True`."""
            return bool(live.values["archived"]) and not new.get("archived")

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the case. The API also returns archived cases."""
            del known
            return self._live(self.client.cases.get(id_))

        def refresh(self, id_: str, known: Values) -> LiveObject:
            """Take the case from a page of cases if this saves requests, else read the case."""
            item = self._reader.find(id_, known)
            return self.read(id_, known) if item is None else self._live(item)

        def update(self, change: Change) -> LiveObject:
            """Send one request per changed property. Requests of a stage are sent in parallel."""
            stages: defaultdict[int, list[_Request]] = defaultdict(list)
            responses: list[CaseItem] = []
            for stage, request in self._requests(change, responses):
                stages[stage].append(request)
            for stage in sorted(stages):
                requests = stages[stage]
                # The time limit of this update is in the context, which threads do not inherit.
                contexts = [copy_context() for _ in requests]
                with ThreadPoolExecutor(len(requests)) as pool:
                    responses += pool.map(Context.run, contexts, requests)
            return self._live(_latest(responses))

        def _requests(
            self, change: Change, responses: Sequence[CaseItem]
        ) -> Iterator[tuple[int, _Request]]:
            """Yield the requests of an update, each with its stage.

            `responses` has the responses of earlier stages. Each response contains the whole case.
            """
            cases, id_ = self.client.cases, change.id
            for name, value in change.values.items():
                if setter := Case.properties[name].setter:
                    yield _stage(name, change.values), partial(setter, cases, id_, value)
            if "attributes" in change.values:
                # This request needs the current labels. They are in `change.live` if the engine has
                # just read or created the case. If `change.live` is None, send the other requests
                # first: their responses contain the labels, which saves a read.
                stage = _FIELDS if change.live else _DEPENDENT_FIELDS
                yield stage, partial(self._set_labels, change, responses)
            if "custom_attributes" in change.values:
                old, new = (members(v.get("custom_attributes")) for v in (change.old, change.new))
                for key in old.keys() - new.keys():
                    yield _FIELDS, partial(_delete_custom_attribute, cases, id_, key)
                for key in new:
                    if not equivalent(old.get(key), new[key]):
                        value = custom_attribute_body(new[key])
                        yield _FIELDS, partial(cases.set_custom_attribute, id_, key, value)

        def _set_labels(self, change: Change, responses: Sequence[CaseItem]) -> CaseItem:
            """Send all labels, even undeclared ones. The API cannot change single labels."""
            live = _latest(responses).values() if responses else self.read_current(change)
            labels = change.merged_into(live)["attributes"]
            return self.client.cases.set_attributes(change.id, members(labels))

        def delete(self, id_: str, known: Values) -> None:
            """Archive the case, in one request with other cases that are being destroyed."""
            self._archiver.archive(id_, known.get("project_id"))
