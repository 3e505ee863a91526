"""Hooks that run before the provider sends a request."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

import pytest
import requests
from requests.adapters import HTTPAdapter

#: A function that takes a shell pattern and an action. After the call
#: `before_request("PUT /cases/types/*", act)`, the action runs once, before the next matching
#: request.
BeforeRequest: TypeAlias = Callable[[str, Callable[[], object]], None]


def run_before_requests(monkeypatch: pytest.MonkeyPatch) -> BeforeRequest:
    """Return a `BeforeRequest` function. It registers an action that runs before a request."""
    pending: list[tuple[str, Callable[[], object]]] = []

    def hook(request: requests.PreparedRequest) -> None:
        line = f"{request.method} {str(request.url).partition('/api/v2')[2]}"
        for entry in [entry for entry in pending if fnmatchcase(line, entry[0])][:1]:
            pending.remove(entry)  # before the action, which may itself send a matching request
            entry[1]()

    _hook_requests(monkeypatch, hook)
    return lambda pattern, act: pending.append((pattern, act))


def corrupt_requests(monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    """Corrupt the body of each matching request.

    If a request has no body, corrupt the id at the end of its URL.
    """
    method, path = pattern.split(" ")

    def hook(request: requests.PreparedRequest) -> None:
        if request.method == method and re.fullmatch(f".*/api/v2{path}", str(request.url)):
            if request.body is None:
                request.url = f"{request.url}-"
            else:
                request.prepare_body(b"{}", None)

    _hook_requests(monkeypatch, hook)


def _hook_requests(
    monkeypatch: pytest.MonkeyPatch, hook: Callable[[requests.PreparedRequest], None]
) -> None:
    send = HTTPAdapter.send

    def send_after_hook(
        self: HTTPAdapter,
        request: requests.PreparedRequest,
        *args: Any,  # noqa: ANN401 - passed on
        **options: Any,  # noqa: ANN401 - passed on
    ) -> requests.Response:
        hook(request)
        return send(self, request, *args, **options)

    monkeypatch.setattr(HTTPAdapter, "send", send_after_hook)
