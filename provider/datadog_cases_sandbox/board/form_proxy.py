"""Forwards the board's forms to the API as JSON requests."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from pydantic import JsonValue, TypeAdapter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

BOARD: Final = "/board"
SUCCESS: Final = range(200, 300)
JSON: Final = TypeAdapter(dict[str, JsonValue])

ErrorPage: TypeAlias = Callable[[int, str, str], Response]
"""Renders an error page from a status, a request (`POST /api/v2/cases`), and a reason or ''."""


class FormProxy:
    """An ASGI application that receives forms at `/board` followed by a path of the API.

    The form's `type` becomes the resource type, and its other fields become attributes. Thus
    `type=case&title=x` becomes `{"data": {"type": "case", "attributes": {"title": "x"}}}`. An empty
    form becomes a request without a body. Forms support only POST, so the query can set another
    `method`.

    The JSON request is handled like any request to the API: keys are checked, faults apply, and the
    request is logged. After a success, the browser is redirected to the page that has the form.

    Args:
        keys: The headers with the API's keys.
        error_page: Renders the page for a request that the API rejects.
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
        body = _json_body(await request.body())
        capture = _ResponseCapture()
        await scope["app"](
            {
                **scope,
                "method": method,
                "path": path,
                "raw_path": scope["raw_path"].removeprefix(BOARD.encode()),
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
            response = self._error_page(capture.status, f"{method} {path}", capture.reason)
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


def _json_body(form: bytes) -> bytes:
    # Browsers send line breaks as CRLF, but the texts in requests should have only LF.
    text = form.decode(errors="replace").replace("%0D%0A", "%0A")
    attributes: dict[str, JsonValue] = dict(parse_qsl(text, keep_blank_values=True))
    if not attributes:
        return b""
    data: dict[str, JsonValue] = {"type": attributes.pop("type", "")}
    if attributes:
        data["attributes"] = attributes
    return JSON.dump_json({"data": data})


def _receive_once(body: bytes, receive_next: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        return messages.pop() if messages else await receive_next()

    return receive


def _form_page(request: Request) -> str:
    """The path of the page with the form, without a host: redirects must stay on this server."""
    page = urlsplit(request.headers.get("referer", "/"))
    return f"/{page.path.lstrip('/')}" + (f"?{page.query}" if page.query else "")
