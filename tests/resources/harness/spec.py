"""The table of a resource type: its prerequisites, its requests, and a row for each operation."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from pulumi_datadog_cases.engine import Resource

#: Values of properties by name.
Inputs: TypeAlias = Mapping[str, Any]
#: A request to the API and the `data` of its body: `("POST /cases/{id}/title", {"type": ...})`.
ApiCall: TypeAlias = tuple[str, object]
#: Requests in their order; those of a set are concurrent, in any order.
Requests: TypeAlias = Sequence[str | frozenset[str]]
#: What a deployment did to the resource.
Operation: TypeAlias = Literal["nothing", "create", "update", "replace"]


class Step(TypedDict, total=False):
    """A row: what happens to the resource, and everything that follows from it.

    What a row does not name must not change: the object at the API, the outputs that a refresh
    finds, the requests.
    """

    given: Inputs | None
    """Inputs deployed before; default: `full_inputs`; `None`: nothing. Unused in a sequence,
    where the state of the previous step is given."""
    out_of_band: Sequence[ApiCall]
    """Calls made outside Pulumi, followed by a refresh."""
    drift: set[str]
    """Outputs that the refresh shows as changed; default: none."""
    declare: Inputs
    """Inputs merged into those declared so far; `None` removes an input."""
    violations: Mapping[str, str]
    """Part of the message of each check failure, by property path. No request may be sent."""
    corrupt_request: str
    """A request that is corrupted before it is sent, so that the API rejects it."""
    error: str
    """Pattern of the error that the deployment ends with."""
    prerequisite_changes: Mapping[str, Inputs]
    """Changes of prerequisites at the API, by name, that a failed deployment leaves."""
    warning: str
    """Part of the warning that the deployment prints; default: it must print none."""
    operation: Operation
    """What the deployment does; default: `update` if there is drift or `declare`, or `nothing`."""
    requests: Requests
    """Requests of the deployment. Checked on a sandbox only, as `api_state` is."""
    request_attributes: Inputs
    """Attributes in the body of the deployment's last request; checked on a sandbox only."""
    api_state: Inputs
    """Changes of the object at the API; `None` for an attribute that is unset."""
    outputs: Inputs
    """Outputs after the deployment."""
    spec_overrides: Inputs
    """Values of the `ResourceSpec` that differ from here on."""


class ResourceSpec(TypedDict):
    """The table of a resource type.

    Strings may contain placeholders: `{id}` of the object, `{old}` for the id of the object that
    it replaced, the name of a prerequisite for its id, `{user}` and `{other_user}`, `{run}`, which
    is unique to the test, and the name of any declared property, such as `{project_id}`.
    """

    resource_class: type[Resource]
    prerequisites: Mapping[str, ApiCall]
    """Calls that create what the resource refers to, by name, in this order."""
    full_inputs: Inputs
    """A value for each input."""
    import_id: str
    api_state_id: NotRequired[str]
    """Id or key of the object at the sandbox, or of the object it is a part of; default: `{id}`."""
    read_requests: Requests
    """Requests of a refresh."""
    fallback_read_requests: NotRequired[Requests]
    """Requests of a refresh if those do not find the object."""
    delete_requests: Requests
    """Requests of a destroy."""
    delete_warning: NotRequired[str]
    """Part of the warning that a destroy prints; default: it must print none."""
    api_state_after_delete: Mapping[str, Inputs | None]
    """What the API keeps after a destroy, by id or key; `None` for nothing."""
    deleted_out_of_band: ApiCall
    """Call that deletes the object outside Pulumi."""
    steps: Mapping[str, Step]
    """Rows by name, each run on a resource of its own."""
    sequence: Sequence[Step]
    """Rows run one after the other on one resource, in process and through the real `pulumi`."""
