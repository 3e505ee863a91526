"""Tests of `Interruption`, the event that ends waits.

For a thread with a time limit, the event also counts as set once the limit has passed.
"""

import threading

from pulumi_datadog_cases._interruption import Interruption


def test_time_limit_ends_waits_of_its_thread_only() -> None:
    event = Interruption()
    seen_elsewhere: list[bool] = []
    with event.time_limit(0.05):
        assert event.wait(60)
        assert event.is_set()
        assert event.reason == "the time limit of `custom_timeouts` has passed"
        other = threading.Thread(target=lambda: seen_elsewhere.append(event.is_set()))
        other.start()
        other.join()
    assert seen_elsewhere == [False]
    assert not event.is_set()


def test_shorter_wait_ends_before_the_limit() -> None:
    event = Interruption()
    with event.time_limit(3600):
        assert not event.wait(0.01)
    with event.time_limit(0):
        assert not event.wait(0.01)


def test_interruption_ends_waits_without_limit() -> None:
    event = Interruption()
    threading.Timer(0.05, event.set).start()
    assert event.wait()
    assert event.reason == "the run was interrupted"
