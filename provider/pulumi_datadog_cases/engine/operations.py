"""`Operations`: Pulumi's operations (diff, create, read, ...) on plain Python values.

Two front ends receive Pulumi's calls and call the functions here: `engine.dynamic` for dynamic
providers, and the package `plugin` for the native plugin.
The functions use `ResourceType` to validate and compare values, and `Lifecycle` to send requests.
The package `safety` makes sure that no object is created twice or lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pulumi_datadog_cases.engine.forms import returned_values, stored_forms
from pulumi_datadog_cases.engine.imports import Imports
from pulumi_datadog_cases.engine.lifecycle import LiveObject
from pulumi_datadog_cases.engine.plugin_host import urn_of_call, warn
from pulumi_datadog_cases.engine.references import References
from pulumi_datadog_cases.engine.resource_type import (
    AnyLifecycle,
    ResourceType,
    display_name,
)
from pulumi_datadog_cases.engine.safety.adoption import Adoption
from pulumi_datadog_cases.engine.safety.consistency import ConsistentAccess
from pulumi_datadog_cases.engine.safety.create_once import CreateIncompleteError, CreateOnce
from pulumi_datadog_cases.engine.safety.delete_guard import DeleteGuard
from pulumi_datadog_cases.engine.safety.deletion_log import DeletionLog, deletion_log
from pulumi_datadog_cases.engine.safety.intent_log import IntentLog, intent_log
from pulumi_datadog_cases.engine.safety.organization import OrganizationGuard
from pulumi_datadog_cases.engine.safety.ownership import Ownership
from pulumi_datadog_cases.engine.safety.planned_deletes import PlannedDeletes
from pulumi_datadog_cases.engine.safety.recovery import Recovery
from pulumi_datadog_cases.engine.safety.same_object import SameObject
from pulumi_datadog_cases.engine.stored_forms import StoredForms, read_outputs
from pulumi_datadog_cases.engine.validation import (
    IS_MISSING,
    Diagnostic,
    reject_output_texts,
    validate,
)
from pulumi_datadog_cases.engine.values import Value, Values, without_hidden


class ObjectNotFoundError(Exception):
    """The object that a program reads with `Resource.get` does not exist."""

    __module__ = "pulumi_datadog_cases"


class HiddenObjectError(Exception):
    """The API does not find an object, but the keys may only have no access to it."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class CheckedInputs:
    """The result of `check`."""

    #: The declared inputs, normalized, with defaults.
    inputs: Values
    diagnostics: Sequence[Diagnostic]


@dataclass(frozen=True)
class Difference:
    """The result of `diff`."""

    #: The names of the inputs that differ between the state and the program.
    changed: Sequence[str]
    #: The names in `changed` whose change replaces the object.
    replaces: Sequence[str]
    delete_before_replace: bool
    #: A warning about the update, to show in the preview.
    warning: str | None


@dataclass(frozen=True)
class ObjectState:
    """The id, inputs and outputs that Pulumi stores for an object."""

    id: str
    inputs: Values
    outputs: Values
    #: Why the object is incomplete; None if it is complete. The next deployment has to update an
    #: incomplete object.
    problem: str | None = None


@dataclass(frozen=True)
class ListedObject:
    """One of the objects that `Operations.list` returns."""

    import_id: str
    #: The name or title that users have given the object; "" if it has none.
    display_name: str


def check(resource_type: ResourceType, old: Values, new: Values) -> CheckedInputs:
    """Validate and normalize declared inputs, without a request to the API.

    Args:
        resource_type: the resource type.
        old: the inputs in the state, empty for a new resource.
        new: the declared inputs.
    """
    checked, diagnostics = resource_type.validate(new)
    if diagnostics and old:
        # Do not report problems that the inputs in the state have too. Inputs with such problems
        # were imported: they came from the API, so the API accepts them.
        _, known = resource_type.validate(old)
        diagnostics = [each for each in diagnostics if each not in known]
    return CheckedInputs(checked, [*map(_with_advice_about_targets, diagnostics)])


def _with_advice_about_targets(found: Diagnostic) -> Diagnostic:
    """Add advice to the error about a required input that is missing.

    The constructor of the resource did not report it as missing. The likely cause: if the option
    `--target` leaves out a resource that does not exist yet, Pulumi drops the inputs that come from
    its outputs (tried).
    """
    if found.message != IS_MISSING or found.path != found.property:
        return found
    advice = f"{IS_MISSING}: with --target, also target the resource that the value comes from"
    return replace(found, message=advice)


@dataclass(frozen=True)
class Operations:
    """The operations of one resource type in one account."""

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    intents: IntentLog
    access: ConsistentAccess
    references: References
    forms: StoredForms
    create_once: CreateOnce
    imports: Imports
    delete_guard: DeleteGuard
    deletions: DeletionLog
    ownership: Ownership
    organization: OrganizationGuard
    same_object: SameObject
    planned_deletes: PlannedDeletes
    #: The URNs of resources in the state, collected from the calls of `diff` in this process.
    urns_in_state: set[str] = field(default_factory=set[str])

    @classmethod
    def connect(cls, resource_type: ResourceType, lifecycle: AnyLifecycle) -> "Operations":
        """Assemble the operations of a resource type from its lifecycle."""
        intents = intent_log(lifecycle.account)
        access = ConsistentAccess(resource_type, lifecycle, intents)
        recovery = Recovery(resource_type, lifecycle, intents, access)
        ownership = Ownership(resource_type, intents)
        adoption = Adoption(resource_type, lifecycle, access, ownership)
        deletions = deletion_log(lifecycle.account)
        guard = DeleteGuard(resource_type, lifecycle, intents, deletions)
        urns = set[str]()
        same_object = SameObject(resource_type, access, ownership, urns)
        create_once = CreateOnce(
            resource_type,
            lifecycle,
            intents,
            access,
            recovery,
            adoption,
            guard,
            deletions,
            urns,
            same_object,
        )
        references = References(resource_type, lifecycle, access)
        return cls(
            resource_type,
            lifecycle,
            intents,
            access,
            references,
            StoredForms(resource_type, access),
            create_once,
            Imports(resource_type, lifecycle, access, references, ownership, urns),
            guard,
            deletions,
            ownership,
            OrganizationGuard(resource_type, lifecycle, intents),
            same_object,
            PlannedDeletes(resource_type, lifecycle),
            urns,
        )

    def diff(self, urn: str | None, id_: str, old: Values, new: Values) -> Difference:
        """Compare the outputs in the state (`old`) with checked inputs (`new`).

        Raises:
            DeleteRefusedError: the change replaces the object, and deleting the old object would be
                refused.
            ManagedTwiceError: another resource in the state has the same object.
            WrongOrganizationError: the object belongs to another organization than the keys.
        """
        self.organization.check_plan(urn, id_, old)
        self._mark_in_state(id_, old)
        if urn is not None:
            self.urns_in_state.add(urn)
        self.planned_deletes.mark_declared(id_)
        if self.lifecycle.ids_are_unique:
            self.ownership.check_state(urn, id_)
        state = old
        changed = self.resource_type.changed(old, new)
        # A reference can name the same object in several spellings, such as the UUID and the key of
        # a case. If only the spelling has changed, `changed` contains the reference, so that an
        # update stores the new spelling. `differing` does not contain it.
        old, new = self.references.resolve_change(id_, old, new)
        differing = self.resource_type.changed(old, new)
        inputs = self.resource_type.inputs
        replaces = [name for name in differing if inputs[name].replace_on_changes]
        warnings = [self.resource_type.preview_warning(old, new)] if changed else []
        if replaces:
            live = {**old, **returned_values(state)}
            warnings.append(self.delete_guard.check_replacement(urn, id_, live))
        elif released := self.resource_type.released(old, new):
            # In the preview, such a value looks as if it were cleared, so warn.
            warnings.append(f"no longer managed, and not changed: {', '.join(released)}")
        return Difference(
            changed,
            replaces,
            self.resource_type.deletes_before_replace(differing),
            "; ".join(filter(None, warnings)) or None,
        )

    def create(self, urn: str | None, new: Values, import_id: str | None = None) -> ObjectState:
        """Create an object from checked inputs, or take over an object without a write.

        Inputs that the create request does not accept are set by an update. The result may be an
        incomplete object: see `ObjectState.problem`.

        Args:
            urn: the URN of the resource.
            new: the checked inputs.
            import_id: the value of the option `import_`; None if the resource does not have it.

        Raises: see `CreateOnce.create` and `Imports.find`.
        """
        self.organization.prepare_create(urn)
        values = self.references.resolve(new, {})
        try:
            with self.deletions.step(urn):
                found = None if import_id is None else self.imports.find(urn, import_id, new)
                live = found or self.create_once.create(urn, values)
        except CreateIncompleteError as error:
            outputs = self.references.respell(error.outputs, new, values)
            outputs |= self.organization.record_created()
            return ObjectState(error.id, new, outputs, problem=str(error))
        outputs = self.forms.write_outputs(live, values, {}, values)
        outputs = self.references.respell(outputs, new, values)
        return ObjectState(live.id, new, outputs | self.organization.record_created())

    def read(self, id_: str, known: Values) -> ObjectState | None:
        """Read an object in the state; return None if it does not exist.

        The result contains the live values of the inputs that the program declares. It does not
        contain other inputs.

        Args:
            id_: the object's id, or its import id, such as `<project_id>/<id>`.
            known: the outputs in the state.

        Raises:
            HiddenObjectError: the object may exist, but the keys may have no access to it.
            WrongOrganizationError: the object belongs to another organization than the keys.
        """
        self.organization.check(id_, known)
        own_id, known = self.resource_type.parse_import_id(id_, known)
        self._mark_in_state(own_id, known)
        values = self.references.resolve(known, known)
        live = self.access.refresh(own_id, values)
        if live is None:
            self._check_absence(own_id, known, values)
            return None
        outputs = read_outputs(self.resource_type, values, live, known)
        outputs = self.references.respell(outputs, known, values)
        outputs |= {name: known.get(name) for name in self.resource_type.volatile}
        outputs |= self.resource_type.unchanged_instants(known, outputs)
        outputs |= self.organization.record(known, found=True)
        return ObjectState(live.id, self._inputs(outputs), outputs)

    def get(self, id_: str, parents: Values) -> ObjectState:
        """Read an object that the stack does not manage, with all inputs (`Resource.get`).

        Args:
            id_: the object's id, or its import id, such as `<project_id>/<id>`.
            parents: the parent ids, by property. If `id_` contains them, `parents` may be empty.

        Raises:
            ObjectNotFoundError: the object does not exist.
            ValueError: an id contains a string that Python made from a Pulumi output, instead of
                the value of the output.
        """
        reject_output_texts(f"{self.resource_type.name}.get", {"id": id_, **parents})
        own_id, parents = self.resource_type.parse_import_id(id_, parents)
        path = "/".join([*(str(parents[name]) for name in self.resource_type.parents), own_id])
        missing = ObjectNotFoundError(
            f"there is no {self.resource_type.name} {path}: check the id that the program passes "
            "to `get`, and that the keys belong to the right organisation"
        )
        try:
            values = self.references.resolve(parents, {})
        except self.lifecycle.not_found_error as error:
            raise missing from error
        live = self.access.refresh(own_id, values)
        if live is None:
            raise missing
        inputs = {name: live.values.get(name) for name in self.resource_type.inputs}
        outputs = self.resource_type.outputs({**inputs, **values}, live)
        outputs = self.references.respell(outputs, {**inputs, **parents}, {**inputs, **values})
        return ObjectState(live.id, self._inputs(outputs), outputs)

    def update(self, id_: str, old: Values, new: Values) -> ObjectState:
        """Update an object. Send no request if no value has to be sent.

        Raises:
            ObjectGoneError: the object does not exist.
            WrongOrganizationError: the object belongs to another organization than the keys.
        """
        self.organization.check(id_, old)
        values = self.references.resolve(new, old)
        # An update may change the spelling of a reference, but not the object to which it refers.
        # So the ids of the new references are also the ids of the old ones.
        same = {name: values[name] for name in self.resource_type.references if name in values}
        before = without_hidden(old) | same
        change = replace(self.resource_type.change(id_, before, values), forms=stored_forms(old))
        with self.deletions.step(None):
            live = self.access.update(change) if change.values else LiveObject(id_, before)
        outputs = self.forms.write_outputs(live, values, old, change.values)
        outputs = self.references.respell(outputs, new, values)
        outputs |= self.organization.record(old, found=bool(change.values))
        return ObjectState(id_, new, outputs)

    def delete(self, urn: str | None, id_: str, known: Values) -> None:
        """Delete an object; succeed if it does not exist.

        Raises:
            DeleteRefusedError: the delete would destroy what people created.
            HiddenObjectError: the object may exist, but the keys may have no access to it.
            ManagedTwiceError: another resource in the state has the same object.
            WrongOrganizationError: the object belongs to another organization than the keys.
        """
        self.organization.check(id_, known)
        self._mark_in_state(id_, known)
        if self.lifecycle.ids_are_unique:
            self.ownership.check_delete(urn, id_)
        try:
            values = self.references.resolve(known, known)
        except self.lifecycle.not_found_error as error:
            self.organization.check_absence(id_, known)
            # If this method raised the error, the user could never remove the resource.
            name = self.resource_type.name
            warn(f"{name} {id_} was removed from the state, but not deleted: {error}")
            return
        if self.same_object.is_kept(urn, values):
            return
        is_certain = self.organization.absence_is_certain(known)
        if not is_certain and self.access.refresh(id_, values) is None:
            self.organization.check_absence(id_, known)
        with self.deletions.step(urn):
            self.planned_deletes.check(urn)
            # People's values have the key in the form of the API.
            self.delete_guard.check(urn, id_, {**values, **returned_values(known)})
            if not self.access.delete(id_, values):
                self._check_absence(id_, known, values)
            self.same_object.mark_deleted(urn)
            on_disk = self.lifecycle.delete_keeps_object
            self.deletions.add(urn, self.resource_type.name, id_, on_disk=on_disk)

    def list(self, query: Values) -> Iterator[ListedObject]:
        """Yield the existing objects that a program can import.

        Args:
            query: the id of the parent, such as `project_id` for rules. Empty if the lifecycle has
                no `parent_property`.

        Raises:
            ValueError: the query has other members, or a member has a wrong type.
        """
        name, kind = self.lifecycle.parent_property, self.resource_type.name
        if [*query] != ([name] if name else []):
            raise ValueError(
                f"each {kind} is listed with its parent: set {name}, and nothing else"
                if name
                else f"all objects of the type {kind} are listed: set nothing"
            )
        parent: LiveObject | None = None
        parents: Values = {}
        if name:
            _, invalid = validate(self.resource_type.inputs[name].annotation, query[name], name)
            if invalid:
                raise ValueError(f"{invalid[0].path} {invalid[0].message}")
            parents = self.references.resolve(query, {})
            parent = LiveObject(str(parents[name]), {})
        for live in self.lifecycle.list(parent):
            values = self.lifecycle.importable(live)
            if values is not None:
                import_id = self.resource_type.import_id_of(live.id, {**parents, **values})
                yield ListedObject(import_id, display_name(values))

    def _check_absence(self, id_: str, known: Values, values: Values) -> None:
        """Refuse to treat an object as deleted that the keys may only be unable to see.

        Args:
            id_: the object's id.
            known: the outputs in the state.
            values: the same, with ids in place of references.
        """
        self.organization.check_absence(id_, known)
        if hidden_by := self.lifecycle.hidden_by(id_, values):
            raise HiddenObjectError(
                f"{self.resource_type.name} {id_} seems to be deleted, but {hidden_by} may hide "
                "it: give the owner of the application key access, and run again. If the object "
                f"is deleted, run `pulumi state delete '{urn_of_call() or '<urn>'}'`"
            )

    def _inputs(self, outputs: Values) -> dict[str, Value]:
        return {name: outputs[name] for name in self.resource_type.inputs if name in outputs}

    def _mark_in_state(self, id_: str, outputs: Values) -> None:
        content: Values | None = None
        if not self.lifecycle.ids_are_unique:
            content = self.resource_type.create_inputs(self._inputs(outputs))
        self.intents.mark_in_state(self.resource_type.name, id_, content)
