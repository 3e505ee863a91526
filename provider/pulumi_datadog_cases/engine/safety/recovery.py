"""`Recovery`: finds the object of a create that was interrupted or whose response was lost.

Before each create request that is not idempotent, an entry called an *intent* is written to a log
on disk (`intent_log`).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess, poll
from pulumi_datadog_cases.engine.safety.intent_log import Intent, IntentLog
from pulumi_datadog_cases.engine.stack_state import stack_objects
from pulumi_datadog_cases.engine.values import Values


class CreateOutcomeUnknownError(Exception):
    """It is unknown whether the API created an object; the message says how to continue."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Recovery:
    """Finds the objects that logged intents refer to."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    intents: IntentLog
    access: ConsistentAccess

    def find_after_error(self, error: Exception, intent: Intent, inputs: Values) -> LiveObject:
        """Find the new object after an error that does not tell whether the create succeeded.

        Raises:
            CreateOutcomeUnknownError: no object was found, or the search failed.
        """
        message = str(error)
        try:
            if found := self._find(intent, inputs, inputs):
                return found
        except Exception as second:  # noqa: BLE001 - the message has both errors
            message = f"{error}; then {second}"
        raise CreateOutcomeUnknownError(
            f"{message} (No matching {self.resource_type.name} found yet. `pulumi up` looks again "
            "before it creates one.)"
        ) from error

    def find_from_killed_run(
        self, intent: Intent, inputs: Values, new: Values
    ) -> LiveObject | None:
        """Return the object that a killed run created.

        Remove the intent and return None in three cases:

        1. There is no such object, or the object is in the state already.
        2. The object would have to be replaced, because the declaration has changed.
        3. The intent has no id, and the declaration has changed, so the object cannot be found.

        In cases 2 and 3, warn: the killed run may have created an object that no resource manages.

        Args:
            intent: the intent that the killed run logged.
            inputs: the values of the create request.
            new: all declared values.

        Raises:
            CreateOutcomeUnknownError: several objects match.
        """
        found: LiveObject | None = None
        left_behind: str | None = None
        name = self.resource_type.name
        if intent.id is not None:
            if not self._is_in_state(intent, intent.id):
                found = self.access.read(intent.id, {**new, **intent.parents})
            if found and self.lifecycle.is_deleted(found, new):
                found = None
            if found and self._requires_replacement(found, intent, new):
                left_behind = f"{name} {intent.id} was created"
        elif intent.declares(inputs):
            found = self._find(intent, inputs, new)
        else:
            left_behind = f"a {name} may have been created"
        if found and not left_behind:
            return found
        self.intents.abort(intent)
        if left_behind:
            when = datetime.fromtimestamp(intent.since).astimezone().isoformat(" ", "seconds")
            warn(
                f"{left_behind} for {intent.resource} by a run that was interrupted at {when}. "
                "The object is not adopted, because the declaration has changed since then: "
                "remove the object by hand if it is not needed"
            )
        return None

    def _requires_replacement(self, found: LiveObject, intent: Intent, new: Values) -> bool:
        live = replace(found, values={**found.values, **intent.parents})
        return bool(self.resource_type.requires_replacement(live, new))

    def _find(self, intent: Intent, inputs: Values, new: Values) -> LiveObject | None:
        """Return the object of an intent. Poll for it, because the API may return it late.

        Raises:
            CreateOutcomeUnknownError: several objects match.
        """
        matching: list[LiveObject] = []

        def attempt() -> LiveObject | None:
            # An intent without an id is open. Another thread may close an intent during the
            # search. If so, search again.
            open_intents = -1
            while open_intents != (now := self.intents.count_open(self._name, inputs)):
                open_intents = now
                matching[:] = self.matching(intent, inputs, new)
            # A matching object may be taken over if the create of an open intent has created it.
            # This is certain for every matching object if one of these two statements holds:
            # 1. The number of matching objects is not larger than the number of open intents.
            # 2. The API returns the creation time of every matching object, and the intent says
            #    exactly when its create began. `self.matching` has then left out all objects that
            #    were created at another time.
            are_ours = len(matching) <= open_intents or (
                intent.earliest is None and all(live.created_at for live in matching)
            )
            return next(filter(self._claim, matching), None) if are_ours else None

        timing = self.lifecycle.timing
        found = poll(attempt, intent.since + timing.consistency_window, timing)
        if found is None and matching:
            ids = ", ".join(live.id for live in matching)
            raise CreateOutcomeUnknownError(
                f"an interrupted run may have created one of these for {intent.resource}, and "
                f"they cannot be told apart: {ids}. Remove those that are not needed, then run "
                "again"
            )
        return found

    def matching(self, intent: Intent, inputs: Values, new: Values) -> list[LiveObject]:
        """Return the objects that the create of an intent may have created.

        Each of these objects has the values of the create request, maybe in another form, and
        belongs to no other resource. If the API returns the creation time of an object, that time
        fits the time of the intent.

        Args:
            intent: the intent.
            inputs: the values of the create request.
            new: all declared values.
        """
        timing = self.lifecycle.timing
        earliest = intent.since if intent.earliest is None else intent.earliest
        earliest -= timing.clock_skew
        latest = intent.since - timing.clock_skew + timing.max_create_delay

        def may_be_ours(live: LiveObject) -> bool:
            created_at = live.created_at
            if created_at is not None:
                # Read the offset only now, because it is unknown until the first response.
                created_at -= self.lifecycle.clock_offset
            in_time = created_at is None or earliest <= created_at <= latest
            return in_time and not self._is_taken(intent, live)

        candidates = self.lifecycle.candidates(new, earliest)
        return self.resource_type.matching(filter(may_be_ours, candidates), inputs)

    @property
    def _name(self) -> str:
        return self.resource_type.name

    # A claim in the log says that an object belongs to a resource. Claims identify objects by id.
    # If ids are not unique, claims are not used.

    def _is_taken(self, intent: Intent, live: LiveObject) -> bool:
        """Whether an object belongs to another resource."""
        return self.lifecycle.ids_are_unique and (
            self.intents.is_claimed(self._name, live.id) or self._is_in_state(intent, live.id)
        )

    def _is_in_state(self, intent: Intent, id_: str) -> bool:
        """Whether an object is in the state of the intent's stack.

        The log may have no claim for such an object yet, because this process adds the claim only
        when Pulumi compares the object with the program.
        """
        managed = stack_objects(intent.resource) if self.lifecycle.ids_are_unique else None
        return (self._name, id_) in (managed or {})

    def _claim(self, live: LiveObject) -> bool:
        return not self.lifecycle.ids_are_unique or self.intents.claim(self._name, live.id)
