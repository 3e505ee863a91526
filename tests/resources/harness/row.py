"""Assertions whose messages name the resource, the row and the key of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A row of a `ResourceSpec`; as a context manager it adds its name to other errors."""

    resource: str
    name: str

    def expect(self, key: str, actual: object, expected: object) -> None:
        """Fail if a value is not the one that the row states under this key."""
        difference = "expected {!r}, got {!r}".format(*_differences(expected, actual))
        assert actual == expected, f"{self} / {key}: {difference}"

    def expect_text(self, key: str, actual: str, part: str) -> None:
        """Fail if a message lacks the text that the row states under this key."""
        assert part in actual, f"{self} / {key}: expected {part!r}, got {actual!r}"

    def __str__(self) -> str:
        return f'{self.resource} / "{self.name}"'

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is not None and str(self) not in str(error):
            error.add_note(f"in {self}")


def _differences(expected: Any, actual: Any) -> tuple[Any, Any]:  # noqa: ANN401 - any value
    """Both values without the members of mappings in which they agree."""
    if not isinstance(expected, Mapping) or not isinstance(actual, Mapping):
        return expected, actual
    left, right = dict(expected), dict(actual)
    for key in expected.keys() & actual.keys():
        if actual[key] == expected[key]:
            del left[key], right[key]
        else:
            left[key], right[key] = _differences(expected[key], actual[key])
    return left, right
