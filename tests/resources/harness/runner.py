"""Runs rows of a `ResourceSpec` on a deployment and checks what the rows expect."""

import re
import secrets
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, redirect_stderr, suppress
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

from tests.resources.harness.deployment import Deployment
from tests.resources.harness.row import Row
from tests.resources.harness.spec import ApiCall, Inputs, Requests, ResourceSpec, Step

if TYPE_CHECKING:
    from tests.conftest import Organization

#: Attributes that every write changes. Comparisons of API state leave them out.
AUDIT_ATTRIBUTES = {"modified_at", "modified_by", "updated_by"}


class SpecRunner:
    """Runs rows of a spec on one resource. Then deletes the resource and its prerequisites."""

    def __init__(
        self,
        spec: ResourceSpec,
        organization: "Organization",
        deployment: Deployment,
        corrupt_requests: Callable[[str], None],
    ) -> None:
        self.spec = spec
        self.organization = organization
        self.deployment = deployment
        self.corrupt_requests = corrupt_requests
        #: Values of placeholders by name.
        self.placeholders: dict[str, Any] = {"run": secrets.token_hex(3).upper()}
        #: Inputs declared so far.
        self.declared: dict[str, Any] = {}
        self.row = Row(spec["resource_class"].__name__, "")

    def run(self, steps: Mapping[str, Step]) -> None:
        """Run the steps one after the other, then destroy the resource."""
        with self.prepared():
            for name, step in steps.items():
                self.run_step(name, step)
            if self.deployment.id is not None:
                with self.row:
                    self.destroy()

    @contextmanager
    def prepared(self) -> Generator[None]:
        """Create the prerequisites. After the block, delete the resource and the prerequisites."""
        self.create_prerequisites()
        try:
            yield
        finally:
            self.clean_up()

    def create_prerequisites(self) -> None:
        """Create the objects that the resource refers to, and find two users."""
        users = self.organization.call("GET /users?page[size]=2")
        assert len(users) == 2, "the organisation needs two users to assign cases to"
        ids = (user["id"] for user in users)
        self.placeholders |= zip(("user", "other_user"), ids, strict=True)
        for name, call in self.spec["prerequisites"].items():
            self.placeholders[name] = self.call(call)["id"]

    def clean_up(self) -> None:
        """Delete the resource, if it still exists, and the prerequisites."""
        if self.deployment.id is not None:
            self.deployment.destroy()
        for name in reversed([*self.spec["prerequisites"]]):
            request = self.spec["prerequisites"][name][0].replace("POST", "DELETE")
            with suppress(AssertionError):  # if it was deleted with its parent
                self.call((f"{request}/{{{name}}}", None))

    # --- steps

    def run_step(self, name: str, step: Step) -> None:
        """Run one row and check what the row expects."""
        self.row = Row(self.row.resource, name)
        with self.row:
            self._run_step(step)

    def _run_step(self, step: Step) -> None:
        given = step.get("given", self.spec["full_inputs"])
        if not self.declared and given is not None:
            self.declared = dict(given)
            self.row.expect("given", self.deployment.up(self.fill(given)), "create")
            self.placeholders["id"] = self.deployment.id
        self.spec = cast("ResourceSpec", {**self.spec, **step.get("spec_overrides", {})})
        before = self.api_state()
        for call in step.get("out_of_band", ()):
            self.call(call)
        if "out_of_band" in step and self.deployment.id is not None:
            self._refresh(step)
            before = before if step.get("drift") else self.api_state()
        if "corrupt_request" in step:
            self.corrupt_requests(re.sub(r"{\w+}", "[^/]+", step["corrupt_request"]))
        declared = merged(self.declared, step.get("declare", {}))
        if violations := step.get("violations"):
            self._expect_violations(self.fill(declared), violations)
        elif error := step.get("error"):
            self._expect_error(self.fill(declared), step, error)
        else:
            self._up(declared, step, before)

    def _refresh(self, step: Step) -> None:
        drift, requests = self.record_requests(self.deployment.refresh)
        if step.get("operation") == "create":
            self.row.expect("out_of_band: id after the refresh", self.deployment.id, None)
            # If an object is missing from a list, the provider requests the list a second time. The
            # row does not name this second request.
            unique = requests and [*dict.fromkeys(requests)]
            fallback = self.spec.get("fallback_read_requests", [])
            self.expect_requests("read_requests", unique, [*self.spec["read_requests"], *fallback])
        else:
            self.row.expect("drift", drift, step.get("drift", set()))
            self.expect_requests("read_requests", requests, self.spec["read_requests"])

    def _expect_violations(self, inputs: Inputs, expected: Mapping[str, str]) -> None:
        violations, requests = self.record_requests(partial(self.deployment.check, inputs))
        self.row.expect("violations", violations.keys(), expected.keys())
        for path, part in expected.items():
            self.row.expect_text(f"violations: {path}", violations[path], self.fill(part))
        self.expect_requests("violations: requests", requests, [])

    def _expect_error(self, inputs: Inputs, step: Step, pattern: str) -> None:
        id_, before, prerequisites = self.deployment.id, self.api_state(), self.prerequisite_state()
        error = _error_of(partial(self.deployment.up, inputs))
        matches = re.search(self.fill(pattern), error)
        assert matches, f"{self.row} / error: expected {pattern!r}, got {error!r}"
        assert "\n" not in error, f"{self.row} / error: expected one line, got {error!r}"
        self.row.expect("error: id", self.deployment.id, id_)
        self.row.expect("error: api_state", self.api_state(), before)
        left = prerequisites and merged(prerequisites, step.get("prerequisite_changes", {}))
        state = comparable(self.prerequisite_state())
        self.row.expect("prerequisite_changes", state, comparable(left))
        if "corrupt_request" in step and id_ is None:
            ids = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", error)
            self.expect_deleted(ids[-1], self.spec["api_state_after_delete"][self.api_state_id])

    def _up(self, declared: dict[str, Any], step: Step, before: dict[str, Any] | None) -> None:
        old, old_state_id = before, "" if before is None else self.fill(self.api_state_id)
        self.declared = declared
        inputs = self.fill(declared)
        self.placeholders["old"] = self.deployment.id
        with self.expect_warning("warning", step.get("warning")):
            operation, requests = self.record_requests(partial(self.deployment.up, inputs))
        self.placeholders["id"] = self.deployment.id
        default = "update" if step.get("declare") or step.get("drift") else "nothing"
        self.row.expect("operation", operation, step.get("operation", default))
        none_or_any: Requests | None = [] if operation == "nothing" else None
        self.expect_requests("requests", requests, step.get("requests", none_or_any))
        if "request_attributes" in step and self.organization.is_sandbox:
            attributes = self.organization.request_log()[-1]["body"]["data"]["attributes"]
            expected = self.fill(step["request_attributes"])
            self.row.expect("request_attributes", attributes, expected)
        for name, value in self.fill(step.get("outputs", {})).items():
            output = self.deployment.outputs.get(name)
            self.row.expect(f"outputs: {name}", output, value)
            # `ANY` in a row means that the output has some value. But `ANY == None` is true, so
            # `None` must be checked separately.
            self.row.expect(f"outputs: {name} is None", output is None, value is None)
        if operation in {"create", "replace"}:
            before = self.api_state()
        if before is not None:
            expected = merged(before, self.fill(step.get("api_state", {})))
            self.row.expect("api_state", comparable(self.api_state()), comparable(expected))
        if old and operation == "replace" and old["id"] != (self.api_state() or {}).get("id"):
            remains = self.spec["api_state_after_delete"][self.api_state_id]
            self.expect_deleted(old_state_id, remains)
        no_changes = partial(self.deployment.assert_no_changes, inputs)
        _, requests = self.record_requests(no_changes)
        writes = [request for request in requests or () if not request.startswith("GET")]
        self.row.expect("requests when nothing changes", writes, [])

    def destroy(self) -> None:
        """Destroy the resource. Check the requests, and the objects that remain at the API."""
        with self.expect_warning("delete_warning", self.spec.get("delete_warning")):
            _, requests = self.record_requests(self.deployment.destroy)
        self.expect_requests("delete_requests", requests, self.spec["delete_requests"])
        for id_, remains in self.spec["api_state_after_delete"].items():
            self.expect_deleted(self.fill(id_), remains)

    # --- the API

    @property
    def api_state_id(self) -> str:
        return self.spec.get("api_state_id", "{id}")

    def call(self, call: ApiCall) -> Any:  # noqa: ANN401 - JSON
        """Call the API outside Pulumi. Return the `data` of the response."""
        request, data = call
        return self.organization.call(self.fill(request), self.fill(data))

    def api_state(self) -> dict[str, Any] | None:
        """The stored attributes of the resource's object.

        If the object is a part of another object, these are the other object's attributes.
        """
        if not self.organization.is_sandbox or self.deployment.id is None:
            return None
        return self.organization.stored(self.fill(self.api_state_id))

    def prerequisite_state(self) -> dict[str, Any] | None:
        """The stored attributes of each prerequisite, by the prerequisite's name."""
        if not self.organization.is_sandbox:
            return None
        return {
            name: self.organization.stored(self.placeholders[name])
            for name in self.spec["prerequisites"]
        }

    @contextmanager
    def expect_warning(self, key: str, part: str | None) -> Generator[None]:
        """Fail if the block does not print a warning with this text.

        `None` means that the block must not print a warning.
        """
        with redirect_stderr(StringIO()) as stderr:
            yield
        printed = stderr.getvalue()
        self.row.expect(f"{key} in {printed!r}", "warning: " in printed, part is not None)
        self.row.expect_text(key, printed, self.fill(part or ""))

    def record_requests(self, act: Callable[[], Any]) -> tuple[Any, list[str] | None]:
        """Run an action; return its result and its requests.

        Without a sandbox, the requests are unknown and returned as `None`.
        """
        if not self.organization.is_sandbox:
            return act(), None
        before = len(self.organization.request_log())
        result = act()
        return result, self.organization.request_lines()[before:]

    def expect_requests(
        self, key: str, actual: list[str] | None, expected: Requests | None
    ) -> None:
        """Fail if the requests differ from the expected requests.

        If `actual` is `None`, the requests are unknown. If `expected` is `None`, any requests are
        allowed.
        """
        if actual is None or expected is None:
            return
        rest = actual
        for entry in expected:
            concurrent = {entry} if isinstance(entry, str) else entry
            batch, rest = rest[: len(concurrent)], rest[len(concurrent) :]
            self.row.expect(f"{key} in {actual}", sorted(batch), sorted(map(self.fill, concurrent)))
        self.row.expect(f"{key}: further requests", rest, [])

    def expect_deleted(self, id_: str, remains: Inputs | None) -> None:
        """Fail if the sandbox stores something unexpected for a deleted object.

        If `remains` is `None`, the sandbox must have removed the object. Otherwise the sandbox must
        still store the object, with the values in `remains`.
        """
        if not self.organization.is_sandbox:
            return
        state = self.organization.stored(id_)
        expected = remains and merged(state or {}, self.fill(remains))
        self.row.expect("api_state_after_delete", comparable(state), comparable(expected))

    # --- placeholders

    def fill(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """Replace the placeholders in a value of the table."""
        if isinstance(value, str):
            if single := re.fullmatch(r"{(\w+)}", value):
                return self._placeholder(single[1])
            return re.sub(r"{(\w+)}", lambda name: str(self._placeholder(name[1])), value)
        if isinstance(value, Mapping):
            return {self.fill(key): self.fill(item) for key, item in value.items()}
        return [self.fill(item) for item in value] if isinstance(value, list) else value

    def _placeholder(self, name: str) -> Any:  # noqa: ANN401 - a string or, in previews, an unknown
        known = self.placeholders
        return known[name] if name in known else self.fill(self.declared[name])


def merged(base: Inputs, changes: Inputs) -> dict[str, Any]:
    """A copy of `base` with `changes` merged into it. Nested mappings are merged as well."""
    result = dict(base)
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result


def comparable(state: Any) -> Any:  # noqa: ANN401 - JSON
    """Stored attributes for comparisons, without unset attributes and `AUDIT_ATTRIBUTES`."""
    if not isinstance(state, Mapping):
        return state
    kept = {key: comparable(item) for key, item in state.items() if key not in AUDIT_ATTRIBUTES}
    return {key: item for key, item in kept.items() if item is not None}


def _error_of(act: Callable[[], object]) -> str:
    """Run an action. If it fails, return the message of its error, otherwise an empty string."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - any error that the user sees
        return str(error)
    return ""
