"""Comparing what a stack declares with what is there. Nothing is written anywhere."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from pulumi_datadog_cases.api import Client, Settings
from pulumi_datadog_cases.cli.common import (
    CommandError,
    ConfigValue,
    find_project,
    resolve,
    stack_config,
)
from pulumi_datadog_cases.cli.drift.differences import Difference, differences
from pulumi_datadog_cases.cli.drift.live_objects import LiveObjectReader, ObjectKeys, ReadFailure
from pulumi_datadog_cases.cli.drift.report import ChangedObject, DriftReport, ObjectLabel
from pulumi_datadog_cases.cli.inventory import InventoryItem
from pulumi_datadog_cases.cli.state import StackState, StateResource
from pulumi_datadog_cases.engine import LiveObject


@dataclass(frozen=True)
class Scope:
    """What to look at.

    Attributes:
        projects: keys or UUIDs; without any, those that the stack manages something in.
        everything: whether to look for unmanaged objects outside of these, too.
        case_queries: which unmanaged cases to look for; see `Inventory.read`.
    """

    projects: Sequence[str]
    everything: bool
    case_queries: Sequence[str | None]


def compare(
    stack: StackState,
    elsewhere: Iterable[InventoryItem],
    scope: Scope,
    advance: Callable[[int], None],
) -> DriftReport:
    """Compare what the stack's state declares with the organisations that it reaches.

    Args:
        stack: with its secrets.
        elsewhere: what other stacks know.
        scope: what to look at.
        advance: is told when a list or an object has been read.

    Raises:
        CommandError: a project of the scope is in none of the organisations.
    """
    known = [*(each.found for each in (*stack.objects, *stack.known)), *elsewhere]
    findings = DriftReport()
    with ExitStack() as opened:
        groups = [
            (opened.enter_context(Client(settings)), managed)
            for settings, managed in _by_organization(stack.objects).items()
        ]
        named = _find_projects([client for client, _ in groups], scope.projects)
        for (client, managed), projects in zip(groups, named, strict=True):
            if projects or not scope.projects:
                _Comparison(client, managed, known, advance).run(scope, projects, findings)
    return findings


def _by_organization(
    managed: Iterable[StateResource],
) -> Mapping[Settings, Sequence[StateResource]]:
    """The objects by the keys and the site that reach them; at least the stack's own."""
    by_config: dict[str, list[StateResource]] = {}
    for each in managed:
        by_config.setdefault(json.dumps(each.config, sort_keys=True), []).append(each)
    groups: dict[Settings, list[StateResource]] = {}
    for config, objects in (by_config or {json.dumps(None): []}).items():
        given: Mapping[str, str] | None = json.loads(config)
        values = {key: ConfigValue(value, secret=True) for key, value in (given or {}).items()}
        settings = resolve(stack_config() if given is None else values)
        groups.setdefault(settings, []).extend(objects)
    return groups


def _find_projects(clients: Sequence[Client], named: Iterable[str]) -> Sequence[set[str]]:
    """For each organisation, the ids of the named projects that are there."""
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
        self._places = ObjectKeys()
        self._places.learn(known)
        self._reader = LiveObjectReader(client, self._places, advance)
        #: What people call the objects that others are part of, by id.
        self._names: dict[str, str] = {}

    def run(self, scope: Scope, named: set[str], findings: DriftReport) -> None:
        """Add to the findings what differs, and what is managed by nobody."""
        managed = self._about(named) if named else self._managed
        projects = None if scope.everything else named or _projects_of(managed)
        ids = [each.found.id for each in managed]
        found = self._reader.lists(projects, scope.case_queries, ids)
        for kind, reasons in self._reader.failures.items():
            findings.cannot_read(kind, reasons)
        self._names = {each.id: words[0] for each in found if (words := _words(each))}
        for each in self._managed:  # last, as what is secret in the stack is not to be told
            self._names[each.found.id] = next(iter(_words(each.found, each.secret)), "")
        for each, live in self._look(managed):
            self._judge(each, live, findings)
        taken = {self._places.of(each) for each in self._known}
        strangers = (each for each in found if self._places.of(each) not in taken)
        findings.unmanaged += [self._subject(each, _words(each)) for each in strangers]

    def _look(
        self, managed: Sequence[StateResource]
    ) -> Iterator[tuple[StateResource, LiveObject | ReadFailure | None]]:
        """Each object as it is; None where it is gone.

        A list may be older than the last deployment: what differs in it is read by itself, too.
        """
        seen = [*zip(managed, self._reader.objects([s.found for s in managed]), strict=True)]
        odd = [
            s.found for s, live in seen if isinstance(live, LiveObject) and _differences(s, live)
        ]
        again = dict(zip([f.at for f in odd], self._reader.by_itself(odd), strict=True))
        for each, live in seen:
            now = again.get(each.found.at, live)
            yield each, live if isinstance(now, ReadFailure) else now

    def _judge(
        self, each: StateResource, live: LiveObject | ReadFailure | None, findings: DriftReport
    ) -> None:
        words = _words(each.found, each.secret)
        subject = replace(self._subject(each.found, words), name=each.name)
        if isinstance(live, ReadFailure):
            findings.cannot_read(subject.kind, [live.reason], each.name)
            return
        findings.compared += 1
        if live is None:
            findings.gone.append(subject)
        elif told := _differences(each, live):
            findings.changed.append(ChangedObject(subject, told))

    def _subject(self, found: InventoryItem, words: Sequence[str]) -> ObjectLabel:
        return ObjectLabel(
            kind=found.resource_type.name,
            within=self._names.get(self._places.owner(found) or "", ""),
            label=" ".join(words) or found.id,
            name="",
            id=found.key,
        )

    def _about(self, projects: set[str]) -> Sequence[StateResource]:
        """What is part of some projects, and what that refers to, such as their case types."""
        texts = set[str]().union(*(each.found.texts() for each in self._parts(projects)))
        return self._parts(projects | {own for own in map(_own_id, self._managed) if own in texts})

    def _parts(self, ids: set[str]) -> Sequence[StateResource]:
        """What has one of these ids, and what is part of that, at any depth."""
        while True:
            parts = [
                each
                for each in self._managed
                if _own_id(each) in ids or self._places.owner(each.found) in ids
            ]
            more = {*map(_own_id, parts)} - ids - {""}
            if not more:
                return parts
            ids = ids | more


def _own_id(each: StateResource) -> str:
    return each.found.id if each.found.has_own_id else ""


def _projects_of(managed: Iterable[StateResource]) -> set[str]:
    """The projects that some objects are in."""
    of = (each.found.declared.get("project_id") for each in managed)
    own = (each.found.id for each in managed if each.found.resource_type.name == "Project")
    return {project for project in (*of, *own) if isinstance(project, str)}


def _words(found: InventoryItem, hidden: Iterable[str] = ()) -> Sequence[str]:
    """What people call an object: its key, its name, as far as it has any that may be shown."""
    shown = {name: found.declared[name] for name in found.declared.keys() - {*hidden}}
    key = None if "key" in hidden else found.live.values.get("key")
    words = (key, replace(found, declared=shown).called)
    return [word for word in words if isinstance(word, str) and word]


def _differences(each: StateResource, live: LiveObject) -> Sequence[Difference]:
    """Where an object is not as declared, save what the program leaves to others."""
    kind, declared = each.found.resource_type, each.found.declared
    seen = kind.outputs(declared, live)
    told = list[Difference]()
    for name in kind.changed(declared, seen):
        parts = [*differences({name: declared[name]}, {name: seen[name]}, each.ignored)]
        if parts and name in each.secret:
            parts = [Difference.withheld(name)]
        told += parts
    return told
