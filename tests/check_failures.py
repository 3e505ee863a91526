"""Reads the failures of `DynamicProvider.check`."""

from pulumi.dynamic import CheckFailure


def split(failure: CheckFailure) -> tuple[str, str]:
    """Split a failure into a property path and the problem. The path must not contain a space."""
    path, _, problem = failure.reason.partition(" ")
    return path, problem
