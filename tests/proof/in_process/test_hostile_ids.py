"""With a hostile id, no operation of any resource type sends a request to an unintended URL."""

import itertools
import json
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from pulumi.dynamic import Config, ConfigureRequest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.engine import Timing, dynamic
from pulumi_datadog_cases.engine.dynamic import GET_KEY, DynamicProvider
from pulumi_datadog_cases.resources._shared.case_ids import case_ids
from pulumi_datadog_cases.resources._shared.external_ticket import (
    ExternalTicketLifecycle,
    Polling,
)

if TYPE_CHECKING:
    from tests.proof.conftest import Measure
    from tests.proof.in_process.conftest import Laboratory
    from tests.resources.harness.spec import ResourceSpec

RESOURCE_TYPES = sorted(set(cases.resources.__all__) - {"Provider"})

IDS = [
    "",
    ".",
    "..",
    "../..",
    "a/../../b",
    "a/b",
    "/a",
    "//evil.example/a",
    "https://evil.example/a",
    "@evil.example",
    "\\..\\",
    "%2e%2e",
    "%2f",
    "a%00b",
    "nul\x00byte",
    "two\nlines",
    "a HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "?a=b&c",
    "#a",
    ";a=b",
    "a b+c",
    "\u202egnp.exe\u2066",
    "👩‍👩‍👧",
    "\ud800",
    "projects",
    "favorites",
    "long" * 1000,
]
#: An id without special characters. Requests with this id show which URLs an operation should use.
HARMLESS = "the-id"
#: The value of every other id of a resource, while one id is hostile.
OTHER = "5a9d0c00-0000-4000-8000-000000000001"

#: Responses of the server. Each operation runs with each response, because the response decides
#: which requests follow.
RESPONSES: Mapping[str, tuple[int, object]] = {
    "not found": (404, {"errors": [{"title": "not found"}]}),
    "an object": (200, {"data": {"id": OTHER, "type": "it", "attributes": {"insights": []}}}),
    "a list": (200, {"data": [{"id": OTHER, "type": "it", "attributes": {}}]}),
    "hostile error": (
        400,
        {
            "errors": [
                {"title": "\x1b[2J\x07two\nlines", "detail": "\u202e", "meta": {"\x1b": "\n"}}
            ]
        },
    ),
}

#: The method, the decoded path segments and the decoded query parameters of a request, as a server
#: would parse them.
Request: TypeAlias = tuple[str, Sequence[str], Sequence[tuple[str, str]]]


class Listener:
    """A server that records the method and raw URL of each request.

    It responds to every request with `answer`: a status and a JSON document.
    """

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.answer: tuple[int, object] = (404, {})
        listener = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # sends a response in one packet; a second packet would be delayed

            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                listener.targets.append(f"{self.command} {self.path}")
                status, document = listener.answer
                content = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                """Do not log."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def capture(self, act: Callable[[], object]) -> tuple[list[Request], str | None]:
        """Run a function; return its requests, and the message of its error or None."""
        self.targets.clear()
        message = None
        try:
            act()
        except Exception as error:  # noqa: BLE001 - any error is shown to the user
            message = str(error)
        return [_parse(target) for target in self.targets], message


def _parse(target: str) -> Request:
    method, _, url = target.partition(" ")
    parts = urlsplit(url)
    assert not parts.fragment
    assert url.isprintable()
    segments = [unquote(segment) for segment in parts.path.split("/")]
    return method, segments, parse_qsl(parts.query, keep_blank_values=True)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    thread = threading.Thread(target=listening.server.serve_forever, args=(0.01,))
    thread.start()
    yield listening
    listening.server.shutdown()
    thread.join()
    listening.server.server_close()


@pytest.fixture
def timeouts() -> tuple[float, float]:
    """Long timeouts, because a timeout would cause a retry and thus another request."""
    return 60.0, 60.0


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
def test_id_reaches_no_other_url(  # noqa: PLR0913, PLR0917 - fixtures
    resource_type: str,
    soak: bool,  # noqa: FBT001 - a fixture
    laboratory: "Laboratory",
    listener: Listener,
    measure: "Measure",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DynamicProvider, "timing", Timing(consistency_window=0.0))
    monkeypatch.setattr(ExternalTicketLifecycle, "polling", Polling(timeout=0.0))
    # Each create operation has its own URN. With a common URN, the provider would first search for
    # the object of an earlier, failed create operation.
    urns = map("urn:pulumi:stack::project::type::{}".format, itertools.count())
    monkeypatch.setattr(dynamic, "urn_of_call", lambda: next(urns))
    resource = StateResource(laboratory.spec(resource_type), listener.url)
    failures: list[str] = []
    for (slot, verb), answer in itertools.product(resource.operations(), RESPONSES):
        listener.answer = RESPONSES[answer]
        harmless, _ = listener.capture(partial(resource.do, verb, slot, HARMLESS))
        for id_ in IDS if soak else _some(f"{slot} {verb} {answer}"):
            intended = [_with(request, id_) for request in harmless]
            requests, message = listener.capture(partial(resource.do, verb, slot, id_))
            unintended = any(request not in intended for request in requests)
            raw = message is not None and not message.isprintable()
            measure("hostile: requests to an unintended URL", unintended)
            measure("hostile: texts shown unescaped", raw)
            if unintended or raw:
                failures.append(
                    f"{verb}, {slot}={id_[:99]!r}: {unintended=}, {requests}, {message!r}"
                )
    assert not failures, "\n".join(failures)


def _some(seed: str) -> list[str]:
    """Return three of `IDS`. The choice is the same in every run with the same seed."""
    return random.Random(seed).sample(IDS, 3)  # noqa: S311 - not for security


def _with(request: Request, id_: str) -> Request:
    method, steps, parameters = request
    return (
        method,
        [step.replace(HARMLESS, id_) for step in steps],
        [(name, value.replace(HARMLESS, id_)) for name, value in parameters],
    )


class StateResource:
    """A resource as Pulumi's state describes it.

    For each operation, the caller chooses one id of the resource, for example a hostile id.
    """

    def __init__(self, spec: "ResourceSpec", url: str) -> None:
        self._class = spec["resource_class"]
        self._config = {"datadog:apiUrl": url, "datadog:apiKey": "key", "datadog:appKey": "key"}
        self._full: dict[str, Any] = _filled(spec["full_inputs"])
        self._changed: dict[str, Any] = {**self._full, **_filled(_an_update(spec["steps"]))}

    def operations(self) -> Iterator[tuple[str, str]]:
        """Yield pairs of a slot and an operation.

        A slot is `id`, or a property whose value may be part of a URL.
        """
        words = (
            name
            for name, value in self._full.items()
            if isinstance(value, str)
            and (name.endswith(("_id", "_uuid")) or name in {"key", "type"})
        )
        yield "id", "import"
        yield from itertools.product(["id", *words], ["get", "read", "create", "update", "delete"])

    def do(self, verb: str, slot: str, id_: str) -> object:
        """Perform an operation with the id or property `slot` set to `id_`."""
        case_ids.cache_clear()  # as in a new process
        provider = self._class.Provider()
        provider.configure(ConfigureRequest(Config(self._config, "project")))
        own = id_ if slot == "id" else OTHER
        full = {**self._full, slot: id_} if slot in self._full else self._full
        match verb:
            case "import":
                import_id = "/".join([*(OTHER for _ in provider.resource_type.parents), own])
                return provider.read(import_id, {GET_KEY: True})
            case "get":
                parents = {name: full[name] for name in provider.resource_type.parents}
                return provider.read(own, {**parents, GET_KEY: True})
            case "read":
                return provider.read(own, full)
            case "create":
                return provider.create(full)
            case "update":
                return provider.update(own, full, {**self._changed, slot: full.get(slot)})
            case _:
                provider.delete(own, full)
                return None


def _an_update(steps: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the changes of all rows that update the resource, merged into one set of inputs."""
    changed: dict[str, Any] = {}
    for step in steps.values():
        if step.keys() <= {"declare", "requests", "api_state", "outputs", "request_attributes"}:
            changed |= {name: v for name, v in step["declare"].items() if v is not None}
    return changed


def _filled(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return re.sub(r"{\w+}", OTHER, value)
    if isinstance(value, Mapping):
        return {_filled(key): _filled(item) for key, item in value.items()}
    return [_filled(item) for item in value] if isinstance(value, list) else value
