"""A sandbox for tests, of which all can be asked. pytest's fixture `case_sandbox` is one.

It is a program of its own, `datadog-cases sandbox`, that this module starts, speaks to over HTTP
and ends.
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

__all__ = ["CaseSandbox", "Circumstances", "Firing", "SandboxError"]

_API_KEY = "sandbox-api-key"
_APP_KEY = "sandbox-app-key"
# As `FOLDER_VARIABLE` of `engine.safety.intent_log`, which cannot be imported without Pulumi.
_JOURNAL = "PULUMI_DATADOG_CASES_JOURNAL"
# Seconds within which a sandbox answers, and within which it ends.
_PATIENCE = 30


class SandboxError(DatadogCasesError):
    """A sandbox cannot be started, or cannot do what it is asked for. One line says why."""


@dataclass(frozen=True)
class Firing:
    """What has become of a rule when something happened to a case.

    Attributes:
        rule_id: UUID of the rule.
        rule_name: its name; None for a notification rule, which has none.
        kind: `automation_rule` or `notification_rule`.
        fired: whether it was set off.
        does: what it then does, in words, such as `runs the workflow enrich`.
        why: why it was set off, or why not, in words.
        event: the trigger that waits for what happened, in lower case, such as `case_created`.
        change: what happened, in words.
        case_id: UUID of the case; None for one that is made up.
        at: when (RFC 3339, UTC).
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


class Circumstances(TypedDict, total=False):
    """Of an event that has not happened: to which case, and what changes.

    A case that is there is named by `case_id`, a made-up one needs a `project`. What is said of the
    case besides is so before the change, whatever the case is like.
    """

    case_id: str
    """UUID or key of a case that is there."""
    project: str
    """UUID or key of the project of a made-up case."""
    title: str
    description: str
    type: str
    """UUID or name of the case's type; Standard by default."""
    priority: str
    """`P1` to `P5`, or `NOT_DEFINED`, the default."""
    status: str
    """Name of the case's status; the first open one of its type by default."""
    assignee: str
    """UUID, email or name of a user."""
    due_date: str
    """`YYYY-MM-DD`."""
    attributes: Mapping[str, Sequence[str]]
    """Labels and custom attributes, by name: to queries and triggers they are the same."""
    field: str
    """`attribute_value_changed`: what changes, such as `priority`, or a label."""
    from_: Sequence[str]
    """The values of the field, or the status, before; what the case has by default."""
    to: Sequence[str]
    """The values of the field, or the status, after; none by default."""
    approval_type: str
    """`case_review_approved`: the outcome of the review."""
    at: str
    """When (RFC 3339), for maintenance windows; now by default."""


class CaseSandbox:
    """A sandbox that is running.

    Attributes:
        url: its base URL.
        settings: what a `Client` of it is made with.
        environment: the environment variables that lead Pulumi to it, and keep what Pulumi's
            creates write down out of your own state folder. A site, a URL or keys in a stack's
            config win over them: for such a stack, set `config`.
        config: the stack config that leads to it.
    """

    def __init__(self, url: str, folder: Path) -> None:
        """Speak to a sandbox; see `started`.

        Args:
            url: where it is.
            folder: where creates may be written down.
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
        self._session.trust_env = False  # no proxy is on the way to this machine

    @classmethod
    @contextmanager
    def started(cls, *options: str) -> Generator[Self]:
        """Start a sandbox on a free port, and end it.

        Args:
            options: more of `datadog-cases sandbox`, such as `--seed` and a file.

        Yields:
            The sandbox.

        Raises:
            SandboxError: it does not start, or what it needs is not installed.
        """
        if importlib.util.find_spec("uvicorn") is None:
            raise SandboxError(
                "the sandbox is not installed: first `pip install 'pulumi-datadog-cases[sandbox]'`"
            )
        with TemporaryDirectory(prefix="case-sandbox-") as folder:
            log = Path(folder) / "log"
            # Nothing of the current folder is imported (-P): it may have an `uvicorn.py`.
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
                        said = log.read_text().strip().rpartition("\n")[2]
                        raise SandboxError(f"the sandbox does not start: {said}")
                    sandbox = cls(url, Path(folder) / "journal")
                    with sandbox._session:
                        yield sandbox
                finally:
                    _end(process)

    def reset(self) -> None:
        """Go back to the fresh state: no objects, no faults, no requests, no firings."""
        self._ask("POST", "/sandbox/reset")

    def requests(self) -> Sequence[Mapping[str, Any]]:
        """What the API was asked, oldest first.

        Returns:
            Of each request `method`, `path`, `status` and `ms`, and the `body` and the `reason` of
            a refusal where there is one: `GET /sandbox/requests`.
        """
        entries: list[dict[str, Any]] = self._ask("GET", "/sandbox/requests").json()
        return entries

    def firings(
        self,
        *,
        case_id: str | None = None,
        rule_id: str | None = None,
        fired: bool | None = None,
    ) -> Sequence[Firing]:
        """What has become of rules so far, oldest first.

        Args:
            case_id: UUID or key of a case: only what happened to it.
            rule_id: UUID of a rule: only what became of it.
            fired: whether to tell of those that were set off alone, or of those that were not.

        Raises:
            SandboxError: there is no such case.
        """
        flag = None if fired is None else str(fired).lower()
        asked = {"case_id": case_id, "rule_id": rule_id, "fired": flag}
        return _firings(self._ask("GET", "/sandbox/firings", params=asked))

    def simulate(self, event: str, **circumstances: Unpack[Circumstances]) -> Sequence[Firing]:
        """What would become of rules at an event that has not happened. Nothing is stored.

        Args:
            event: the trigger that waits for it: `case_created`, `status_transitioned`,
                `attribute_value_changed`, `comment_added`, `case_review_approved` or
                `event_correlation_signal_correlated`.
            circumstances: see `Circumstances`.

        Raises:
            SandboxError: there is no such event, or something in it is not there or cannot be.
        """
        asked = {name.removesuffix("_"): value for name, value in circumstances.items()}
        return _firings(self._ask("POST", "/sandbox/simulate", json={"event": event, **asked}))

    def _ask(
        self, method: str, path: str, *, params: object = None, json: object = None
    ) -> Response:
        ask: Any = self._session.request  # its stubs take parameters of fewer types
        answer: Response = ask(method, self.url + path, params=params, json=json, timeout=_PATIENCE)
        if not answer.ok:
            raise SandboxError(answer.json()["errors"][0])
        return answer


def _firings(answer: Response) -> Sequence[Firing]:
    return [Firing(**each) for each in answer.json()]


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
