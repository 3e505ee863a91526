import pytest

from pulumi_datadog_cases.api import Forbidden
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.resources._shared.external_ticket import (
    ExternalTicketFailedError,
    Polling,
    wait_for_ticket,
)

UNDER_WAY = LiveObject("SEC-1", {"status": "IN_PROGRESS"})
DONE = LiveObject("SEC-1", {"status": "COMPLETED"})


POLLING = Polling(timeout=0.05, first_interval=0.01)


def test_what_takes_too_long_is_left_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert wait_for_ticket("the issue", lambda: UNDER_WAY, POLLING) is UNDER_WAY
    said = "warning: the issue is still being created; run `pulumi refresh` later to see it\n"
    assert capsys.readouterr().err == said


def test_it_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter([None, UNDER_WAY, DONE])
    assert wait_for_ticket("the issue", lambda: next(answers), POLLING) is DONE
    assert capsys.readouterr().err == ""


def test_a_look_that_fails_does_not_say_that_nothing_is_made() -> None:
    def look() -> LiveObject:
        raise Forbidden("no", status=403, method="GET", path="/cases/SEC-1")

    with pytest.raises(Forbidden) as raised:
        wait_for_ticket("the issue", look, POLLING)
    assert raised.value.may_have_arrived


def test_a_case_that_never_tells_of_it_is_not_waited_for_for_ever() -> None:
    with pytest.raises(ExternalTicketFailedError, match="the issue was not created"):
        wait_for_ticket("the issue", lambda: None, POLLING)
