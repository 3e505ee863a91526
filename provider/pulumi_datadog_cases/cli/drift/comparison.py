"""`compare`: compares a stack's declarations with live objects, and changes nothing.

Declarations are taken from the stack's state. A live object is the object as it is in Datadog now.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.cli.drift.differences import Difference, differences, shorten
from pulumi_datadog_cases.cli.drift.live_objects import LiveObjectReader, ReadFailure
from pulumi_datadog_cases.cli.drift.report import ChangedObject, DriftReport, ObjectLabel
from pulumi_datadog_cases.cli.drift.report_case import is_report_case
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.inventory import InventoryItem, ObjectKeys, require_organization
from pulumi_datadog_cases.cli.organization import by_organization, find_project, settings_of
from pulumi_datadog_cases.cli.state import StackState, StateResource
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.engine.stored_forms import read_outputs

#: The properties that identify objects without key and name: a comment's text, and a notification
#: rule's query.
_TEXTS: Final = ("comment", "query")


@dataclass(frozen=True)
class Scope:
    """What to compare.

    Attributes:
        projects: keys or UUIDs of projects. If empty, all projects in which the stack manages
            something are compared.
        everything: whether to report unmanaged objects outside these projects too.
        case_queries: search queries, as in `Inventory.read`. An unmanaged case is reported if one
            of these queries finds it.
        children_of_cases: whether to report the unmanaged children of these cases.
    """

    projects: Sequence[str]
    everything: bool
    case_queries: Sequence[str | None]
    children_of_cases: bool


def compare(
    stack: StackState,
    elsewhere: Iterable[InventoryItem],
    scope: Scope,
    advance: Callable[[int], None],
) -> DriftReport:
    """Compare a stack's declarations with the objects in the organisations of its providers.

    Args:
        stack: the stack's state, including secrets.
        elsewhere: objects in other stacks, which are not reported as unmanaged.
        scope: what to compare.
        advance: called with 1 after each read of a list or of a single object.

    Raises:
        CommandError: a project of the scope exists in none of the organisations, or the keys of a
            provider belong to another organisation than the provider's objects.
    """
    known = [*(each.found for each in (*stack.objects, *stack.known)), *elsewhere]
    report = DriftReport()
    with ExitStack() as opened:
        groups = [
            (opened.enter_context(Client(settings)), managed)
            for settings, managed in (
                by_organization(stack.objects) or {settings_of(None): []}
            ).items()
        ]
        for client, managed in groups:
            require_organization(client, (each.found for each in managed))
        named = _find_projects([client for client, _ in groups], scope.projects)
        for (client, managed), projects in zip(groups, named, strict=True):
            if projects or not scope.projects:
                _Comparison(client, managed, known, advance).run(scope, projects, report)
    return report


def _find_projects(clients: Sequence[Client], named: Iterable[str]) -> Sequence[set[str]]:
    """Return the ids of the named projects, one set for each organisation's client."""
    found = [set[str]() for _ in clients]
    for name in named:
        errors = list[CommandError]()
        for client, here in zip(clients, found, strict=True):
            try:
                here.add(find_project(client, name).id)
            except CommandError as error:
                errors.append(error)
        if len(errors) == len(clients):
            raise errors[0]
    return found


class _Comparison:
    """Compares the objects of one organisation."""

    def __init__(
        self,
        client: Client,
        managed: Sequence[StateResource],
        known: Sequence[InventoryItem],
        advance: Callable[[int], None],
    ) -> None:
        self._managed = managed
        self._known = known
        self._object_keys = ObjectKeys()
        self._object_keys.add_cases(known)
        self._reader = LiveObjectReader(client, self._object_keys, advance)
        #: For each object's id, the object's key or name. The report names parents with these.
        self._names: dict[str, str] = {}

    def run(self, scope: Scope, named: set[str], report: DriftReport) -> None:
        """Add the differences and the unmanaged objects to the report.

        Args:
            scope: what to compare.
            named: the ids of the scope's projects that this organisation contains.
            report: receives what the comparison finds.
        """
        managed = self._related_to(named) if named else self._managed
        projects = None if scope.everything else named or _projects_of(managed)
        ids = [each.found.id for each in managed]
        found = self._reader.read_lists(
            projects, scope.case_queries, ids, children_of_cases=scope.children_of_cases
        )
        for resource_type, reasons in self._reader.failures.items():
            report.add_unread(resource_type, reasons)
        self._names = {each.id: words[0] for each in found if (words := _words(each))}
        # Show the stack's own objects by their names in the state, not by their live names. Only
        # the state says which names are secret and must not be shown.
        for each in filter(_own_id, self._managed):
            self._names[each.found.id] = next(iter(_words(each.found, each.secret)), "")
        for each, live in self._read(managed):
            self._compare(each, live, report)
        report.unmanaged += [self._label(each, _words(each)) for each in self._unmanaged(found)]

    def _unmanaged(self, found: Sequence[InventoryItem]) -> Iterator[InventoryItem]:
        """Yield the objects that no stack manages, except the cases that report drift."""
        in_stacks = {self._object_keys.of(each) for each in self._known}
        reports = {each.id for each in found if is_report_case(each)}
        for each in found:
            is_report = not reports.isdisjoint((each.id, self._object_keys.parent(each)))
            if not is_report and self._object_keys.of(each) not in in_stacks:
                yield each

    def _read(
        self, managed: Sequence[StateResource]
    ) -> Iterator[tuple[StateResource, LiveObject | ReadFailure | None]]:
        """Yield each resource with its live object, or with None if the object does not exist.

        If the object cannot be read, the resource is yielded with the reason.

        A list may still show objects as they were before the last deployment. So each object whose
        list entry differs from its declaration is read again on its own.
        """
        seen = [*zip(managed, self._reader.read_objects([s.found for s in managed]), strict=True)]
        different = [
            s.found for s, live in seen if isinstance(live, LiveObject) and _differences(s, live)
        ]
        again = dict(
            zip(
                [f.identity for f in different],
                self._reader.read_individually(different),
                strict=True,
            )
        )
        for each, live in seen:
            now = again.get(each.found.identity, live)
            # If the second read failed, use the list entry.
            yield each, live if isinstance(now, ReadFailure) else now

    def _compare(
        self, each: StateResource, live: LiveObject | ReadFailure | None, report: DriftReport
    ) -> None:
        words = _words(each.found, each.secret)
        label = replace(self._label(each.found, words), name=each.name)
        if isinstance(live, ReadFailure):
            report.add_unread(label.resource_type, [live.reason], each.name)
            return
        report.compared.append(label)
        if live is None:
            report.gone.append(label)
        elif different := _differences(each, live):
            report.changed.append(ChangedObject(label, different))

    def _label(self, found: InventoryItem, words: Sequence[str]) -> ObjectLabel:
        return ObjectLabel(
            resource_type=found.resource_type.name,
            within=self._names.get(self._object_keys.parent(found) or "", ""),
            words=tuple(words) or (self._names.get(found.id) or found.id,),
            name="",
            id=found.key,
        )

    def _related_to(self, projects: set[str]) -> Sequence[StateResource]:
        """Select the projects with their children, and all objects to which these refer.

        Those objects are selected with their children too.
        """
        references = set[str]().union(
            *(each.found.strings() for each in self._with_children(projects))
        )
        own_ids = {own for own in map(_own_id, self._managed) if own in references}
        return self._with_children(projects | own_ids)

    def _with_children(self, ids: set[str]) -> Sequence[StateResource]:
        """Select the objects with these ids, and their children at any depth."""
        while True:
            selected = [
                each
                for each in self._managed
                if _own_id(each) in ids or self._object_keys.parent(each.found) in ids
            ]
            more = {*map(_own_id, selected)} - ids - {""}
            if not more:
                return selected
            ids = ids | more


def _own_id(each: StateResource) -> str:
    return each.found.id if each.found.has_own_id else ""


def _projects_of(managed: Iterable[StateResource]) -> set[str]:
    """Return the ids of the projects of these objects. A project counts as its own project."""
    of = (each.found.declared.get("project_id") for each in managed)
    own = (each.found.id for each in managed if each.found.resource_type.name == "Project")
    return {project for project in (*of, *own) if isinstance(project, str)}


def _words(found: InventoryItem, hidden: Iterable[str] = ()) -> Sequence[str]:
    """Return an object's key and name, without missing values and without `hidden` properties.

    If it has neither, return the beginning of its text, for example of a comment.
    """
    shown = {name: found.declared[name] for name in found.declared.keys() - {*hidden}}
    key = None if "key" in hidden else found.live.values.get("key")
    words = (key, replace(found, declared=shown).display_name)
    texts = (shown.get(name) for name in _TEXTS)
    return [word for word in words if isinstance(word, str) and word] or [
        shorten(" ".join(text.split())) for text in texts if isinstance(text, str) and text
    ]


def _differences(each: StateResource, live: LiveObject) -> Sequence[Difference]:
    """Return the differences between an object and its declaration, except ignored properties."""
    resource_type, declared = each.found.resource_type, each.found.declared
    outputs = read_outputs(resource_type, declared, live, each.found.live.values)
    result = list[Difference]()
    for name in resource_type.changed(declared, outputs):
        parts = [*differences({name: declared[name]}, {name: outputs[name]}, each.ignored)]
        if parts and name in each.secret:
            parts = [Difference.of_secret(name)]
        result += parts
    return result
