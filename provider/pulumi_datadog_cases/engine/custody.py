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

from pulumi_datadog_cases.engine.journal import Entry, Journal, digest
from pulumi_datadog_cases.engine.kind import AnyLifecycle, Kind
from pulumi_datadog_cases.engine.lifecycle import Change, Live, VanishedError
from pulumi_datadog_cases.engine.process import warn
from pulumi_datadog_cases.engine.values import Values, same

_T = TypeVar("_T")

#: For how long an API may not show what it has made, in seconds (assumed).
SETTLING = 10.0

#: How long after it was written down a create request may have been carried out, in seconds: a
#: rate limit may have held it up.
_LATEST = 600.0

#: By how much the API's clock, told in whole seconds, may differ from what is known of it.
_SKEW = 2.0

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 2.0


class CreateUndoneError(Exception):
    """An object could not be completed; the message says what became of the half-made one."""

    __module__ = "pulumi_datadog_cases"


class CreateUnclearError(Exception):
    """Nobody can tell whether an object was made; the message says what comes of it."""

    __module__ = "pulumi_datadog_cases"


class AdoptError(Exception):
    """An object that is there is to be taken over, and is not; the message says why."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class Custody:
    """The objects of one kind in one account."""

    kind: Kind
    lifecycle: AnyLifecycle
    journal: Journal
    #: The resources that stand in the state, as far as Pulumi has spoken of them.
    standing: set[str] = field(default_factory=set[str])

    def know(self, id_: str, urn: str | None = None) -> None:
        """Note that an object stands in the state: nobody has to take it over."""
        self.journal.see(self.kind.name, id_)
        if urn is not None:
            self.standing.add(urn)

    def read(self, id_: str, known: Values) -> Live | None:
        """Look at an object; None where it is not there."""
        return self._seen(id_, known, self.lifecycle.read)

    def refresh(self, id_: str, known: Values) -> Live | None:
        """Look at an object as one of many, so that few requests do for all."""
        return self._seen(id_, known, self.lifecycle.refresh)

    def _seen(
        self, id_: str, known: Values, read: Callable[[str, Values], Live | None]
    ) -> Live | None:
        def look() -> Live | None:
            try:
                return read(id_, known)
            except self.lifecycle.gone:
                return None

        return look() or self._once_shown(id_, look)

    def update(self, change: Change) -> Live:
        """Change an object.

        Raises:
            VanishedError: it is gone.
        """
        return self._patiently(change.id, change.old, lambda: self.lifecycle.update(change))

    def delete(self, id_: str, known: Values) -> None:
        """End an object; that it is gone already is as good."""
        try:
            self._patiently(id_, known, lambda: self.lifecycle.delete(id_, known))
        except (VanishedError, self.lifecycle.gone):
            return

    def _patiently(self, id_: str, known: Values, call: Callable[[], _T]) -> _T:
        """Call, and once more if what seemed gone was only not shown yet.

        Raises:
            VanishedError: it is gone.
        """
        try:
            return call()
        except (self.lifecycle.gone, VanishedError) as error:
            if self.read(id_, known) is None:
                raise VanishedError(
                    f"{self.kind.name} {id_} is gone: somebody has deleted it. "
                    "`pulumi up --refresh` makes it anew"
                ) from error
            return call()

    def _once_shown(self, id_: str, look: Callable[[], Live | None]) -> Live | None:
        """An object that was made a moment ago, as soon as the API shows it."""
        made_at = self.journal.made_at(self.kind.name, id_)
        return None if made_at is None else _until(made_at + SETTLING, look)

    # --- creating ----------------------------------------------------------------------------

    def create(self, urn: str | None, new: Values) -> Live:
        """Make an object, or take over the one that was made for the resource before.

        Args:
            urn: the resource's; where it is not known, what is declared tells it from others.
            new: all that is declared.

        Raises:
            AdoptError: what is to be adopted cannot be.
            CreateUnclearError: the object may be there or not.
            CreateUndoneError: it could not be completed.
        """
        first = self.kind.first(new)
        if not self.lifecycle.doubles:
            return self._completed(self.lifecycle.create(first), first, new)
        resource = urn or f"{self.kind.name} {digest(new)}"
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

    def _made(self, resource: str, first: Values) -> tuple[Entry, Live]:
        """Make an object, having written down that it will be made."""
        parents = {name: first[name] for name in self.kind.parents if name in first}
        entry = self.journal.intend(resource, self.kind.name, parents, first)
        try:
            made = self.lifecycle.create(first)
        except Exception as error:
            if not self.lifecycle.is_doubtful(error):
                self.journal.drop(entry)
                self._explain(error, first)
                raise
            made = self._found_after(error, entry, first)
        return self.journal.made(entry, made.id), made

    def _completed(self, made: Live, sent: Values, new: Values) -> Live:
        """Set what is declared and neither sent nor there already."""
        there = self.kind.outputs(new, made)
        old = {name: there[name] for name in new if name in made.values} | {**sent}
        change = self.kind.change(made.id, old, new)
        later = {name: change.values[name] for name in change.values if name in change.settable}
        return self.update(replace(change, values=later, live=made)) if later else made

    def _undone(self, entry: Entry, new: Values, error: Exception) -> CreateUndoneError:
        """Take away what could not be completed."""
        made = f"{self.kind.name} {entry.id}"
        try:
            self.delete(str(entry.id), new)
        except Exception as second:  # noqa: BLE001 - whatever it is, both are told
            return CreateUndoneError(
                f"{made} is left half-made: {error}; then {second}. `pulumi up` completes it, or "
                "remove it by hand"
            )
        self.journal.drop(entry)
        return CreateUndoneError(f"{error} ({made}, half-made, was removed)")

    # --- adopting ----------------------------------------------------------------------------

    def _adopted(self, new: Values) -> Live | None:
        """The object that is there and is to be taken over; None where there is nothing to."""
        wish = self.kind.adopts(new)
        if not wish:
            return None
        found = self.read(wish, new) if isinstance(wish, str) else self._twin(new)
        if found is None:
            if isinstance(wish, str):
                raise AdoptError(f"there is no {self.kind.name} {wish} to adopt: correct its id")
            return None
        if other := self._differing(found, new):
            raise AdoptError(
                f"{self.kind.name} {found.id} cannot be adopted: {', '.join(other)} cannot be "
                "changed, and differs from what is declared"
            )
        return found

    def _twin(self, new: Values) -> Live | None:
        """The object with the same unique values."""
        unique = self.kind.unique
        there = self.lifecycle.candidates(new, time.time())
        fits = (o for o in there if all(same(o.values.get(n), new[n]) for n in unique))
        return next(fits, None) if unique else None

    def _explain(self, error: Exception, first: Values) -> None:
        """Say how to go on where a create was refused because the object is there already.

        Raises:
            AdoptError: it is.
        """
        try:
            twin = self._twin(first)
        except Exception:  # noqa: BLE001 - what was refused is told as it is
            return
        if twin is not None:
            values = ", ".join(f"{name} {first[name]}" for name in self.kind.unique)
            raise AdoptError(
                f"{error} There is a {self.kind.name} with {values} already ({twin.id}): to take "
                "it over, add adopt=True"
            ) from error

    # --- looking for what may have been created ----------------------------------------------

    def _found_after(self, error: Exception, entry: Entry, first: Values) -> Live:
        """The object, after an error that leaves open whether it was made."""
        told = str(error)
        try:
            if found := self._found(entry, first):
                return found
        except Exception as second:  # noqa: BLE001 - whatever it is, both are told
            told = f"{error}; then {second}"
        raise CreateUnclearError(
            f"{told} (No {self.kind.name} that was made by this is to be seen. `pulumi up` looks "
            "for it again before it makes one.)"
        ) from error

    def _recalled(self, left: Entry, first: Values, new: Values) -> Live | None:
        """What was made for the resource before, where it can become what is declared now."""
        lost = None
        if left.id is not None:
            found = self.read(left.id, {**new, **left.parents})
            if found and self.lifecycle.is_ended(found):
                found = None
            if found and self._is_another(found, left, new):
                lost = f"{self.kind.name} {left.id} was made"
        elif left.declares(first):
            found = self._found(left, first)
        else:
            found, lost = None, f"a {self.kind.name} may have been made"
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

    def _is_another(self, found: Live, left: Entry, new: Values) -> bool:
        """Whether it would take a replacement to make what is declared of what was made."""
        return bool(self._differing(replace(found, values={**found.values, **left.parents}), new))

    def _differing(self, found: Live, new: Values) -> list[str]:
        """What is not as declared, and could not be changed."""
        there = self.kind.outputs(new, found)
        fixed = (name for name, p in self.kind.inputs.items() if p.replaces and name in new)
        return [name for name in fixed if not same(there[name], new[name])]

    def _found(self, entry: Entry, first: Values) -> Live | None:
        """The object that an entry is about, if it was made: the API may take a while to show it.

        Raises:
            CreateUnclearError: it could be any of several.
        """
        fitting: list[Live] = []

        def look() -> Live | None:
            about_to_be = -1
            # Another thread may settle one meanwhile: then both are found out anew.
            while about_to_be != (now := self.journal.open(self.kind.name, first)):
                about_to_be = now
                fitting[:] = self._fitting(entry, first)
            # Of several any will do if each may be one of those that were about to be made.
            is_clear = len(fitting) <= about_to_be or all(live.created_at for live in fitting)
            return next(filter(self._claim, fitting), None) if is_clear else None

        found = _until(entry.since + SETTLING, look)
        if found is None and fitting:
            ids = ", ".join(live.id for live in fitting)
            raise CreateUnclearError(
                f"one of these may have been made for {entry.resource} by a run that was cut off, "
                f"and nothing tells which: {ids}. Remove those that nobody needs, then run again"
            )
        return found

    def _fitting(self, entry: Entry, first: Values) -> Iterator[Live]:
        """What is as it would have been made, and could have been made then."""
        age = time.time() - entry.since + _SKEW
        for live in self.lifecycle.candidates(first, age):
            earliest = self.lifecycle.now() - age
            created_at = live.created_at
            is_of_then = created_at is None or 0 <= created_at - earliest <= _LATEST
            seen = self.kind.outputs(first, live)
            if (
                is_of_then
                and not self._is_taken(live)
                and all(same(seen[n], first[n]) for n in first)
            ):
                yield live

    def _is_taken(self, live: Live) -> bool:
        """Whether another resource has the object; what has no id of its own cannot be told."""
        return self.lifecycle.mints_ids and self.journal.is_taken(self.kind.name, live.id)

    def _claim(self, live: Live) -> bool:
        return not self.lifecycle.mints_ids or self.journal.claim(self.kind.name, live.id)


def _until(deadline: float, look: Callable[[], _T | None]) -> _T | None:
    """Look until something is to be seen, and for the last time when the deadline is past."""
    wait = _FIRST_WAIT
    while (found := look()) is None and (left := deadline - time.time()) > 0:
        time.sleep(min(wait, left))
        wait = min(2 * wait, _LONGEST_WAIT)
    return found
