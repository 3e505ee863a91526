"""Assertions on a row of a `ResourceSpec`. Their messages name the resource, row and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A row of a `ResourceSpec`, with assertions.

    A row is also a context manager. If its `with` block raises an error, the row adds a note with
    the row's name to the error.
    """

    resource: str
    name: str

    def expect(self, key: str, actual: object, expected: object) -> None:
        """Fail if the actual value differs from the value that the row has for this key."""
        difference = "expected {!r}, got {!r}".format(*_differences(expected, actual))
        assert actual == expected, f"{self} / {key}: {difference}"

    def expect_text(self, key: str, actual: str, part: str) -> None:
        """Fail if a message does not contain the text that the row has for this key."""
        assert part in actual, f"{self} / {key}: expected {part!r}, got {actual!r}"

    def __str__(self) -> str:
        return f'{self.resource} / "{self.name}"'

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is not None and str(self) not in str(error):
            error.add_note(f"in {self}")


def _differences(expected: Any, actual: Any) -> tuple[Any, Any]:  # noqa: ANN401 - any value
    """Return both values. If both are mappings, leave out the members that are equal."""
    if not isinstance(expected, Mapping) or not isinstance(actual, Mapping):
        return expected, actual
    left, right = dict(expected), dict(actual)
    for key in expected.keys() & actual.keys():
        if actual[key] == expected[key]:
            del left[key], right[key]
        else:
            left[key], right[key] = _differences(expected[key], actual[key])
    return left, right
