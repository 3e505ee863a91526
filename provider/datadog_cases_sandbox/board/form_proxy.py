"""Forwards the board's forms to the API as JSON requests."""

import json
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from datadog_cases_sandbox.board.forms import InvalidFormError, form_body

BOARD: Final = "/board"
SUCCESS: Final = range(200, 300)

ErrorPage: TypeAlias = Callable[[int, str, str], Response]
"""Renders an error page from a status, a request (`POST /api/v2/cases`), and a message."""


class FormProxy:
    """An ASGI application that receives forms at `/board` followed by a path of the sandbox.

    `forms.form_body` converts a form to JSON. An empty form becomes a request without a body. The
    value of a field `path` is not sent, but appended to the path. Forms support only POST, so the
    query can set another `method`.

    The JSON request is handled like any other request to that path. If it is a request to the API,
    keys are checked, faults apply, and the request is logged. After a success, the browser is
    redirected to the page that has the form.

    Args:
        keys: The headers with the API's keys.
        error_page: Renders the page for a rejected request.
    """

    def __init__(self, keys: Mapping[str, str], error_page: ErrorPage) -> None:
        self._headers = [(name.lower().encode(), key.encode()) for name, key in keys.items()]
        self._error_page = error_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Responds with a redirect or an error page, unless a fault has closed the connection."""
        request = Request(scope, receive)
        # With this header, browsers say whether a form is on a page of another site. Such a form is
        # rejected, because the proxy would add the API's keys, which the other site does not have.
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            response: Response = PlainTextResponse("the form is on another site", 403)
            await response(scope, receive, send)
            return
        method = request.query_params.get("method", "POST")
        path = scope["path"].removeprefix(BOARD)
        try:
            fields = form_body((await request.body()).decode(errors="replace"))
        except InvalidFormError as error:
            response = self._error_page(400, f"{method} {path}", str(error))
            await response(scope, receive, send)
            return
        path += str(fields.pop("path", ""))
        body = json.dumps(fields).encode() if fields else b""
        server = "API" if path.startswith("/api/") else "sandbox"
        capture = _ResponseCapture()
        await scope["app"](
            {
                **scope,
                "method": method,
                "path": path,
                "raw_path": quote(path).encode(),
                "query_string": b"",
                "headers": [*self._headers, (b"content-type", b"application/json")],
                "path_params": {},
            },
            _receive_once(body, receive),
            capture.send,
        )
        if not capture.status:
            return  # a fault has closed the connection
        if capture.status in SUCCESS:
            response = RedirectResponse(_form_page(request), 303)
        else:
            message = f"The {server} responded with {capture.status}"
            reason = f": {capture.reason}" if capture.reason else ""
            response = self._error_page(capture.status, f"{method} {path}", message + reason)
        await response(scope, receive, send)


class _ResponseCapture:
    """The status and the reason of the API's response."""

    def __init__(self) -> None:
        self.status = 0
        self.reason = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.reason = dict(message["headers"]).get(b"x-sandbox-reason", b"").decode()


def _receive_once(body: bytes, receive_next: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        return messages.pop() if messages else await receive_next()

    return receive


def _form_page(request: Request) -> str:
    """The path of the page with the form, without a host: redirects must stay on this server."""
    page = urlsplit(request.headers.get("referer", "/"))
    return f"/{page.path.lstrip('/')}" + (f"?{page.query}" if page.query else "")
