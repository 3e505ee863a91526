"""`Case`: one case, each property of which the API changes by a call of its own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Literal, NotRequired, TypeAlias

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client, Item, NotFound
from pulumi_datadog_cases.api.cases import Cases
from pulumi_datadog_cases.engine import (
    Change,
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
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Date, Text, Uuid
from pulumi_datadog_cases.resources.custom_attribute import CustomAttributeType

CasePriority: TypeAlias = Literal["NOT_DEFINED", "P1", "P2", "P3", "P4", "P5"]

#: The built-in type "Standard", whose id is the same in every organisation.
STANDARD_CASE_TYPE = "00000000-0000-0000-0000-000000000001"


class CaseCustomAttributeArgs(TypedDict):
    """The value that a case has for a custom attribute of its type."""

    type: pulumi.Input[CustomAttributeType]
    """The definition's type."""
    value: pulumi.Input[str | float | Sequence[pulumi.Input[str] | pulumi.Input[float]]]
    """Text, or a number for `NUMBER`; a list of these where the attribute `is_multi`."""
    is_multi: NotRequired[pulumi.Input[bool]]
    """Whether `value` is a list, which is what it follows from if left out."""


def custom_attribute_fits(declared: KnownInputs) -> Violations:
    """A value has to fit its own type; whether that is the definition's, the API says."""
    value = declared["value"]
    values = value if isinstance(value, list) else [value]
    if declared.get("is_multi", isinstance(value, list)) is not isinstance(value, list):
        yield "value", "must be a list exactly where is_multi is True"
    wants_numbers = declared["type"] == "NUMBER"
    if any(isinstance(each, str) is wants_numbers for each in values):
        wanted = (
            "a number or a list of numbers" if wants_numbers else "a string or a list of strings"
        )
        yield "value", f"must be {wanted}: type is {declared['type']}"


def sent_custom_attribute(value: Value) -> Values:
    """A custom attribute's value as the API wants it, which cannot do without `is_multi`."""
    declared = members(value)
    return {"is_multi": isinstance(declared["value"], list), **declared}


# --- calls that change one property each -----------------------------------------------------

_Call: TypeAlias = Callable[[], Item]

_WAKE, _FREE, _AFTER, _PUT_AWAY = range(4)


def _stage(name: str, value: Value) -> int:
    """When to change a property, where that matters.

    An archived case is taken out first and put away last; the reason for having resolved a case
    follows the status that resolves it.
    """
    if name == "archived":
        return _PUT_AWAY if value else _WAKE
    return _AFTER if name == "security_resolved_reason" else _FREE


def _make(call: _Call) -> Item:
    return call()


def _assign(cases: Cases, case_id: str, user: str | None) -> Item:
    return cases.assign(case_id, user) if user else cases.unassign(case_id)


def _archive(cases: Cases, case_id: str, archived: bool) -> Item:  # noqa: FBT001 - the value to set
    return cases.archive(case_id) if archived else cases.unarchive(case_id)


def _drop(cases: Cases, case_id: str, key: str) -> Item:
    try:
        return cases.delete_custom_attribute(case_id, key)
    except NotFound:  # the definition is gone, and the value with it; or else the case is
        return cases.get(case_id)


# --- what the API answers --------------------------------------------------------------------


def _live(item: Item) -> LiveObject:
    return LiveObject(
        item.id, {**item.values(), "archived": bool(item.attributes.get("archived_at"))}
    )


def _latest(answers: Sequence[Item]) -> LiveObject:
    return _live(max(answers, key=lambda item: modified_at(item.attributes)))


class Case(CaseResource):
    """A case in a project.

    What is not declared is left to the people who work on the case: an update sends one request
    for each declared property that has changed, and no other.

    Import id: `<case_id>`, its UUID or its key (`SEC-12`).

    Destroy: the case is archived, since the API cannot delete cases.

    Errors: 400 for a status that the case's type does not have, or a user id that is none; 404
    where the project, the user or a custom attribute's key does not exist; 403 where the keys
    lack `cases_write`.

    Endpoints: `/api/v2/cases`, and one below `/api/v2/cases/{case_id}` per property. Creation
    does not take `attributes`, `due_date`, `security_resolved_reason` and `archived`: they are
    set side by side right after it, and if that fails the case is archived again.
    """

    project_id: Prop[Uuid] = arg(setter=Cases.move)
    """UUID of the project. A change moves the case, which keeps its id."""
    title: Prop[Text] = arg(setter=Cases.set_title)
    """Shown in Datadog. Not unique."""
    type_id: Prop[Uuid] = arg(default=STANDARD_CASE_TYPE, replace_on_changes=True)
    """UUID of the case type; the built-in Standard by default. A change replaces."""
    description: Prop[str | None] = arg(default=None, clears_to="", setter=Cases.set_description)
    """Markdown."""
    priority: Prop[CasePriority | None] = arg(
        default=None,
        clears_to="NOT_DEFINED",
        server_default="NOT_DEFINED",
        setter=Cases.set_priority,
    )
    """`P1` (highest) to `P5`, or `NOT_DEFINED`, which is the API's default."""
    status_name: Prop[str | None] = arg(
        default=None, write_only=True, server_default="Open", setter=Cases.set_status
    )
    """One of the statuses of the case's type; for most `Open`, `In Progress`, `Closed`."""
    assignee_id: Prop[Uuid | None] = arg(default=None, clears_to=None, setter=_assign)
    """UUID of the user it is assigned to."""
    attributes: Prop[
        Mapping[str, pulumi.Input[Annotated[Sequence[pulumi.Input[str]], UNORDERED]]] | None
    ] = arg(default=None, clears_to={}, after_create=True)
    """Labels such as `{"env": ["prod"], "service": ["api"]}`, owned label by label."""
    custom_attributes: Prop[
        Mapping[
            str, pulumi.Input[Annotated[CaseCustomAttributeArgs, Validator(custom_attribute_fits)]]
        ]
        | None
    ] = arg(default=None, clears_to={})
    """Values by the key of their definition (`CustomAttribute.key`), owned key by key."""
    due_date: Prop[Date | None] = arg(
        default=None,
        clears_to=None,
        write_only=True,
        after_create=True,
        setter=Cases.set_due_date,
    )
    """`YYYY-MM-DD`. Not part of the documented answer, so a change elsewhere may go unseen."""
    security_resolved_reason: Prop[str | None] = arg(
        default=None, write_only=True, after_create=True, setter=Cases.set_resolved_reason
    )
    """Security cases: `FALSE_POSITIVE`, `TRUE_POSITIVE`, `BENIGN_POSITIVE` or another reason.

    Not part of the documented answer, so a change elsewhere may go unseen.
    """
    archived: Prop[bool | None] = arg(default=None, after_create=True, setter=_archive)
    """Whether the case is put away. An archived case keeps its status."""

    key: Prop[str] = computed()
    """Its name in Datadog, such as `SEC-12`; a move to another project may change it."""
    public_id: Prop[str | None] = computed()
    """A number, as text, that counts all cases of the organisation."""
    status: Prop[str | None] = computed()
    """The status as the API's older clients know it, such as `OPEN`."""
    status_group: Prop[str | None] = computed()
    """`SG_OPEN`, `SG_IN_PROGRESS` or `SG_CLOSED`."""
    created_at: Prop[str] = computed()
    """When it was created (RFC 3339, UTC)."""
    modified_at: Prop[str | None] = computed(volatile=True)
    """When it was last changed (RFC 3339, UTC), as of this stack's last write."""
    closed_at: Prop[str | None] = computed()
    """When it was closed (RFC 3339, UTC)."""
    archived_at: Prop[str | None] = computed()
    """When it was archived (RFC 3339, UTC)."""

    class Lifecycle(CaseLifecycle):
        """How cases live at the API."""

        def __init__(self, client: Client) -> None:
            super().__init__(client)
            self._reader = CaseReader(client)
            self._archiver = CaseArchiver(client)

        def create(self, new: Values) -> LiveObject:
            """Create the case with all that one request takes."""
            attributes = without(new, "project_id", "assignee_id")
            if isinstance(values := new.get("custom_attributes"), Mapping):
                attributes["custom_attributes"] = {
                    key: sent_custom_attribute(values[key]) for key in values
                }
            assignee = new.get("assignee_id")
            item = self.client.cases.create(
                attributes,
                project_id=text(new["project_id"]),
                assignee_id=None if assignee is None else text(assignee),
            )
            return _live(item)

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """All cases, in the end the archived ones, which only a filter finds."""
            del parent
            yield from self.search(None)
            yield from self.search("archived:true")

        def search(self, query: str | None) -> Iterable[LiveObject]:
            """The cases that a filter as in the search bar finds."""
            return map(_live, self.client.cases.iterate(query))

        def importable(self, live: LiveObject) -> Values:
            """All of the case, its custom attributes without `is_multi`, which follows."""
            told = members(live.values.get("custom_attributes"))
            values = {key: without(members(told[key]), "is_multi") for key in told}
            return {**live.values, "custom_attributes": values}

        def candidates(self, new: Values, age: float) -> Iterable[LiveObject]:
            """The cases that are not archived and not older, newest first."""
            del new
            for item in self.client.cases.iterate(sort_field="created_at", ascending=False):
                case = _live(item)
                if (case.created_at or 0.0) < self.now() - age:
                    return
                yield case

        def is_deleted(self, live: LiveObject) -> bool:
            """Whether the case is archived."""
            return bool(live.values["archived"])

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the case; an archived one is still there."""
            del known
            return _live(self.client.cases.get(id_))

        def refresh(self, id_: str, known: Values) -> LiveObject:
            """The case as a list has it, where that saves a request, or else as it is."""
            item = self._reader.find(id_, known)
            return self.read(id_, known) if item is None else _live(item)

        def update(self, change: Change) -> LiveObject:
            """Make one call for each property that has changed, side by side in each stage."""
            stages: defaultdict[int, list[_Call]] = defaultdict(list)
            answers: list[Item] = []
            for stage, call in self._calls(change, answers):
                stages[stage].append(call)
            for stage in sorted(stages):
                with ThreadPoolExecutor(len(stages[stage])) as pool:
                    answers += pool.map(_make, stages[stage])
            return _latest(answers)

        def _calls(self, change: Change, answers: Sequence[Item]) -> Iterator[tuple[int, _Call]]:
            """The calls that an update takes, each with its stage.

            Each answers with the whole case as it has left it, which later ones find in `answers`.
            """
            cases, id_ = self.client.cases, change.id
            for name, value in change.values.items():
                if setter := Case.properties[name].setter:
                    yield _stage(name, value), partial(setter, cases, id_, value)
            if "attributes" in change.values:
                # What another call answers is a read that need not be asked for.
                yield _FREE if change.live else _AFTER, partial(self._set_labels, change, answers)
            if "custom_attributes" in change.values:
                old, new = (members(v.get("custom_attributes")) for v in (change.old, change.new))
                for key in old.keys() - new.keys():
                    yield _FREE, partial(_drop, cases, id_, key)
                for key in new:
                    if not equivalent(old.get(key), new[key]):
                        value = sent_custom_attribute(new[key])
                        yield _FREE, partial(cases.set_custom_attribute, id_, key, value)

        def _set_labels(self, change: Change, answers: Sequence[Item]) -> Item:
            """Replace the labels, which the API takes whole: others' are sent along as they are."""
            live = _latest(answers).values if answers else self.read_current(change)
            labels = change.merged_into(live)["attributes"]
            return self.client.cases.set_attributes(change.id, members(labels))

        def delete(self, id_: str, known: Values) -> None:
            """Archive the case, together with others that are to go."""
            self._archiver.archive(id_, known.get("project_id"))
