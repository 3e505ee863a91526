"""Converts between Pulumi's messages and plain values."""

from collections.abc import Mapping
from typing import Any, cast

from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # without stubs
from pulumi.runtime import rpc

from pulumi_datadog_cases.engine.values import Value, Values, from_wire, is_unknown


def from_struct(struct: Struct) -> dict[str, Value]:
    """Return the values in a message. Values that are unknown in a preview stay unknown."""
    found: Mapping[str, Any] = rpc.deserialize_properties(struct, True)
    return {name: from_wire(value) for name, value in found.items() if value is not None}


def to_struct(values: Values) -> Struct:
    """Return a message with these values."""
    struct = Struct()
    struct.update({name: _encoded(value) for name, value in values.items() if value is not None})
    return struct


def _encoded(value: Value) -> Any:  # noqa: ANN401 - as protobuf's `Struct` accepts it
    if is_unknown(value):
        return rpc.UNKNOWN
    if isinstance(value, Mapping):
        return {key: _encoded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encoded(item) for item in cast("list[Value]", value)]
    return value
