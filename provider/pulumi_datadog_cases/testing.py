"""`CaseSandbox`: a local Case Management API for tests.

The pytest fixture `case_sandbox` returns a `CaseSandbox`. The sandbox is a separate program,
`datadog-cases sandbox`. This module starts the program, sends it HTTP requests, and stops it.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Self, TypedDict, Unpack

from requests import Response, Session

from pulumi_datadog_cases.api import DatadogCasesError, Settings

__all__ = ["CaseSandbox", "RuleOutcome", "SandboxError", "SimulatedEvent"]

_API_KEY = "sandbox-api-key"
_APP_KEY = "sandbox-app-key"
#: The environment variable with the folder of the intent log, where a deployment logs each create.
#: The name is repeated here, because the module with `FOLDER_VARIABLE` (`engine.safety.intent_log`)
#: cannot be imported without Pulumi.
_JOURNAL = "PULUMI_DATADOG_CASES_JOURNAL"
#: Seconds within which the sandbox must respond to a request, and within which it must stop.
_TIMEOUT = 30


class SandboxError(DatadogCasesError):
    """The sandbox does not start, or it rejected a request; the message says why."""


@dataclass(frozen=True)
class RuleOutcome:
    """Whether an event on a case triggers a rule.

    Attributes:
        rule_id: UUID of the rule.
        rule_name: name of the rule; None for a notification rule, because these have no names.
        kind: `automation_rule` or `notification_rule`.
        fired: whether the event triggers the rule.
        does: description of the rule's action, such as `runs the workflow enrich`.
        why: the reason why the rule is or is not triggered.
        event: the trigger type of the event, in lower case, such as `case_created`.
        change: description of the event.
        case_id: UUID of the case; None for a simulated case.
        at: time of the event (RFC 3339, UTC).
    """

    rule_id: str
    rule_name: str | None
    kind: Literal["automation_rule", "notification_rule"]
    fired: bool
    does: str
    why: str
    event: str
    change: str
    case_id: str | None
    at: str


class SimulatedEvent(TypedDict, total=False):
    """The details of a simulated event: its case, and what changes.

    Set `case_id` to use an existing case, or `project` to simulate a case. The keys from `title` to
    `attributes` are the case's values before the event. For an existing case, these keys override
    its own values.
    """

    case_id: str
    """UUID or key of an existing case."""
    project: str
    """UUID or key of the project of a simulated case."""
    title: str
    description: str
    type: str
    """UUID or name of the case's type; by default `Standard`."""
    priority: str
    """`P1` to `P5`, or `NOT_DEFINED`, the default."""
    status: str
    """Name of the case's status; by default the first open status of the case's type."""
    assignee: str
    """UUID, email or name of a user."""
    due_date: str
    """`YYYY-MM-DD`."""
    attributes: Mapping[str, Sequence[str]]
    """Labels and custom attributes by name; queries and triggers treat the two alike."""
    field: str
    """The name of the attribute that changes, such as `priority`, or the label that changes."""
    from_: Sequence[str]
    """Values of `field`, or of the status, before the event. By default the values of the case."""
    to: Sequence[str]
    """Values of `field`, or of the status, after the event. By default there are none."""
    approval_type: str
    """The kind of approval; only for the event `case_review_approved`."""
    at: str
    """Time of the event (RFC 3339), by default now. It decides which maintenance windows apply."""


class CaseSandbox:
    """A running sandbox.

    Attributes:
        url: the base URL of the sandbox.
        settings: settings with which a `Client` sends its requests to the sandbox.
        environment: environment variables with which deployments use the sandbox. One of them sets
            a temporary folder for the intent log, where a deployment logs each create operation.
            Without this variable, the log would be in your own state folder. If a stack's config
            has a site, a URL or keys, these take precedence over the variables. For such a stack,
            use `config`.
        config: stack config with which deployments use the sandbox.
    """

    def __init__(self, url: str, folder: Path) -> None:
        """Connect to a running sandbox; use `started` to start one.

        Args:
            url: the base URL of the sandbox.
            folder: folder for the intent log, where a deployment logs each create.
        """
        self.url = url
        self.settings = Settings(api_key=_API_KEY, app_key=_APP_KEY, base_url=url)
        self.environment: Mapping[str, str] = {
            "DD_HOST": url,
            "DD_API_KEY": _API_KEY,
            "DD_APP_KEY": _APP_KEY,
            _JOURNAL: str(folder),
        }
        self.config: Mapping[str, str] = {
            "datadog:apiUrl": url,
            "datadog:apiKey": _API_KEY,
            "datadog:appKey": _APP_KEY,
        }
        self._session = Session()
        self._session.trust_env = False  # use no proxy, because the sandbox is on this machine

    @classmethod
    @contextmanager
    def started(cls, *options: str) -> Generator[Self]:
        """Start a sandbox on a free port, and stop it at the end of the `with` block.

        Args:
            options: further options of `datadog-cases sandbox`, such as `--seed` and a file.

        Yields:
            The sandbox.

        Raises:
            SandboxError: the sandbox does not start, or its dependencies are not installed.
        """
        if importlib.util.find_spec("uvicorn") is None:
            raise SandboxError(
                "the sandbox is not installed: install it with "
                "`pip install 'pulumi-datadog-cases[sandbox]'`"
            )
        with TemporaryDirectory(prefix="case-sandbox-") as folder:
            log = Path(folder) / "log"
            # -P: import nothing from the current folder, which may have a `uvicorn.py`.
            command = [sys.executable, "-P", "-m", "datadog_cases_sandbox", "--port", "0", *options]
            with (
                log.open("w") as errors,
                subprocess.Popen(  # noqa: S603 - the options are the caller's own
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    encoding="utf-8",
                ) as process,
            ):
                try:
                    url = process.stdout.readline().strip() if process.stdout else ""
                    if not url:
                        reason = log.read_text().strip().rpartition("\n")[2]
                        raise SandboxError(f"the sandbox does not start: {reason}")
                    sandbox = cls(url, Path(folder) / "journal")
                    with sandbox._session:
                        yield sandbox
                finally:
                    _stop(process)

    def reset(self) -> None:
        """Remove all objects, faults, logged requests and rule outcomes."""
        self._request("POST", "/sandbox/reset")

    def requests(self) -> Sequence[Mapping[str, Any]]:
        """Return the requests that the sandbox has received, oldest first.

        Sends `GET /sandbox/requests`.

        Returns:
            A mapping for each request, with `method`, `path`, `status` and `ms`. It has `body` if
            the request has a body, and `reason` if the sandbox rejected the request.
        """
        entries: list[dict[str, Any]] = self._request("GET", "/sandbox/requests").json()
        return entries

    def rule_outcomes(
        self,
        *,
        case_id: str | None = None,
        rule_id: str | None = None,
        fired: bool | None = None,
    ) -> Sequence[RuleOutcome]:
        """Return the outcomes of all rules for all events so far, oldest first.

        Args:
            case_id: UUID or key of a case, to return only outcomes of events on this case.
            rule_id: UUID of a rule, to return only outcomes of this rule.
            fired: True to return only triggered rules, False to return only the others.

        Raises:
            SandboxError: the case does not exist.
        """
        flag = None if fired is None else str(fired).lower()
        query = {"case_id": case_id, "rule_id": rule_id, "fired": flag}
        return _outcomes(self._request("GET", "/sandbox/firings", params=query))

    def simulate(self, event: str, **details: Unpack[SimulatedEvent]) -> Sequence[RuleOutcome]:
        """Compute the outcomes of all rules for an event that has not happened.

        The sandbox does not store the event or the outcomes.

        Args:
            event: a trigger type of automation rules (see `AutomationRule.trigger`), in lower or
                upper case, such as `case_created`.
            details: see `SimulatedEvent`.

        Raises:
            SandboxError: the event type is unknown, a detail is invalid, or a detail refers to an
                object that does not exist. If the event type is unknown, the message lists the
                known types.
        """
        body = {name.removesuffix("_"): value for name, value in details.items()}
        return _outcomes(self._request("POST", "/sandbox/simulate", json={"event": event, **body}))

    def _request(
        self, method: str, path: str, *, params: object = None, json: object = None
    ) -> Response:
        send: Any = self._session.request  # `Any`, because the stubs accept fewer parameter types
        response: Response = send(
            method, self.url + path, params=params, json=json, timeout=_TIMEOUT
        )
        if not response.ok:
            raise SandboxError(response.json()["errors"][0])
        return response


def _outcomes(response: Response) -> Sequence[RuleOutcome]:
    return [RuleOutcome(**each) for each in response.json()]


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
