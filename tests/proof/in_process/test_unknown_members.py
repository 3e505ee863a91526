"""Tests with any JSON in responses: unknown members at any depth, and unusual values.

The provider reads whatever the API returns. Unknown members do not count as differences. A request
that replaces an object contains the object's unknown members, unchanged.
"""

import ast
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import hypothesis
import pytest
from hypothesis import strategies as st
from pydantic import JsonValue
from tests.resources.harness.in_process import InProcessDeployment
from tests.resources.harness.runner import SpecRunner, merged

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.api.http.session import Session
from pulumi_datadog_cases.cli.codegen import name_and_order, program
from pulumi_datadog_cases.cli.inventory import Inventory
from pulumi_datadog_cases.engine.values import from_wire

if TYPE_CHECKING:
    from tests.proof.in_process.conftest import Laboratory
    from tests.resources.harness.spec import Inputs, ResourceSpec

    from pulumi_datadog_cases.api.http.request import RequestInfo
    from pulumi_datadog_cases.api.http.responses import Response

RESOURCE_TYPES = sorted(set(cases.resources.__all__) - {"Provider"})

JSON: TypeAlias = JsonValue
Object: TypeAlias = dict[str, JsonValue]

#: An unknown member that the sandbox adds to each object, with a different value in each. In a
#: request, it shows from which object of a response a sent object was copied.
MARK = "new_mark"

NUMBERS = st.one_of(
    st.integers(-(2**80), 2**80),
    st.sampled_from([0, 1, 2**53 + 1, 1.0, -0.0, 90.0, 1e22, 1e300, 0.1, True, False]),
    st.floats(allow_nan=False, allow_infinity=False),
)
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["", "NEW_WORD", "ǅ\u2028\0", "2026-02-30"]))
VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.one_of(st.none(), NUMBERS, TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
#: Names of unknown members. Some look like misspelt known names, but the API could
#: return members with these names.
NAMES = st.one_of(
    st.sampled_from(["enable", "notify_on_case_comments", "handles", "emails", "valuee", "option"]),
    st.sampled_from(["", "__new", "a.b", "x[0]", "ключ", "constructor", "links", "meta"]),
    st.text(min_size=1, max_size=5).map("new {}".format),
)
NOTHING: Object = {}
UNKNOWN = st.dictionaries(NAMES, VALUES, min_size=1, max_size=3)


class Wire:
    """Adds unknown members to responses, and removes them from requests.

    To the provider, the sandbox seems to have these members. The requests are recorded before the
    members are removed.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.unknown: Object = {}
        #: Values that replace attributes in responses, by attribute name.
        self.unusual: Object = {}
        #: Each resource by id, as it was in the last response that contained it.
        self.served: dict[str, Object] = {}
        #: The same resources, with numbers as the JSON spells them (`Number`).
        self.written: dict[str, Object] = {}
        #: For each write: the path, the sent attributes, and the resource's attributes in the last
        #: response before the write.
        self.writes: list[tuple[str, Object, Object]] = []
        send = Session.send

        def send_changed(
            session: Session,
            request: "RequestInfo",
            params: Mapping[str, str],
            data: bytes | None,
        ) -> "Response":
            if data is not None:
                body = exactly(data)
                self._record(request.path, body)
                data = json.dumps(self._without_unknown(json.loads(data))).encode()
            response = send(session, request, params, data)
            content = self._changed(response.content)
            return type(response)(response.status, response.headers, content)

        monkeypatch.setattr(Session, "send", send_changed)

    def _record(self, path: str, body: Object) -> None:
        ids = [part for part in path.split("/") if part in self.written]
        before = self.written[ids[-1]] if ids else {}
        self.writes.append((path, attributes_of(body["data"]), attributes_of(before)))

    def _without_unknown(self, value: JSON) -> JSON:
        if isinstance(value, list):
            return [self._without_unknown(each) for each in value]
        if isinstance(value, dict):
            names = {*self.unknown, MARK} if MARK in value else set[str]()
            return {k: self._without_unknown(v) for k, v in value.items() if k not in names}
        return value

    def _changed(self, content: bytes) -> bytes:
        with suppress(ValueError):
            document: Object = json.loads(content)
            if "data" in document:
                document = {**document, "data": self._with_unknown(document["data"])}
                content = json.dumps(document).encode()
                self.served |= resources_of(document)
                self.written |= resources_of(exactly(content))
        return content

    def _with_unknown(self, value: JSON, path: str = "") -> JSON:
        if isinstance(value, list):
            return [self._with_unknown(each, path) for each in value]
        if not isinstance(value, dict):
            return value
        result = {
            name: self._with_unknown(
                self.unusual[name] if path == "attributes" and name in self.unusual else each, name
            )
            for name, each in value.items()
        }
        if self.unknown:
            mark = zlib.crc32(json.dumps(value, sort_keys=True).encode())
            added = {n: v for n, v in self.unknown.items() if n not in value}
            result = (
                {**added, **result, MARK: mark} if mark % 2 else {**result, **added, MARK: mark}
            )
        return result


def attributes_of(resource: JSON) -> Object:
    return members(members(resource).get("attributes"))


def resources_of(document: Object) -> dict[str, Object]:
    """The resources of a document, by id."""
    data = document["data"]
    return {str(each["id"]): each for each in objects(data if isinstance(data, list) else [data])}


def as_texts(values: Mapping[str, object]) -> set[str]:
    """The members as JSON, with numbers as the original JSON spells them."""
    return {json.dumps([name, value], sort_keys=True) for name, value in values.items()}


def exactly(content: bytes) -> Object:
    """Parse a JSON object, with numbers as `Number`."""
    parsed: Object = json.loads(content, parse_int=Number, parse_float=Number)
    return parsed


class Number(str):
    """A number as JSON spells it, such as `1.0`. It differs from the string `"1.0"`."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(monkeypatch)


@pytest.fixture
def examples(soak: bool) -> hypothesis.settings:  # noqa: FBT001 - a fixture
    """Settings for a few fixed examples or, in the long form, for many random examples."""
    return hypothesis.settings(
        max_examples=100 if soak else 4,
        derandomize=not soak,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],  # shrinking takes minutes
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )


class Subject:
    """A deployed resource that declares all inputs."""

    def __init__(self, laboratory: "Laboratory", resource_type: str) -> None:
        self.spec: ResourceSpec = laboratory.spec(resource_type)
        resource_class = self.spec["resource_class"]
        self.resource_type = resource_class.Provider.resource_type
        self.deployment = InProcessDeployment(resource_class, laboratory.organization)
        self.runner = SpecRunner(
            self.spec, laboratory.organization, self.deployment, lambda _: None
        )
        self.runner.create_prerequisites()
        self.up({})

    def up(self, change: "Inputs") -> str:
        self.runner.declared = merged(self.spec["full_inputs"], change)
        did = self.deployment.up(self.runner.fill(self.runner.declared))
        self.runner.placeholders["id"] = self.deployment.id
        return did

    def read(self) -> set[str]:
        """The members of the live object, as JSON."""
        lifecycle = self.resource_type.connect(self.runner.organization.config.get)
        live = lifecycle.read(str(self.deployment.id), self.deployment.outputs)
        assert live is not None
        return as_texts(live.values)

    def served(self, wire: Wire) -> set[str]:
        """The object's attributes in the last response that contained the object.

        The set is empty if the object is part of another object, and so has no id of its own.
        """
        has_own_id = self.spec["resource_class"].Lifecycle.ids_are_unique
        attributes = attributes_of(wire.served[str(self.deployment.id)]) if has_own_id else {}
        # The value of a read-only property may differ from the attribute.
        computed = {name for name, p in self.resource_type.properties.items() if p.computed}
        return as_texts({name: attributes[name] for name in attributes.keys() - computed})

    @property
    def edits(self) -> list["Inputs"]:
        """The input changes of the steps that only update declared properties."""
        return [
            step["declare"]
            for step in self.spec["steps"].values()
            if "declare" in step
            and step.get("operation", "update") == "update"
            and not step.keys() & {"given", "violations", "error", "out_of_band", "spec_overrides"}
        ]


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
def test_unknown_members_are_kept_and_sent_back_unchanged(
    resource_type: str,
    laboratory: "Laboratory",
    wire: Wire,
    examples: hypothesis.settings,
) -> None:
    laboratory.organization.reset()
    subject = Subject(laboratory, resource_type)
    deployment = subject.deployment

    @examples
    @hypothesis.given(unknown=UNKNOWN, edit=st.sampled_from([*subject.edits, NOTHING]))
    def check(unknown: Object, edit: "Inputs") -> None:
        # If the previous example failed, its edit is still deployed.
        if subject.runner.declared != subject.spec["full_inputs"]:
            subject.up({})
        wire.unknown = unknown
        inputs = deployment.inputs
        assert deployment.refresh() <= computed_with_members(subject)
        assert deployment.inputs == inputs
        assert deployment.refresh() == set()
        assert subject.up({}) == "nothing"
        assert subject.read() >= subject.served(wire)
        for change in (edit, NOTHING):
            old = deployment.inputs
            wire.writes.clear()
            assert subject.up(change) == ("update" if edit else "nothing")
            new = deployment.inputs
            for path, sent, before in wire.writes:
                for name, value in sent.items():
                    if name not in subject.resource_type.inputs:
                        assert MARK not in str(value)
                        continue
                    # A request contains only the changed parts of the settings.
                    whole = name != "settings"
                    values = value, before.get(name), old.get(name), new.get(name)
                    problems = [*Sent(*values, f"{path} {name}", is_whole=whole).problems()]
                    assert not problems, "\n".join(problems)
            assert subject.up(change) == "nothing"
            assert deployment.refresh() <= computed_with_members(subject)
            assert subject.up(change) == "nothing"

    check()


def computed_with_members(subject: Subject) -> set[str]:
    """The read-only properties that contain objects. Their values show unknown members."""
    return {
        name
        for name, p in subject.resource_type.properties.items()
        if p.computed and isinstance(subject.deployment.outputs.get(name), dict | list)
    }


@dataclass(frozen=True)
class Sent:
    """A sent value of a property, with the served and the declared values of this property."""

    value: JSON
    #: The value in the last response before the request.
    served: JSON
    #: The declared value before the edit.
    old: JSON
    #: The declared value after the edit.
    new: JSON
    path: str
    #: Whether the request replaces the whole value. The request must then contain all members.
    is_whole: bool = True

    def problems(self) -> Iterator[str]:
        """Yield each undeclared part in which the sent value differs from the served value."""
        is_declared = isinstance(self.new, dict) or isinstance(self.old, dict)
        if isinstance(self.value, dict) and is_declared:
            yield from self._problems_of_members()
        elif isinstance(self.value, dict) and self.value != self.served:
            yield f"{self.path}: sent {self.value}, served {self.served}"
        elif isinstance(self.value, list) and isinstance(self.new, list):
            yield from self._problems_of_elements()

    def _problems_of_members(self) -> Iterator[str]:
        sent, new, old = members(self.value), members(self.new), members(self.old)
        kept = members(self.served)
        kept = kept if have_same_type(kept, new) else {}
        undeclared = kept.keys() - new.keys() - old.keys()
        if self.is_whole:
            for name in undeclared - sent.keys():
                yield f"{self.path}.{name}: not sent, served {kept[name]}"
        for name, value in sent.items():
            at = f"{self.path}.{name}"
            if name in new:
                yield from Sent(value, kept.get(name), old.get(name), new[name], at).problems()
            elif name in undeclared and value != kept[name]:
                yield f"{at}: sent {value}, served {kept[name]}"
            elif name not in kept:
                yield f"{at}: sent {value}, served nothing"

    def _problems_of_elements(self) -> Iterator[str]:
        by_mark = {each[MARK]: each for each in objects(self.served)}
        for each in objects(self.value):
            at = f"{self.path}[…]"
            served = by_mark.get(each.get(MARK))
            if served is not None:
                old, new = part_of(served, self.old), part_of(each, self.new)
                yield from Sent(each, served, old, new, at).problems()
            elif self.old == self.new or MARK in each:
                yield f"{at}: sent {each}, which corresponds to nothing served"


def members(value: JSON) -> Object:
    return value if isinstance(value, dict) else {}


def objects(value: JSON) -> list[Object]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def part_of(element: Object, declared: JSON) -> Object:
    """The declared element that corresponds to a sent element; empty if there is none."""
    nothing: Object = {}
    return next((each for each in objects(declared) if is_part(each, element)), nothing)


def is_part(declared: JSON, value: JSON) -> bool:
    if isinstance(declared, dict):
        found = members(value)
        return all(is_part(each, found.get(name)) for name, each in declared.items())
    return isinstance(value, Number) or declared == value


def have_same_type(left: Object, right: Object) -> bool:
    types = {str(each["type"]).upper() for each in (left, right) if "type" in each}
    return len(types) <= 1


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
def test_unusual_values_are_read(
    resource_type: str,
    laboratory: "Laboratory",
    wire: Wire,
    examples: hypothesis.settings,
) -> None:
    laboratory.organization.reset()
    subject = Subject(laboratory, resource_type)
    deployment = subject.deployment
    id_, inputs, outputs = deployment.id, deployment.inputs, deployment.outputs

    @examples
    @hypothesis.given(unusual=unusual_values(wire, inputs))
    @hypothesis.example(unusual={"insights": [{}]})
    @hypothesis.example(unusual={"type": [[]]})
    def check(unusual: Object) -> None:
        deployment.id, deployment.inputs, deployment.outputs = id_, inputs, outputs
        wire.unusual = unusual
        deployment.refresh()

    check()


def unusual_values(wire: Wire, declared: Mapping[str, object]) -> st.SearchStrategy[Object]:
    """Other values for attributes that are not declared."""
    resources = wire.served.values()
    names = {name for each in resources for name in attributes_of(each)} - declared.keys()
    return st.dictionaries(st.sampled_from(sorted({*names, "other"})), VALUES, min_size=1)


def test_imported_program_is_valid(
    laboratory: "Laboratory", wire: Wire, examples: hypothesis.settings
) -> None:
    """The program that `import` writes is valid, whatever members the objects have."""
    laboratory.organization.reset()
    for resource_type in RESOURCE_TYPES:
        Subject(laboratory, resource_type)
    client = Client(laboratory.organization.settings)
    everything = {each.identity for each in Inventory(client, lambda _: None).read(None, [None])}

    @examples
    @hypothesis.given(
        unknown=st.one_of(UNKNOWN, st.just(NOTHING)), unusual=unusual_values(wire, {})
    )
    @hypothesis.example(unknown={"notify_on_case_comments": 5}, unusual={})
    @hypothesis.example(unknown={}, unusual={"insights": [{}]})
    def check(unknown: Object, unusual: Object) -> None:
        wire.unknown, wire.unusual = unknown, unusual
        inventory = Inventory(client, lambda _: None)
        found = inventory.read(None, [None])
        for each in found:
            declared = {name: from_wire(value) for name, value in each.declared.items()}
            _, diagnostics = each.resource_type.validate(declared)
            inputs = each.resource_type.inputs
            # `import` cannot declare a property that no response contains.
            assert not [d for d in diagnostics if not (d.warning or inputs[d.property].write_only)]
        ast.parse(program("Everything.", name_and_order(found, {})))
        if not unusual:
            assert {each.identity for each in found} == everything

    check()
