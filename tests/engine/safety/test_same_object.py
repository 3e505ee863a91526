"""`SameObject` decides for each delete whether the stack still manages the object."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest

from pulumi_datadog_cases.engine.safety import same_object
from pulumi_datadog_cases.engine.safety.same_object import SameObject
from pulumi_datadog_cases.engine.stack_state import StackObject
from pulumi_datadog_cases.resources import CaseWatcher

if TYPE_CHECKING:
    from collections.abc import Sequence

URN = "urn:pulumi:dev::desk::pulumi-python:dynamic/datadog-cases:CaseWatcher::bela"
VALUES = {"case_id": "c", "user_uuid": "u"}


def test_only_one_of_two_concurrent_deletes_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow_state(urn: str | None, resource_type: str) -> "Sequence[StackObject]":
        time.sleep(0.05)  # both calls have begun when the first one knows the state
        return [StackObject(urn or "", VALUES, False, False, resource_type, "u", has_old_copy=True)]

    monkeypatch.setattr(same_object, "stack_resources", slow_state)
    unused = cast("Any", None)
    same = SameObject(CaseWatcher.Provider.resource_type, unused, unused, {URN})
    with ThreadPoolExecutor(2) as pool:
        kept = [*pool.map(lambda _: same.is_kept(URN, VALUES), range(2))]
    assert sorted(kept) == [False, True]
