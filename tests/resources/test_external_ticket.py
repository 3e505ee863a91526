import pytest

from pulumi_datadog_cases.api import Forbidden
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.resources._shared.external_ticket import (
    ExternalTicketFailedError,
    Polling,
    wait_for_ticket,
)

IN_PROGRESS = LiveObject("SEC-1", {"status": "IN_PROGRESS"})
COMPLETED = LiveObject("SEC-1", {"status": "COMPLETED"})
#: Stops polling soon, to test the timeout.
IMPATIENT = Polling(timeout=0.05, first_interval=0.01)
#: Does not time out, even on a slow machine.
PATIENT = Polling(timeout=60, first_interval=0.01)


def test_wait_warns_after_timeout(capsys: pytest.CaptureFixture[str]) -> None:
    assert wait_for_ticket("the issue", lambda: IN_PROGRESS, IMPATIENT) is IN_PROGRESS
    warning = "warning: the issue is still being created; run `pulumi refresh` later to see it\n"
    assert capsys.readouterr().err == warning


def test_wait_returns_completed_ticket(capsys: pytest.CaptureFixture[str]) -> None:
    results = iter([None, IN_PROGRESS, COMPLETED])
    assert wait_for_ticket("the issue", lambda: next(results), PATIENT) is COMPLETED
    assert capsys.readouterr().err == ""


def test_failed_poll_may_have_created_ticket() -> None:
    def poll() -> LiveObject:
        raise Forbidden("no", status=403, method="GET", path="/cases/SEC-1")

    with pytest.raises(Forbidden) as raised:
        wait_for_ticket("the issue", poll, IMPATIENT)
    assert raised.value.may_have_arrived


def test_wait_fails_if_case_never_shows_ticket() -> None:
    with pytest.raises(ExternalTicketFailedError, match="the issue was not created"):
        wait_for_ticket("the issue", lambda: None, IMPATIENT)
