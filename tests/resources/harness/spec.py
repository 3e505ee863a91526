"""Types of the table that describes the tests of a resource type."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from pulumi_datadog_cases.engine import Resource

#: Values of properties by name.
Inputs: TypeAlias = Mapping[str, Any]
#: A request line and the `data` of the request's body, as in
#: `("POST /cases/{id}/title", {"type": ...})`.
ApiCall: TypeAlias = tuple[str, object]
#: Requests in the order in which they are sent. The requests of a set are sent in any order.
Requests: TypeAlias = Sequence[str | frozenset[str]]
#: What a deployment did to the resource.
Operation: TypeAlias = Literal["nothing", "create", "update", "replace"]


class Step(TypedDict, total=False):
    """A row of the table: changes to a resource, and the expected result.

    The row must name every expected effect. If the object at the API, or the outputs after a
    refresh, change in another way, the test fails.
    """

    given: Inputs | None
    """Inputs that are deployed first. Default: `full_inputs`. `None` deploys nothing.

    Only the first step of a sequence deploys them; later steps continue from the previous step."""
    out_of_band: Sequence[ApiCall]
    """Calls made outside Pulumi, followed by a refresh."""
    drift: set[str]
    """Names of the outputs that the refresh after `out_of_band` changes; default: none."""
    declare: Inputs
    """Changes to the inputs of the program. `None` removes an input."""
    violations: Mapping[str, str]
    """The expected check failures: a part of each failure's message, by property path.

    The check must not send any request."""
    corrupt_request: str
    """A request of the deployment. The test corrupts this request, so that the API rejects it."""
    error: str
    """Regular expression for the error that the deployment raises."""
    prerequisite_changes: Mapping[str, Inputs]
    """New attributes of prerequisites after a failed deployment, by the prerequisite's name."""
    warning: str
    """Part of the warning that the deployment prints; default: no warning."""
    operation: Operation
    """What the deployment does.

    Default: `update` if the row has `drift` or `declare`, otherwise `nothing`."""
    requests: Requests
    """Requests of the deployment; checked on a sandbox only.

    Default: if `operation` is `nothing`, no requests; otherwise any requests are allowed."""
    request_attributes: Inputs
    """Attributes in the body of the deployment's last request. Needs a sandbox."""
    api_state: Inputs
    """Attributes of the object that change at the API. `None` means unset. Needs a sandbox."""
    outputs: Inputs
    """Expected values of some outputs after the deployment."""
    spec_overrides: Inputs
    """Values that replace the same keys of the `ResourceSpec`, in this step and in later steps."""


class ResourceSpec(TypedDict):
    """The table of a resource type: prerequisites, requests, and a row for each tested operation.

    Strings may contain placeholders:

    - `{id}` is the id of the object.
    - `{old}` is the id that the object had before the deployment. A replacement changes the id.
    - The name of a prerequisite stands for its id.
    - `{user}` and `{other_user}` are the ids of two users.
    - `{run}` is unique to the test.
    - The name of a declared property, such as `{project_id}`, stands for its value.
    """

    resource_class: type[Resource]
    prerequisites: Mapping[str, ApiCall]
    """Calls that create the objects to which the resource refers, by placeholder name.

    The calls are made in this order."""
    full_inputs: Inputs
    """A value for each input."""
    import_id: str
    api_state_id: NotRequired[str]
    """Id or key under which the sandbox stores the object; default: `{id}`.

    If the resource is a part of another object, this is the other object's id or key."""
    read_requests: Requests
    """Requests of a refresh."""
    fallback_read_requests: NotRequired[Requests]
    """Further requests that a refresh sends if `read_requests` do not find the object."""
    delete_requests: Requests
    """Requests of a destroy."""
    delete_warning: NotRequired[str]
    """Part of the warning that a destroy prints; default: no warning."""
    api_state_after_delete: Mapping[str, Inputs | None]
    """What remains at the API after a destroy: the attributes of each object, by id or key.

    `None` means that the object does not exist."""
    deleted_out_of_band: ApiCall
    """Call that deletes the object outside Pulumi."""
    is_deleted_by_move: NotRequired[bool]
    """Whether a move of the case to another project deletes the object; default: no."""
    steps: Mapping[str, Step]
    """Rows by name. Each row runs as a separate test with its own resource."""
    sequence: Sequence[Step]
    """Rows that run one after the other on one resource.

    They run twice: in process and with the `pulumi` command."""
