"""`CreateOnce`: creates an object at most once, and deletes it if it cannot be completed.

Before each create request that is not idempotent, an entry called an *intent* is written to a log
on disk (`intent_log`). The steps of such a create:

1. In a replacement, check that people lose nothing (`delete_guard`). If the new object is the same
   as the old one, keep it (`same_object`).
2. If an earlier run has left an intent for the resource, look for the object of that intent. If the
   object is found, take it over.
3. If the program asks for adoption, adopt the existing object.
4. If no object was found so far, log an intent, send the create request, and log the id.
   After an error with an unclear outcome, look for the object. If the object is not found, the
   intent stays in the log for the next run. In a replacement, the API may reject the create
   because the old object still exists. If so, delete the old object and create again.
5. Set the properties that the create request does not accept. If that fails, delete the new object
   again.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pulumi_datadog_cases.engine.interruption import interrupted
from pulumi_datadog_cases.engine.lifecycle import Change, LiveObject
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.adoption import Adoption
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.delete_guard import DeleteGuard
from pulumi_datadog_cases.engine.safety.deletion_log import DeletionLog
from pulumi_datadog_cases.engine.safety.intent_log import Intent, IntentLog, digest
from pulumi_datadog_cases.engine.safety.recovery import Recovery
from pulumi_datadog_cases.engine.safety.same_object import SameObject
from pulumi_datadog_cases.engine.stack_state import stack_objects
from pulumi_datadog_cases.engine.values import Values


class CreateRolledBackError(Exception):
    """An object was created but could not be completed, and was removed."""

    __module__ = "pulumi_datadog_cases"


class CreateIncompleteError(Exception):
    """An object was created, but could be neither completed nor removed.

    Attributes:
        id: the object's id.
        outputs: the outputs to store, without the properties that are possibly unset.
    """

    __module__ = "pulumi_datadog_cases"

    def __init__(self, message: str, id_: str, outputs: Values) -> None:
        super().__init__(message)
        self.id = id_
        self.outputs = outputs


@dataclass(frozen=True)
class CreateOnce:
    """Creates objects of one resource type in one account."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    intents: IntentLog
    access: ConsistentAccess
    recovery: Recovery
    adoption: Adoption
    delete_guard: DeleteGuard
    deletions: DeletionLog
    #: The URNs of resources in the state.
    urns_in_state: AbstractSet[str]
    same_object: SameObject

    def create(self, urn: str | None, new: Values) -> LiveObject:
        """Create an object, or take over the object that a killed run created for the resource.

        Args:
            urn: the resource's URN; if None, a digest of `new` identifies the resource.
            new: all declared values.

        Raises:
            AdoptionError: the object to adopt cannot be adopted, or the API rejected the create
                because an object with the same unique values exists.
            ManagedTwiceError: another resource of the stack manages the object.
            CreateOutcomeUnknownError: it is unknown whether the object exists.
            CreateRolledBackError: the object could not be completed, and was removed.
            CreateIncompleteError: the object could be neither completed nor removed.
            DeleteRefusedError: the create replaces an object, and the replacement would destroy
                what people created.
        """
        self.delete_guard.check_forced_replacement(urn)
        if same := self.same_object.find_replaced(urn, new):
            return self._complete(same, {}, new)
        inputs = self.resource_type.create_inputs(new)
        if self.lifecycle.create_is_idempotent:
            return self._complete(self._create_or_find(inputs), inputs, new)
        resource = urn or f"{self.resource_type.name} {digest(new)}"
        try:
            return self._create_or_take_over(urn, resource, inputs, new)
        except Exception:
            self.intents.mark_failed(resource)
            raise

    def _create_or_find(self, inputs: Values) -> LiveObject:
        """Create an object. If it exists already, and the API rejects the create, return it."""
        try:
            return self.lifecycle.create(inputs)
        except self.lifecycle.conflict_errors:
            candidates = self.lifecycle.candidates(inputs, 0.0)
            for existing in self.resource_type.matching(candidates, inputs):
                return existing
            raise

    def _create_or_take_over(
        self, urn: str | None, resource: str, inputs: Values, new: Values
    ) -> LiveObject:
        if taken_over := self._take_over(resource, inputs, new):
            return taken_over
        # If the URN is in the state, this create replaces an object. A replacement never adopts.
        if urn not in self.urns_in_state and (adopted := self.adoption.find(urn, new)):
            return self._complete(adopted, {}, new)
        intent, created = self._create(urn, resource, inputs)
        try:
            return self._complete(created, inputs, new)
        except Exception as error:
            raise self._roll_back(urn, intent, created, inputs, new, error) from error

    def _take_over(self, resource: str, inputs: Values, new: Values) -> LiveObject | None:
        """Take over and complete the object of an earlier create of the resource, if any.

        The earlier create was killed, or has failed in this run.
        """
        intent = self.intents.recover(resource)
        if intent is None:
            return None
        found = self.recovery.find_from_killed_run(intent, inputs, new)
        if found is None:
            return None
        self.intents.commit(intent, found.id)
        # The response that describes the object may omit some of its values. If the killed run sent
        # the same inputs as this run, the omitted values equal these inputs.
        sent: Values = inputs if intent.declares(inputs) else {}
        unread = {name: sent[name] for name in sent if name not in found.values}
        try:
            return self._complete(found, unread, new)
        except Exception as error:
            raise self._incomplete(found, unread, new, str(error)) from error

    def _create(self, urn: str | None, resource: str, inputs: Values) -> tuple[Intent, LiveObject]:
        """Log the intent and send the create request."""
        name = self.resource_type.name
        intent = self.intents.begin(resource, name, self.resource_type.parent_ids(inputs), inputs)
        try:
            created = self._send(inputs)
        except Exception as error:
            if not self.lifecycle.may_have_succeeded(error):
                self.intents.abort(intent)
                if self._delete_replaced(urn, error, inputs):
                    return self._create(urn, resource, inputs)
                raise
            created = self.recovery.find_after_error(error, intent, inputs)
        return self.intents.commit(intent, created.id), created

    def _send(self, inputs: Values) -> LiveObject:
        """Send the create request; send it again if another resource has taken the new object.

        Another resource with the same inputs may be searching for the object of a killed run. Its
        search may find the new object before this process has received the response. The other
        resource then keeps the object.
        """
        taken: str | None = None
        while True:
            created = self.lifecycle.create(inputs)
            if (
                not self.lifecycle.ids_are_unique
                or created.id == taken  # the API returns the same object again
                or self.intents.claim(self.resource_type.name, created.id)
            ):
                return created
            taken = created.id

    def _delete_replaced(self, urn: str | None, error: Exception, inputs: Values) -> bool:
        """After a rejected create, delete the old object of a replacement if it is in the way.

        If the two objects cannot exist at the same time, the provider asks Pulumi to delete the old
        object first. `pulumi up --replace` ignores this request if no input has changed (tried).
        Pulumi then creates the new object first, and the API rejects that create.

        Returns:
            Whether the old object was deleted.

        Raises:
            AdoptionError: another object with the same unique values is in the way.
            ManagedTwiceError: another resource of the stack manages that object.
            DeleteRefusedError: the delete would destroy what people created.
        """
        existing = self.adoption.existing_if_readable(inputs)
        if existing is None:
            return False
        name = self.resource_type.name
        managed = (stack_objects(urn) or {}).get((name, existing.id))
        if managed is None:
            raise self.adoption.suggestion(error, existing, inputs) from error
        if managed.urn != urn:
            raise self.adoption.ownership.managed_already(managed, existing.id) from error
        known = self.resource_type.state_values(managed.outputs)
        self.delete_guard.check(urn, existing.id, known)
        self.access.delete(existing.id, known)
        self.deletions.add(urn, name, existing.id, on_disk=self.lifecycle.delete_keeps_object)
        return True

    def _complete(self, live: LiveObject, sent: Values, new: Values) -> LiveObject:
        """Set the declared values that the object does not have yet.

        Args:
            live: the object, as the create response or a read returned it.
            sent: the values that the create request has set, even if its response omits them.
            new: all declared values.
        """
        change = self._completion(live, sent, new)
        return self.access.update(change) if change.values else live

    def _completion(self, live: LiveObject, sent: Values, new: Values) -> Change:
        """The change that sets the declared values that the object does not have yet."""
        others = {name: new[name] for name in new.keys() - sent.keys() if name in live.values}
        outputs = self.resource_type.outputs(others, live)
        old = {name: outputs[name] for name in others} | {**sent}
        change = self.resource_type.change(live.id, old, new)
        missing = {name: change.values[name] for name in change.values if name in change.settable}
        return replace(change, values=missing, live=live)

    def _roll_back(  # noqa: PLR0913, PLR0917 - everything that is known of the create
        self,
        urn: str | None,
        intent: Intent,
        live: LiveObject,
        sent: Values,
        new: Values,
        error: Exception,
    ) -> Exception:
        """Delete an object that could not be completed; return the error to raise."""
        try:
            # The time limit may have passed. It does not apply here, or the object would stay.
            with interrupted.time_limit(0):
                self.access.delete(live.id, new)
        except Exception as second:  # noqa: BLE001 - the message has both errors
            problem = f"{error}; removing it failed too: {second}"
            return self._incomplete(live, sent, new, problem)
        self.intents.abort(intent)
        on_disk = self.lifecycle.delete_keeps_object
        self.deletions.add(urn, self.resource_type.name, live.id, on_disk=on_disk)
        return CreateRolledBackError(
            f"{error} (the incomplete {self.resource_type.name} {live.id} was removed)"
        )

    def _incomplete(
        self, live: LiveObject, sent: Values, new: Values, problem: str
    ) -> CreateIncompleteError:
        """The error for an object that stays incomplete.

        The error's outputs contain only values that are certainly set. The next update then sends
        all others. The object's intent stays in the log, in case Pulumi does not save the object.
        """
        missing = self._completion(live, sent, new).values
        outputs = self.resource_type.outputs(new, live)
        return CreateIncompleteError(
            f"{self.resource_type.name} {live.id} is incomplete: {problem}. Run `pulumi up` to "
            "complete it, or remove it by hand",
            live.id,
            {name: outputs[name] for name in outputs if name not in missing},
        )
