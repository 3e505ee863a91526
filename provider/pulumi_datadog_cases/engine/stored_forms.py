"""`StoredForms`: recognizes a declared value that the API returns in another form.

For example, the API may return a text in lower case. After a create or an update, `StoredForms`
compares the response with the declaration (`forms`). If the API returns a declared value in another
form, the state keeps both forms in the hidden output `__forms`. From then on, a live value that
equals one of the two forms counts as the declared value. Any other live value is a change by
someone else. When the program declares another value, both forms are discarded.

A response can also differ because the API ignores the write, or does not show the write yet. The
response then has the value from before the write, or no value. So `StoredForms` reads the object
once more after the write. A returned text may have no resemblance to the declared text
(`forms.alike`). Such a text counts as a form only if both of these conditions hold:

- The read after the write returns this text.
- The response to the write has this text too, or does not show the write yet.

If a difference does not count as a form, the next preview shows it, and the next deployment sends
the declared value again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from pulumi_datadog_cases.engine.forms import (
    FORMS_KEY,
    Comparison,
    Form,
    alike,
    compare,
    contains_text,
    stored_forms,
    values_in_declared_form,
)
from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.property import Property
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.values import (
    SECRET_MARK,
    Value,
    Values,
    equivalent,
    from_wire,
    is_empty,
    select_declared,
)


def with_secret_forms(outputs: Values) -> dict[str, Value]:
    """Return outputs as they are sent to Pulumi: `__forms` is marked as a secret.

    Pulumi keeps an output secret if the input of the same name is secret. No input has the name
    `__forms`, but the forms may contain the values of secret inputs.
    """
    forms = outputs.get(FORMS_KEY)
    return {**outputs, **({FORMS_KEY: {**SECRET_MARK, "value": forms}} if forms else {})}


def read_outputs(
    resource_type: ResourceType, declared: Values, live: LiveObject, state: Values
) -> dict[str, Value]:
    """Return the outputs of an object that was read, with the forms that the state stores.

    If the API returned a declared value in the API's own form, the outputs have the declared form.
    """
    forms = stored_forms(state)
    for name, p in resource_type.inputs.items():
        if not p.replace_on_changes or name in forms:
            continue
        # The API cannot change such a property after the create, so nobody can have changed it. A
        # value that is alike is the API's form, also if the response to the create had another.
        value, returned = declared.get(name), from_wire(live.values.get(name))
        if contains_text(value) and alike(value, returned) and not equivalent(value, returned):
            forms[name] = Form(value, returned)
    return _outputs(resource_type, declared, live, forms)


def _outputs(
    resource_type: ResourceType, declared: Values, live: LiveObject, forms: Mapping[str, Form]
) -> dict[str, Value]:
    values = values_in_declared_form(live.values, forms)
    stored: dict[str, Value] = {
        name: {"declared": form.declared, "returned": form.returned} for name, form in forms.items()
    }
    outputs = resource_type.outputs(declared, replace(live, values=values))
    return {**outputs, **({FORMS_KEY: stored} if stored else {})}


@dataclass(frozen=True)
class StoredForms:
    """Recognizes the API's forms of declared values, for one resource type in one account."""

    resource_type: ResourceType
    access: ConsistentAccess

    def write_outputs(
        self, live: LiveObject, new: Values, state: Values, sent: Collection[str]
    ) -> dict[str, Value]:
        """Return the outputs of an object after a write, with the forms to store.

        If the response differs from the declared values, and the stored forms do not explain the
        difference, read the object once more. Warn about new forms.

        Args:
            live: the object from the response.
            new: the declared values.
            state: the outputs in the state; empty after a create.
            sent: the names of the properties that the write has set.
        """
        earlier = stored_forms(state)
        known = {
            name: form for name, form in earlier.items() if equivalent(form.declared, new.get(name))
        }
        outputs = _outputs(self.resource_type, new, live, known)
        different = [
            name
            for name in self.resource_type.inputs
            if name in sent
            and name in new
            and (
                not equivalent(outputs[name], new[name])
                or self._repairs_form(new[name], state.get(name))
                or (name in live.unread and contains_text(new[name]))
            )
        ]
        if not different:
            return outputs
        again = self._read_again(live.id, new)
        if again is not None:
            live = replace(live, values={**live.values, **self._read_only(again)})
        changed: list[str] = []
        for name in different:
            write = _Write(
                self.resource_type.inputs[name],
                new[name],
                live,
                self._before(name, state),
                earlier.get(name, Form()),
            )
            value, comparison = write.outcome(again)
            live = replace(live, values={**live.values, name: value})
            if equivalent(self.resource_type.outputs(new, live)[name], new[name]):
                continue  # the same value in another spelling, for example the same time
            if not equivalent(comparison.form.declared, comparison.form.returned):
                known[name] = comparison.form
            changed += [f"{name}{path}" for path in comparison.new]
        if changed:
            # The message does not contain the values, because they may be secret.
            warn(
                f"{self.resource_type.name} {live.id}: the API returns "
                f"{', '.join(dict.fromkeys(changed))} in another form than declared. From now "
                "on, the provider treats the two forms as equal, and shows no difference"
            )
        return _outputs(self.resource_type, new, live, known)

    @staticmethod
    def _repairs_form(declared: Value, before: Value) -> bool:
        """Whether an update changes only the form of a value.

        If so, the object has to be read again, even if the response has the declared form. The
        response may only repeat the request, while later reads return the API's form. A refresh
        would then report this form as a change after each update.
        """
        is_alike = alike(declared, before)
        if not isinstance(declared, str):
            # An update that removes a member changes more than a form. `alike` ignores members that
            # only its second argument has, so compare in both directions.
            is_alike = is_alike and alike(before, declared)
        return contains_text(declared) and is_alike and not equivalent(declared, before)

    def _read_only(self, live: LiveObject) -> Values:
        """The read-only values of an object that was read after a write.

        The response to the write has read-only values too. They may be from before the write, so
        the outputs get the values of the read.
        """
        properties = self.resource_type.properties.items()
        # `live` comes from a read, so a value that is missing in it is not set at the API.
        return {name: live.values.get(name) for name, p in properties if p.computed}

    def _before(self, name: str, state: Values) -> Value:
        return state.get(name) if state else self.resource_type.inputs[name].server_default

    def _read_again(self, id_: str, new: Values) -> LiveObject | None:
        """Read the object once more; None if the read fails.

        An error is not raised, because the write has succeeded.
        """
        try:
            return self.access.read(id_, new)
        except Exception:  # noqa: BLE001 - see the docstring
            return None


@dataclass(frozen=True)
class _Write:
    """One written property: its declared value, and the values to compare with it."""

    p: Property
    declared: Value
    #: The object in the response to the write.
    response: LiveObject
    #: The value before the write: from the state, or the API's default if this is a create.
    before: Value
    #: The form in the state before the write.
    known: Form

    def outcome(self, again: LiveObject | None) -> tuple[Value, Comparison]:
        """Return the live value, and its comparison with the declared value.

        Args:
            again: the object from a read after the write; None if the read did not return it.
        """
        responded = self._value(self.response)
        if again is None:
            return responded, self._compare(responded, only_alike=True)
        live = self._value(again)
        if self.p.name in self.response.unread:
            comparison = self._compare(live)
            # The response does not contain this property, so `responded` is the value that was
            # sent. If the live value is no form of the declared value, the live value may be from
            # before the write. The sent value then counts as the live value.
            return (responded if comparison.rejected else live), comparison
        if self.p.replace_on_changes and is_empty(live) and is_empty(responded):
            # The API cannot change this property after the create, so nobody can have cleared it.
            # The value is missing because the API does not return it.
            return None, Comparison(Form(self.declared, None), [], [])
        return live, self._compare(live, only_alike=not self._agrees(live))

    def _agrees(self, live: Value) -> bool:
        """Whether the response to the write has the live value, or does not show the write."""
        responded = select_declared(self.declared, self._value(self.response))
        earlier = (None, self.before, self.known.returned, select_declared(self.declared, live))
        return any(equivalent(responded, each) for each in earlier)

    def _value(self, live: LiveObject) -> Value:
        return from_wire(live.values.get(self.p.name))

    def _compare(self, live: Value, *, only_alike: bool = False) -> Comparison:
        return compare(self.declared, live, self.before, self.known, only_alike=only_alike)
