"""Objects of one kind, handled so that none is doubled or lost, whatever happens on the way.

A `Lifecycle` says how things are done at the API, a `Journal` what was about to be done. What
follows from the two:

- **A create happens once.** What a process that has died has left of a resource is taken over.
  After an answer that leaves open what happened, the object is looked for; if it does not show,
  the next create of the resource looks again before it makes anything.
- **A create is all or nothing.** What one request cannot set an update sets right after, and if
  that fails the object is deleted again.
- **An object made a moment ago is not gone** only because the API does not show it yet.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from pulumi_datadog_cases.engine.journal import Intent, IntentLog, digest
from pulumi_datadog_cases.engine.lifecycle import Change, LiveObject, ObjectGoneError
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.values import Values, equivalent

_T = TypeVar("_T")

#: For how long an API may not show what it has made, in seconds (assumed).
SETTLING = 10.0

#: How long after it was written down a create request may have been carried out, in seconds: a
#: rate limit may have held it up.
_LATEST = 600.0

#: By how much the API's clock, told in whole seconds, may differ from what is known of it.
_SKEW = 2.0

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 2.0


class CreateRolledBackError(Exception):
    """An object could not be completed; the message says what became of the half-made one."""

    __module__ = "pulumi_datadog_cases"


class CreateOutcomeUnknownError(Exception):
    """Nobody can tell whether an object was made; the message says what comes of it."""

    __module__ = "pulumi_datadog_cases"


class AdoptionError(Exception):
    """An object that is there is to be taken over, and is not; the message says why."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Custody:
    """The objects of one kind in one account."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    journal: IntentLog
    #: The resources that stand in the state, as far as Pulumi has spoken of them.
    standing: set[str] = field(default_factory=set[str])

    def know(self, id_: str, urn: str | None = None) -> None:
        """Note that an object stands in the state: nobody has to take it over."""
        self.journal.see(self.resource_type.name, id_)
        if urn is not None:
            self.standing.add(urn)

    def read(self, id_: str, known: Values) -> LiveObject | None:
        """Look at an object; None where it is not there."""
        return self._seen(id_, known, self.lifecycle.read)

    def refresh(self, id_: str, known: Values) -> LiveObject | None:
        """Look at an object as one of many, so that few requests do for all."""
        return self._seen(id_, known, self.lifecycle.refresh)

    def _seen(
        self, id_: str, known: Values, read: Callable[[str, Values], LiveObject | None]
    ) -> LiveObject | None:
        def look() -> LiveObject | None:
            try:
                return read(id_, known)
            except self.lifecycle.not_found_error:
                return None

        return look() or self._once_shown(id_, look)

    def update(self, change: Change) -> LiveObject:
        """Change an object.

        Raises:
            ObjectGoneError: it is gone.
        """
        return self._patiently(change.id, change.old, lambda: self.lifecycle.update(change))

    def delete(self, id_: str, known: Values) -> None:
        """End an object; that it is gone already is as good."""
        try:
            self._patiently(id_, known, lambda: self.lifecycle.delete(id_, known))
        except (ObjectGoneError, self.lifecycle.not_found_error):
            return

    def _patiently(self, id_: str, known: Values, call: Callable[[], _T]) -> _T:
        """Call, and once more if what seemed gone was only not shown yet.

        Raises:
            ObjectGoneError: it is gone.
        """
        try:
            return call()
        except (self.lifecycle.not_found_error, ObjectGoneError) as error:
            if self.read(id_, known) is None:
                raise ObjectGoneError(
                    f"{self.resource_type.name} {id_} is gone: somebody has deleted it. "
                    "`pulumi up --refresh` makes it anew"
                ) from error
            return call()

    def _once_shown(self, id_: str, look: Callable[[], LiveObject | None]) -> LiveObject | None:
        """An object that was made a moment ago, as soon as the API shows it."""
        made_at = self.journal.made_at(self.resource_type.name, id_)
        return None if made_at is None else _until(made_at + SETTLING, look)

    # --- creating ----------------------------------------------------------------------------

    def create(self, urn: str | None, new: Values) -> LiveObject:
        """Make an object, or take over the one that was made for the resource before.

        Args:
            urn: the resource's; where it is not known, what is declared tells it from others.
            new: all that is declared.

        Raises:
            AdoptionError: what is to be adopted cannot be.
            CreateOutcomeUnknownError: the object may be there or not.
            CreateRolledBackError: it could not be completed.
        """
        first = self.resource_type.create_inputs(new)
        if self.lifecycle.create_is_idempotent:
            return self._completed(self.lifecycle.create(first), first, new)
        resource = urn or f"{self.resource_type.name} {digest(new)}"
        left = self.journal.left_by(resource)
        if left and (found := self._recalled(left, first, new)):
            self.journal.made(left, found.id)
            # What no answer shows is as the request has set it, if that was the same.
            told = first if left.declares(first) else {}
            sent = {name: told[name] for name in told if name not in found.values}
            return self._completed(found, sent, new)
        # What replaces an object must not take over a third.
        if urn not in self.standing and (adopted := self._adopted(new)):
            return self._completed(adopted, {}, new)
        entry, made = self._made(resource, first)
        try:
            return self._completed(made, first, new)
        except Exception as error:
            raise self._undone(entry, new, error) from error

    def _made(self, resource: str, first: Values) -> tuple[Intent, LiveObject]:
        """Make an object, having written down that it will be made."""
        parents = {name: first[name] for name in self.resource_type.parents if name in first}
        entry = self.journal.intend(resource, self.resource_type.name, parents, first)
        try:
            made = self.lifecycle.create(first)
        except Exception as error:
            if not self.lifecycle.may_have_succeeded(error):
                self.journal.drop(entry)
                self._explain(error, first)
                raise
            made = self._found_after(error, entry, first)
        return self.journal.made(entry, made.id), made

    def _completed(self, made: LiveObject, sent: Values, new: Values) -> LiveObject:
        """Set what is declared and neither sent nor there already."""
        there = self.resource_type.outputs(new, made)
        old = {name: there[name] for name in new if name in made.values} | {**sent}
        change = self.resource_type.change(made.id, old, new)
        later = {name: change.values[name] for name in change.values if name in change.settable}
        return self.update(replace(change, values=later, live=made)) if later else made

    def _undone(self, entry: Intent, new: Values, error: Exception) -> CreateRolledBackError:
        """Take away what could not be completed."""
        made = f"{self.resource_type.name} {entry.id}"
        try:
            self.delete(str(entry.id), new)
        except Exception as second:  # noqa: BLE001 - whatever it is, both are told
            return CreateRolledBackError(
                f"{made} is left half-made: {error}; then {second}. `pulumi up` completes it, or "
                "remove it by hand"
            )
        self.journal.drop(entry)
        return CreateRolledBackError(f"{error} ({made}, half-made, was removed)")

    # --- adopting ----------------------------------------------------------------------------

    def _adopted(self, new: Values) -> LiveObject | None:
        """The object that is there and is to be taken over; None where there is nothing to."""
        wish = self.resource_type.adopts(new)
        if not wish:
            return None
        found = self.read(wish, new) if isinstance(wish, str) else self._twin(new)
        if found is None:
            if isinstance(wish, str):
                raise AdoptionError(
                    f"there is no {self.resource_type.name} {wish} to adopt: correct its id"
                )
            return None
        if other := self._differing(found, new):
            raise AdoptionError(
                f"{self.resource_type.name} {found.id} cannot be adopted: {', '.join(other)} "
                "cannot be changed, and differs from what is declared"
            )
        return found

    def _twin(self, new: Values) -> LiveObject | None:
        """The object with the same unique values."""
        unique = self.resource_type.unique
        there = self.lifecycle.candidates(new, time.time())
        fits = (o for o in there if all(equivalent(o.values.get(n), new[n]) for n in unique))
        return next(fits, None) if unique else None

    def _explain(self, error: Exception, first: Values) -> None:
        """Say how to go on where a create was refused because the object is there already.

        Raises:
            AdoptionError: it is.
        """
        try:
            twin = self._twin(first)
        except Exception:  # noqa: BLE001 - what was refused is told as it is
            return
        if twin is not None:
            values = ", ".join(f"{name} {first[name]}" for name in self.resource_type.unique)
            raise AdoptionError(
                f"{error} There is a {self.resource_type.name} with {values} already ({twin.id}): to "
                "take it over, add adopt=True"
            ) from error

    # --- looking for what may have been created ----------------------------------------------

    def _found_after(self, error: Exception, entry: Intent, first: Values) -> LiveObject:
        """The object, after an error that leaves open whether it was made."""
        told = str(error)
        try:
            if found := self._found(entry, first):
                return found
        except Exception as second:  # noqa: BLE001 - whatever it is, both are told
            told = f"{error}; then {second}"
        raise CreateOutcomeUnknownError(
            f"{told} (No {self.resource_type.name} that was made by this is to be seen. `pulumi up` "
            "looks for it again before it makes one.)"
        ) from error

    def _recalled(self, left: Intent, first: Values, new: Values) -> LiveObject | None:
        """What was made for the resource before, where it can become what is declared now."""
        lost = None
        if left.id is not None:
            found = self.read(left.id, {**new, **left.parents})
            if found and self.lifecycle.is_deleted(found):
                found = None
            if found and self._is_another(found, left, new):
                lost = f"{self.resource_type.name} {left.id} was made"
        elif left.declares(first):
            found = self._found(left, first)
        else:
            found, lost = None, f"a {self.resource_type.name} may have been made"
        if found and not lost:
            return found
        self.journal.drop(left)
        if lost:
            when = datetime.fromtimestamp(left.since).astimezone().isoformat(" ", "seconds")
            warn(
                f"{lost} for {left.resource} by a run that was cut off at {when}. It was declared "
                "in another way, so it is not taken over: remove it by hand if nobody needs it"
            )
        return None

    def _is_another(self, found: LiveObject, left: Intent, new: Values) -> bool:
        """Whether it would take a replacement to make what is declared of what was made."""
        return bool(self._differing(replace(found, values={**found.values, **left.parents}), new))

    def _differing(self, found: LiveObject, new: Values) -> list[str]:
        """What is not as declared, and could not be changed."""
        there = self.resource_type.outputs(new, found)
        fixed = (
            name
            for name, p in self.resource_type.inputs.items()
            if p.replace_on_changes and name in new
        )
        return [name for name in fixed if not equivalent(there[name], new[name])]

    def _found(self, entry: Intent, first: Values) -> LiveObject | None:
        """The object that an entry is about, if it was made: the API may take a while to show it.

        Raises:
            CreateOutcomeUnknownError: it could be any of several.
        """
        fitting: list[LiveObject] = []

        def look() -> LiveObject | None:
            about_to_be = -1
            # Another thread may settle one meanwhile: then both are found out anew.
            while about_to_be != (now := self.journal.open(self.resource_type.name, first)):
                about_to_be = now
                fitting[:] = self._fitting(entry, first)
            # Of several any will do if each may be one of those that were about to be made.
            is_clear = len(fitting) <= about_to_be or all(live.created_at for live in fitting)
            return next(filter(self._claim, fitting), None) if is_clear else None

        found = _until(entry.since + SETTLING, look)
        if found is None and fitting:
            ids = ", ".join(live.id for live in fitting)
            raise CreateOutcomeUnknownError(
                f"one of these may have been made for {entry.resource} by a run that was cut off, "
                f"and nothing tells which: {ids}. Remove those that nobody needs, then run again"
            )
        return found

    def _fitting(self, entry: Intent, first: Values) -> Iterator[LiveObject]:
        """What is as it would have been made, and could have been made then."""
        age = time.time() - entry.since + _SKEW
        for live in self.lifecycle.candidates(first, age):
            earliest = self.lifecycle.now() - age
            created_at = live.created_at
            is_of_then = created_at is None or 0 <= created_at - earliest <= _LATEST
            seen = self.resource_type.outputs(first, live)
            if (
                is_of_then
                and not self._is_taken(live)
                and all(equivalent(seen[n], first[n]) for n in first)
            ):
                yield live

    def _is_taken(self, live: LiveObject) -> bool:
        """Whether another resource has the object; what has no id of its own cannot be told."""
        return self.lifecycle.ids_are_unique and self.journal.is_taken(
            self.resource_type.name, live.id
        )

    def _claim(self, live: LiveObject) -> bool:
        return not self.lifecycle.ids_are_unique or self.journal.claim(
            self.resource_type.name, live.id
        )


def _until(deadline: float, look: Callable[[], _T | None]) -> _T | None:
    """Look until something is to be seen, and for the last time when the deadline is past."""
    wait = _FIRST_WAIT
    while (found := look()) is None and (left := deadline - time.time()) > 0:
        time.sleep(min(wait, left))
        wait = min(2 * wait, _LONGEST_WAIT)
    return found
