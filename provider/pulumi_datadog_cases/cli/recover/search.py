"""`recover`: finds the objects of pending creates, and writes intents for them.

A pending create is a create operation of a killed deployment. Pulumi does not know its result, so
the state still lists it. An intent is an entry in the intent log (`engine.safety.intent_log`), in
which each machine records its own create operations. The log of the killed deployment may be on
another machine.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from pulumi_datadog_cases.api import Client, DatadogCasesError
from pulumi_datadog_cases.cli.documents import RecoverResult
from pulumi_datadog_cases.cli.inventory import RESOURCE_TYPES, require_organization
from pulumi_datadog_cases.cli.organization import WORKERS, by_organization
from pulumi_datadog_cases.cli.state import PendingCreate, StackState, StateResource
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.engine.references import References
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.intent_log import Intent, IntentLog, log_folder
from pulumi_datadog_cases.engine.safety.recovery import Recovery

#: The maximum difference in seconds between the clocks of two machines, or of a machine and a state
#: backend (assumed).
_CLOCK_SKEW = 60.0


@dataclass(frozen=True)
class RecoveredCreate:
    """A pending create, and what is known about it."""

    create: PendingCreate
    result: RecoverResult
    #: The objects that the create may have made.
    objects: Sequence[LiveObject] = ()
    #: Why the organisation could not be searched; None if it was searched.
    reason: str | None = None


def recover(
    stack: StackState, last_update: float | None, advance: Callable[[int], None]
) -> Sequence[RecoveredCreate]:
    """Find the objects of a stack's pending creates, and write intents for the next deployment.

    The current folder must be the folder of the stack's program.

    Args:
        stack: the stack's state, including secrets.
        last_update: when the last successful deployment of the whole stack ended, if known. That
            deployment left no create unfinished, so every create to search for began later. (The
            time at which Pulumi last saved the state cannot be used instead, because a failed
            deployment saves the state too.)
        advance: called with 1 for each search.

    Raises:
        CommandError: the keys belong to another organisation than the stack's objects.
        OSError: the intent log cannot be written.
    """
    saved = {each.urn: each for each in stack.objects}
    #: For each resource's URN, its pending creates by their inputs, the latest create first. A
    #: resource has several pending creates if its declaration changed between killed deployments.
    versions: defaultdict[str, dict[str, PendingCreate]] = defaultdict(dict)
    for each in stack.pending_creates:
        versions[each.urn].setdefault(_content(each), each)
    results, unknown = list[RecoveredCreate](), list[tuple[int, PendingCreate]]()
    for urn, by_content in versions.items():
        latest = next(iter(by_content.values()))
        if not _is_to_do(latest, saved.get(urn)):
            results.append(RecoveredCreate(latest, "saved"))
        elif RESOURCE_TYPES[latest.resource_type.name].Lifecycle.create_is_idempotent:
            results.append(RecoveredCreate(latest, "repeatable"))
        else:
            unknown += enumerate(by_content.values())
    unknown.sort(key=lambda each: each[0])
    earliest = (stack.created_at if last_update is None else last_update) - _CLOCK_SKEW
    managed = by_organization(stack.objects)
    for settings, creates in by_organization(create for _, create in unknown).items():
        with Client(settings) as client:
            require_organization(client, (each.found for each in managed.get(settings, ())))
            results += _Organization(client, stack, earliest, advance).recover(creates)
    return results


def _content(create: PendingCreate) -> str:
    return json.dumps(create.resource_type.create_inputs(create.declared), sort_keys=True)


def _is_to_do(create: PendingCreate, saved: StateResource | None) -> bool:
    """Whether the next deployment has to create the object.

    The resource of a pending create can be in the state for two reasons. Either a later deployment
    has created the object, or the create was to replace the object in the state.
    """
    if saved is None or saved.is_replaced:
        return True
    changed = create.resource_type.changed(saved.found.live.values, create.declared)
    return any(create.resource_type.inputs[name].replace_on_changes for name in changed)


class _Organization:
    """Searches one organisation."""

    def __init__(
        self, client: Client, stack: StackState, earliest: float, advance: Callable[[int], None]
    ) -> None:
        self._lifecycles = {name: each.Lifecycle(client) for name, each in RESOURCE_TYPES.items()}
        self._log = IntentLog(log_folder() / client.organization_label)
        self._stack = stack
        self._earliest = earliest
        self._advance = advance
        #: All objects in the state, even those that the program only reads with `get`. `Recovery`
        #: knows only the objects that the stack manages.
        self._in_state = {
            (each.found.resource_type.name, each.found.id)
            for each in (*stack.objects, *stack.known)
        }

    def recover(self, creates: Sequence[PendingCreate]) -> Iterator[RecoveredCreate]:
        """Search for the objects of pending creates, and write intents.

        Args:
            creates: pending creates. If a resource has several, its latest create comes first.
        """
        creates = [*map(self._resolved, creates)]
        groups: defaultdict[tuple[str, str], list[PendingCreate]] = defaultdict(list)
        for each in creates:
            groups[each.resource_type.name, _content(each)].append(each)
        with ThreadPoolExecutor(WORKERS) as pool:
            searched = [*pool.map(self._search, groups.values())]
        by_create = {each.create: each for results in searched for each in results}
        results = [*_one_per_resource(by_create[each] for each in creates)]
        if intents := [*filter(None, map(self._intent, results))]:
            self._log.leave(intents)
        return iter(results)

    def _resolved(self, create: PendingCreate) -> PendingCreate:
        """Replace keys and names of referenced objects by ids, because intents contain ids."""
        lifecycle = self._lifecycles[create.resource_type.name]
        access = ConsistentAccess(create.resource_type, lifecycle, self._log)
        references = References(create.resource_type, lifecycle, access)
        try:
            return replace(create, declared=references.resolve(create.declared, {}))
        except DatadogCasesError:
            return create  # the search reports the error

    def _search(self, creates: Sequence[PendingCreate]) -> Sequence[RecoveredCreate]:
        """Search for the objects of pending creates with equal inputs.

        Each object that is found may belong to any of these creates.
        """
        self._advance(1)
        resource_type = creates[0].resource_type
        lifecycle = self._lifecycles[resource_type.name]
        logged = [result for each in creates if (result := self._logged_result(each))]
        known = {each.create for each in logged}
        creates = [each for each in creates if each not in known]
        if not creates:
            return logged
        # If `ids_are_unique` is False, the id of an object follows from its inputs. The deployment
        # itself can then tell whether the object exists, so no search is needed. Tickets in Jira
        # and ServiceNow have such ids. A search for a ticket would also do harm: it would wait for
        # the other system, and would unlink a failed Jira issue.
        if not lifecycle.ids_are_unique:
            return logged + [RecoveredCreate(each, "logged") for each in creates]
        access = ConsistentAccess(resource_type, lifecycle, self._log)
        recovery = Recovery(resource_type, lifecycle, self._log, access)
        inputs = resource_type.create_inputs(creates[0].declared)
        try:
            matching = [
                each
                for each in recovery.matching(
                    self._new_intent(creates[0]), inputs, creates[0].declared
                )
                if (resource_type.name, each.id) not in self._in_state
            ]
        except lifecycle.not_found_error:  # the parent does not exist any more
            matching = []
        except DatadogCasesError as error:
            reason = str(error)
            return logged + [RecoveredCreate(each, "unread", reason=reason) for each in creates]

        # Compare the number of found objects with the number of resources that lack an object. Each
        # of these resources may have created one object. If there are more objects than resources,
        # it is unclear which of the objects belong to the pending creates.
        urns = {each.urn for each in creates} | {
            each.resource
            for each in self._log.pending()
            if each.id is None
            and each.resource_type == resource_type.name
            and each.declares(inputs)
        }
        if len(matching) > len(urns):
            return logged + [RecoveredCreate(each, "ambiguous", matching) for each in creates]
        found = [
            RecoveredCreate(each, "found", [live])
            for each, live in zip(creates, matching, strict=False)
        ]
        rest = creates[len(matching) :]
        return logged + found + [RecoveredCreate(each, "not_found") for each in rest]

    def _logged(self, create: PendingCreate) -> Iterator[Intent]:
        """Yield the intents that the log already has for a create."""
        inputs = create.resource_type.create_inputs(create.declared)
        for each in self._log.pending():
            if each.resource == create.urn and each.declares(inputs):
                yield each

    def _logged_result(self, create: PendingCreate) -> RecoveredCreate | None:
        """Return the result of a create for which no search is needed; None for other creates.

        No search is needed in two cases: the log has the object's id, or the killed run itself has
        logged the create. But a new search is needed if an earlier run of this command has logged
        the create without finding an object.
        """
        for each in self._logged(create):
            if each.id:
                return RecoveredCreate(create, "logged", [LiveObject(each.id, {})])
            if each.earliest is None:
                return RecoveredCreate(create, "logged")
        return None

    def _intent(self, result: RecoveredCreate) -> Intent | None:
        """Return the intent to write for a create, if the log needs one."""
        if result.result == "unused" or any(self._logged(result.create)):
            return None
        intent = self._new_intent(result.create)
        return replace(intent, id=result.objects[0].id) if result.result == "found" else intent

    def _new_intent(self, create: PendingCreate) -> Intent:
        resource_type = create.resource_type
        inputs = resource_type.create_inputs(create.declared)
        parents = resource_type.parent_ids(inputs)
        intent = Intent.to_create(
            create.urn, resource_type.name, parents, inputs, self._stack.saved_at
        )
        return replace(intent, earliest=self._earliest)


def _one_per_resource(results: Iterable[RecoveredCreate]) -> Iterable[RecoveredCreate]:
    """Select, for each resource, the create that the next deployment should continue.

    The latest create is selected. If its object was not found, the latest create whose object was
    found is selected instead. Other creates whose objects were found become `unused` results,
    because nothing manages these objects.
    """
    selected: dict[str, RecoveredCreate] = {}
    unused = list[RecoveredCreate]()
    for each in results:
        latest = selected.setdefault(each.create.urn, each)
        if each is latest or each.result != "found":
            continue
        if latest.result == "not_found":
            selected[each.create.urn] = each
        else:
            unused.append(replace(each, result="unused"))
    return [*selected.values(), *unused]
