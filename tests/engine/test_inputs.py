"""Python values such as dates and enums: they become JSON values, or are rejected with advice."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.engine.inputs import convert
from pulumi_datadog_cases.engine.values import UNKNOWN

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization


class Level(Enum):
    HIGH = "P1"


class Word(StrEnum):
    OPEN = "open"


class Number(IntEnum):
    SEVEN = 7


@dataclass(frozen=True)
class Recipient:
    type: str
    data: Mapping[str, object]
    note: str | None = None


class Rows(Sequence[int]):
    """A sequence that is neither a list nor a tuple."""

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 - the base class's signature
        return [1, 2][at]

    def __len__(self) -> int:
        return 2


ID = "1f0c0000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2027, 1, 2), "2027-01-02"),
        (datetime(2027, 1, 2, 3, tzinfo=UTC), "2027-01-02T03:00:00+00:00"),
        (datetime(2027, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), "2027-01-02T03:00:00+02:00"),
        (Level.HIGH, "P1"),
        (Word.OPEN, "open"),
        (Number.SEVEN, 7),
        (UUID(ID), ID),
        (Decimal("7.50"), 7.5),
        (Decimal("7.00"), 7),
        (Decimal("1E+3"), 1000),
        (True, True),
        (2**53, 2**53),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({Word.OPEN}), ["open"]),
        (Recipient("EMAIL", {"email": Word.OPEN}), {"type": "EMAIL", "data": {"email": "open"}}),
        (MappingProxyType({"a": (date(2027, 1, 2),)}), {"a": ["2027-01-02"]}),
        ({Level.HIGH: 1, UUID(ID): 2}, {"P1": 1, ID: 2}),
        (Rows(), [1, 2]),
        (range(2), [0, 1]),
    ],
)
def test_natural_value_becomes_json(value: object, expected: object) -> None:
    inputs = convert({"p": {"deep": [value]}}, "Case c")
    assert inputs.problems == []
    (converted,) = cast("Any", inputs.known)["p"]["deep"]
    assert json.dumps(converted, sort_keys=True) == json.dumps(expected, sort_keys=True)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (datetime(2027, 1, 2), "is a time without a time zone: pass one"),  # noqa: DTZ001 - tested here
        (2**53 + 1, "is 9007199254740993, but Pulumi rounds integers above 2**53"),
        (Decimal(2**60), "but Pulumi rounds integers above 2**53"),
        (Decimal("NaN"), "is NaN: use a finite number"),
        (b"x", "is bytes: decode them to a string"),
        ((each for each in "ab"), "is a generator or an iterator, which can be read only once"),
        (iter([1]), "is a generator or an iterator, which can be read only once"),
        (object(), "is of the type object, which has no JSON form"),
        (Recipient, "is the class Recipient, not a value"),
        ({1: "x"}, "has the key 1, which is not a string"),
        ({Level.HIGH: 1, "P1": 2}, "has two keys that become 'P1'"),
    ],
)
def test_ambiguous_value_is_rejected_with_its_path(value: object, problem: str) -> None:
    inputs = convert({"p": {"deep": [value]}}, "Case c")
    (found,) = inputs.problems
    assert found.path == "p.deep[0]"
    assert problem in found.message


def test_invalid_value_has_only_one_finding() -> None:
    resource_type = cases.Case.Provider.resource_type
    inputs = convert({"project_id": ID, "title": "t", "due_date": b"x"}, "Case c")
    _, diagnostics = resource_type.validate(inputs.known)
    assert inputs.known["due_date"] is UNKNOWN
    assert diagnostics == []


def test_set_is_rejected_where_order_matters() -> None:
    inputs = convert({"project_id": ID, "title": "t", "attributes": {"env": {"b", "a"}}}, "Case c")
    assert cases.Case.Provider.resource_type.validate(inputs.known)[1] == []
    value = {"type": "SELECT", "value": {"b", "a"}}
    attribute = {"case_id": "SOC-1", "key": "k", **value}
    _, (found,) = cases.CaseCustomAttribute.Provider.resource_type.validate(
        convert(attribute, "CaseCustomAttribute a").known
    )
    assert (found.path, found.message) == (
        "value",
        "is a set, but the order matters here: pass a list",
    )


NATURAL = """
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from types import MappingProxyType
from uuid import UUID
import pulumi
import pulumi_datadog_cases as cases


class Priority(Enum):
    HIGH = "P1"


class Env(StrEnum):
    PROD = "prod"


@dataclass
class Recipient:
    type: str
    data: object
    note: str | None = None


desk = cases.Project("desk", key="DESK", name="Desk")
start = datetime(2031, 1, 1, tzinfo=UTC)
cases.MaintenanceWindow(
    "window", name="Night", query="q", start_at=start, end_at=start + timedelta(hours=8)
)
cases.Case(
    "case",
    project_id=desk.id.apply(UUID),
    title=pulumi.Output.from_input("Title"),
    priority=Priority.HIGH,
    due_date=desk.id.apply(lambda _: date(2031, 2, 3)),
    attributes=MappingProxyType({"env": {Env.PROD, desk.key}}),
)
cases.NotificationRule(
    "rule",
    project_id=desk.id,
    query="priority:P1",
    recipients=(Recipient("EMAIL", {"email": desk.key.apply(lambda key: f"{key}@a.example")}),),
    triggers=[{"type": "CASE_CREATED"}],
)
"""

PLAIN = """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
cases.MaintenanceWindow(
    "window",
    name="Night",
    query="q",
    start_at="2031-01-01T00:00:00Z",
    end_at="2031-01-01T08:00:00Z",
)
cases.Case(
    "case",
    project_id=desk.id,
    title="Title",
    priority="P1",
    due_date="2031-02-03",
    attributes={"env": ["prod", "DESK"]},
)
cases.NotificationRule(
    "rule",
    project_id=desk.id,
    query="priority:P1",
    recipients=[{"type": "EMAIL", "data": {"email": "DESK@a.example"}}],
    triggers=[{"type": "CASE_CREATED"}],
)
"""


@pytest.mark.pulumi
def test_natural_values_deploy_like_json_values(
    new_stack: "NewStack", organization: "Organization"
) -> None:
    stack = new_stack(organization, NATURAL)
    stack.up()
    stack.assert_no_changes()
    stack.write(PLAIN)
    stack.assert_no_changes()


@pytest.mark.pulumi
def test_ambiguous_value_in_an_output_names_the_resource(
    new_stack: "NewStack", organization: "Organization"
) -> None:
    stack = new_stack(organization)
    stack.write("""\
import pulumi
import pulumi_datadog_cases as cases

later = pulumi.Output.from_input("x")
cases.CaseType("type", name=later, description=later.apply(lambda text: text.encode()))
""")
    output = stack.preview(fails=True)
    line = "error: __main__.py:5: CaseType type: description is bytes: decode them to a string"
    assert line in output
    assert "Traceback" not in output
