"""`ResourceType`: validates and compares what a program declares for a resource.

It also selects the values to send, and computes the outputs. It knows neither Pulumi's protocol nor
the API. A declaration is the set of inputs that a program passes to one resource. The rules:

- **Undeclared is unmanaged, at every depth.** Only values that the program declares are sent,
  compared and stored.
- **A property that is no longer declared is cleared** if the API can clear it. Otherwise it keeps
  its value.
- **The outputs contain the declared inputs**, with their live values, and no other inputs. Pulumi's
  Python SDK passes the old outputs to a diff, but not the old inputs. So a diff assumes that the
  program last declared exactly those inputs that the old outputs contain.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Final, TypeAlias

from pulumi_datadog_cases.engine.forms import alike
from pulumi_datadog_cases.engine.lifecycle import Change, Lifecycle, LiveObject
from pulumi_datadog_cases.engine.names import with_snake_case_names
from pulumi_datadog_cases.engine.property import Missing, Property
from pulumi_datadog_cases.engine.validation import (
    IS_MISSING,
    Diagnostic,
    KnownInputs,
    Validator,
    Violations,
    closest,
    join_path,
    run_validator,
    type_of_member,
    validate,
)
from pulumi_datadog_cases.engine.values import (
    Value,
    Values,
    contains_unknown,
    equivalent,
    from_wire,
    is_default,
    is_empty,
    is_same_instant,
    select_declared,
    stored_ids,
    without_defaults,
)

AnyLifecycle: TypeAlias = Lifecycle[Any]

#: The properties that may hold an object's display name, in order of preference.
NAME_PROPERTIES: Final = ("name", "title", "display_name")

Identity: TypeAlias = tuple[str, ...]
"""The values of the inputs that identify an object, in the order of `ResourceType.identity`."""


@dataclass(frozen=True)
class ResourceType:
    """A resource type, independent of Pulumi's protocol."""

    name: str
    #: The properties by name, in the order in which the class declares them.
    properties: Mapping[str, Property]
    #: Checks conditions that involve several properties.
    validate_inputs: Callable[[KnownInputs], Violations]
    #: Returns a warning for an update from one declaration to another, or None.
    preview_warning: Callable[[Values, Values], str | None]
    #: The name of the Python package that exports the resource class.
    package: str
    lifecycle_class: type[AnyLifecycle]
    #: Creates the lifecycle, given a function that looks up config.
    connect: Callable[[Callable[[str], str | None]], AnyLifecycle]
    #: Whether a replacement must delete the old object before it creates the new one.
    delete_before_replace: bool
    #: The inputs that identify the object, if the API allows only one object with these values.
    identity: tuple[str, ...] = ()

    def state_values(self, outputs: Values) -> dict[str, Value]:
        """Return the values of an object in a state, with ids in place of references.

        Args:
            outputs: the outputs in the state. If the native plugin wrote them, their names are in
                camelCase.
        """
        values = with_snake_case_names(self.properties, outputs)
        return {**values, **stored_ids(values)}

    def identity_of(self, values: Values) -> Identity | None:
        """The identity of an object; None if the type has none, or an identifying input is unknown.

        Args:
            values: the object's inputs, with ids in place of references.
        """
        parts = [values.get(name) for name in self.identity]
        identity = tuple(part for part in parts if isinstance(part, str))
        return identity if parts and len(identity) == len(parts) else None

    @cached_property
    def inputs(self) -> Mapping[str, Property]:
        """The properties that a program can set."""
        return {name: p for name, p in self.properties.items() if not p.computed}

    @cached_property
    def _annotations(self) -> Mapping[str, object]:
        return {name: p.annotation for name, p in self.inputs.items()}

    @cached_property
    def settable(self) -> frozenset[str]:
        """The inputs that an update can change."""
        return frozenset(
            name
            for name, p in self.inputs.items()
            if not (p.replace_on_changes or p.is_instruction)
        )

    @cached_property
    def unique(self) -> list[str]:
        """The inputs that identify an object among the objects with the same parent."""
        return [name for name, p in self.inputs.items() if p.unique]

    @cached_property
    def parents(self) -> list[str]:
        """The inputs that hold parent ids."""
        return [name for name, p in self.inputs.items() if p.parent]

    def parent_ids(self, values: Values) -> dict[str, Value]:
        """The ids of an object's parents, by property."""
        return {name: values[name] for name in self.parents if name in values}

    @cached_property
    def references(self) -> list[str]:
        """The inputs that name another object in one of several ways, such as by UUID or by key."""
        return [name for name, p in self.inputs.items() if p.reference]

    @cached_property
    def volatile(self) -> list[str]:
        """The properties that every edit changes. A refresh does not store their new values."""
        return [name for name, p in self.properties.items() if p.volatile]

    @property
    def import_id(self) -> str:
        """The format of the import id, such as `<project_id>/<id>`."""
        return "/".join(f"<{name}>" for name in [*self.parents, "id"])

    def import_id_of(self, id_: str, values: Values) -> str:
        """Return the import id of an object. An id without the parents' ids may not be unique.

        Args:
            id_: the object's own id.
            values: the object's inputs, among them the ids of its parents.
        """
        return "/".join([*(str(values[name]) for name in self.parents), id_])

    def parse_import_id(self, id_: str, known: Values) -> tuple[str, dict[str, Value]]:
        """Split an id or import id; return the object's own id and all known values.

        The known values are `known` and the parent ids that the import id contains.

        Raises:
            ValueError: a parent id is neither known nor part of the id.
        """
        unknown = [name for name in self.parents if name not in known]
        *given, own = id_.split("/", len(unknown))
        if len(given) < len(unknown):
            raise ValueError(
                f"{self.name} {id_} cannot be read by this id alone: pass {', '.join(unknown)} "
                f"too, or {self.import_id} as the id"
            )
        return own, {**known, **dict(zip(unknown, given, strict=True))}

    # --- validation --------------------------------------------------------------------------

    def validate(self, declared: Values) -> tuple[dict[str, Value], list[Diagnostic]]:
        """Validate a declaration; return its normalized values and all diagnostics."""
        checked: dict[str, Value] = {}
        diagnostics: list[Diagnostic] = []
        for name, p in self.inputs.items():
            if name in declared:
                annotation = type_of_member(name, self._annotations, declared)
                checked[name], found = validate(annotation, declared[name], name)
                diagnostics += found
            elif p.required:
                diagnostics.append(Diagnostic(name, IS_MISSING))
            elif p.default is not None and not isinstance(p.default, Missing):
                checked[name] = p.default
        for name in declared.keys() - self.inputs.keys():
            checked[name] = declared[name]
            diagnostics.append(Diagnostic(name, self._why_not_an_input(name)))
        diagnostics += [*run_validator(Validator(self.validate_inputs), checked, "", diagnostics)]
        return checked, diagnostics

    def _why_not_an_input(self, name: str) -> str:
        if name in self.properties:
            return "is read-only; remove it"
        hint = closest(name, self.inputs) or f"; known properties: {', '.join(self.inputs)}"
        return f"is not a property of {self.name}{hint}"

    # --- comparison --------------------------------------------------------------------------

    def changed(self, old: Values, new: Values) -> list[str]:
        """The names of the inputs that differ, including inputs that are no longer declared."""
        return [
            name
            for name, p in self.inputs.items()
            if not (p.adopts or equivalent(old.get(name), new.get(name)))
        ]

    def change(self, id_: str, old: Values, new: Values) -> Change:
        """The change from one declaration of an object to the next."""
        settable = {name: old[name] for name in self.settable & old.keys()}
        return Change(
            id_,
            old,
            new,
            dict(self._to_send(old, new)),
            self.settable,
            keeps_members=frozenset(name for name, p in self.inputs.items() if p.keeps_members),
            compare=lambda live: self.differing(live, settable),
        )

    def released(self, old: Values, new: Values) -> list[str]:
        """The paths of values that the program no longer declares, and that no update changes.

        Other values that are no longer declared are cleared or removed.
        """
        paths: list[str] = []
        for name, p in self.inputs.items():
            if p.keeps_members and name in new:
                paths += _removed_members(old.get(name), new[name], name)
            elif name in old and name not in new and isinstance(p.clears_to, Missing):
                paths += [] if p.is_instruction else [name]
        return paths

    def _to_send(self, old: Values, new: Values) -> Iterator[tuple[str, Value]]:
        for name in self.changed(old, new):
            if self.inputs[name].is_instruction:
                continue
            if name in new:
                yield name, new[name]
            elif not isinstance(clear := self.inputs[name].clears_to, Missing):
                yield name, clear

    def differing(
        self, live: LiveObject, declared: Values, *, accept_alike: bool = False
    ) -> list[str]:
        """The names of declared inputs whose values a live object does not have.

        A value that contains an unknown, as in a preview, cannot be compared, and counts as equal.

        Args:
            live: the live object.
            declared: the declared inputs.
            accept_alike: whether two values also count as equal if they are probably two forms of
                the same value (`forms.alike`). The API may store an input in another form.
        """
        outputs = self.outputs(declared, live)
        return [
            name
            for name, value in declared.items()
            if not (
                contains_unknown(value)
                or equivalent(outputs[name], value)
                or (accept_alike and alike(value, from_wire(live.values.get(name))))
            )
        ]

    def requires_replacement(self, live: LiveObject, new: Values) -> list[str]:
        """The names of inputs that differ from a live object and that no update can change."""
        differing = self.differing(live, new, accept_alike=True)
        return [n for n, p in self.inputs.items() if p.replace_on_changes and n in differing]

    def matching(self, found: Iterable[LiveObject], declared: Values) -> list[LiveObject]:
        """Return the live objects that have all declared values.

        The API may have stored the values in another form. So if no object has the declared values,
        return the objects whose values are probably other forms of the declared values
        (`forms.alike`).
        """
        similar = [live for live in found if not self.differing(live, declared, accept_alike=True)]
        return [live for live in similar if not self.differing(live, declared)] or similar

    def deletes_before_replace(self, changed: Collection[str]) -> bool:
        """Whether a replacement has to delete the old object before it creates the new one.

        If objects of this type have unique values, and a unique value or a parent has changed, the
        new object can exist beside the old one.

        Args:
            changed: the names of the inputs that have changed.
        """
        identity = {*self.parents, *self.unique} if self.unique else set[str]()
        return self.delete_before_replace and identity.isdisjoint(changed)

    # --- creating and adopting ---------------------------------------------------------------

    def create_inputs(self, new: Values) -> dict[str, Value]:
        """The declared values that the create request accepts."""
        later = {
            name
            for name, p in self.inputs.items()
            if p.is_set_after_create(new) or p.is_instruction
        }
        return {name: new[name] for name in new.keys() - later}

    def adopts(self, new: Values) -> Value:
        """The value of the input that asks for adoption, or None. See `Property.adopts`."""
        return next((new.get(name) for name, p in self.inputs.items() if p.adopts), None)

    def sibling(self, name: str) -> "ResourceType | None":
        """Return another resource type of the same package, or None if there is no such type."""
        resource_class = getattr(import_module(self.package), name, None)
        return resource_class.Provider.resource_type if resource_class else None

    @property
    def can_force_delete(self) -> bool:
        """Whether the type has an input that permits a delete to destroy what people created."""
        return any(p.forces_delete for p in self.inputs.values())

    def forces_delete(self, known: Values) -> bool:
        """Whether the values in the state permit a delete to destroy what people created.

        The permission is an input whose `Property.forces_delete` is set and whose value is True.
        """
        return any(known.get(name) is True for name, p in self.inputs.items() if p.forces_delete)

    def declaration(self, values: Values) -> tuple[dict[str, Value], list[Diagnostic]]:
        """The shortest declaration of an object: required inputs, and values that are not defaults.

        It also has the defaults of inputs with `Property.imports_default`. A value that `validate`
        rejects is left out. The second part of the result has the errors about these values.
        """
        declaration: dict[str, Value] = {}
        for name, p in self.inputs.items():
            default = (
                p.default
                if p.server_default is None and not isinstance(p.default, Missing)
                else p.server_default
            )
            value = without_defaults(values.get(name), default)
            is_omitted = is_empty(value) or (is_default(value, default) and not p.imports_default)
            if p.required or not is_omitted:
                declaration[name] = value
        checked, found = self.validate({n: v for n, v in declaration.items() if v is not None})
        errors = [each for each in found if not each.warning and each.property in checked]
        invalid = {each.property for each in errors}
        return {name: checked[name] for name in checked if name not in invalid}, errors

    # --- outputs -----------------------------------------------------------------------------

    def outputs(self, declared: Values, live: LiveObject) -> dict[str, Value]:
        """The outputs: the declared inputs with their live values, and the computed properties."""
        outputs: dict[str, Value] = {}
        for name, p in self.properties.items():
            if p.computed:
                outputs[name] = live.values.get(name)
            elif name in declared:
                outputs[name] = _live_value(p, declared[name], live.values)
        return outputs

    def unchanged_instants(self, known: Values, outputs: Values) -> dict[str, Value]:
        """The read-only times that are the same in `known` and `outputs`, as spelled in `known`.

        The API may return the same time in another precision.
        """
        return {
            name: known[name]
            for name, p in self.properties.items()
            if p.computed and is_same_instant(known.get(name), outputs.get(name))
        }


def _live_value(p: Property, declared: Value, live: Values) -> Value:
    """Reduce the live value of a declared property to the declared parts.

    If the result is equivalent to the declared value, return the declared value, to keep its
    spelling.
    """
    if p.is_instruction or (p.name not in live and (p.write_only or p.parent)):
        return declared  # the value cannot be read, or is a parent id, which cannot change
    value, _ = validate(
        p.annotation, select_declared(declared, from_wire(live.get(p.name))), p.name
    )
    return declared if equivalent(declared, value) else value


def _removed_members(old: Value, new: Value, path: str) -> list[str]:
    """Return the paths of the mapping members that `old` has and `new` lacks, at any depth."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return []
    paths = [join_path(path, key) for key in old if key not in new]
    for key in old.keys() & new:
        paths += _removed_members(old[key], new[key], join_path(path, key))
    return sorted(paths)


def display_name(values: Values) -> str:
    """Return the name or title that users have given an object, or ""."""
    names = (values.get(name) for name in NAME_PROPERTIES)
    return next((name for name in names if isinstance(name, str)), "")
