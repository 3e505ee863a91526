"""`References`: finds the ids of the objects to which properties refer.

A property is called a reference (`Property.reference`) if it refers to another object and accepts
several spellings. For example, a program can name a case by its UUID or by its key. All requests
use the UUID, because a case gets another key when it is moved to another project. The state keeps
the spelling of the program. If that spelling is not the id, the hidden output `__ids` contains the
id.
"""

from dataclasses import dataclass

from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.values import (
    IDS_KEY,
    Value,
    Values,
    equivalent,
    is_unknown,
    stored_ids,
    without_hidden,
)


@dataclass(frozen=True)
class References:
    """The references of one resource type in one account."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    access: ConsistentAccess

    def resolve(self, declared: Values, state: Values) -> dict[str, Value]:
        """Return declared values with ids in place of references, and without hidden values.

        An unknown reference stays unknown.

        Args:
            declared: inputs or outputs.
            state: the outputs in the state, which may contain the ids of references. It is empty
                for a new resource.

        Raises:
            Lifecycle.not_found_error: a reference names no existing object.
        """
        ids = stored_ids(state)
        visible = without_hidden(declared)
        values = dict(visible)
        for name in self.resource_type.references:
            if name in ids and equivalent(values.get(name), state[name]):
                values[name] = ids[name]
            elif name in values and not is_unknown(values[name]):
                values[name] = self.lifecycle.resolve(name, visible)
        return values

    def resolve_change(
        self, id_: str, old: Values, new: Values
    ) -> tuple[dict[str, Value], dict[str, Value]]:
        """Return the state and the new inputs of an object, with ids in place of references.

        If no reference has a new spelling, no request is sent, and the spellings are not replaced.
        Equal spellings name the same object, so they can be compared without the ids.

        Raises:
            Lifecycle.not_found_error: a new reference names no existing object.
        """
        names = self.resource_type.references
        before, after = without_hidden(old), without_hidden(new)
        if all(equivalent(old.get(n), new.get(n)) or is_unknown(new.get(n)) for n in names):
            return before, after
        after = self.resolve(new, old)
        try:
            return self.resolve(old, old), after
        except self.lifecycle.not_found_error:
            # No object has the old spelling any more. The state does not have the id either: it was
            # written by release 0.1.0, which stored no ids. So read the resource's own object with
            # the new spelling. If the read finds it, both spellings refer to one object. If creates
            # are idempotent, skip the read, because a needless replacement does no harm.
            found = {name: after[name] for name in names}
            if self.lifecycle.create_is_idempotent or any(map(is_unknown, found.values())):
                return before, after
            is_same = self.access.read(id_, before | found) is not None
            return before | found if is_same else before, after

    def respell(self, outputs: Values, declared: Values, resolved: Values) -> dict[str, Value]:
        """Return outputs for the state: the declared spellings, and the ids in a hidden output.

        Args:
            outputs: the outputs, with ids.
            declared: the values with the declared spellings.
            resolved: the result of `resolve` for `declared`.
        """
        ids = {
            name: resolved[name]
            for name in self.resource_type.references
            if name in declared and declared[name] != resolved[name] == outputs.get(name)
        }
        spellings = {name: declared[name] for name in ids}
        return {**outputs, **spellings, **({IDS_KEY: ids} if ids else {})}
