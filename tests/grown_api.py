"""A proxy in front of the sandbox. It imitates an API with names that the reference lacks."""

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

#: New names of the imitated API. Each new name replaces one of the sandbox's names.
NEW_NAMES = {
    "COMMENT_PINNED": "COMMENT_ADDED",
    "COMMENT_UNPINNED": "CASE_REVIEW_APPROVED",
    "DATE": "URL",
    "DISCORD_CHANNEL": "SLACK_CHANNEL",
    "DUPLICATE_OF": "DUPLICATES",
    "P0": "P5",
    "SUSPENDED": "DISABLED",
    "integration_linear": "integration_monitor",
    "server": "workspace",
}


@contextmanager
def grown_api(base_url: str) -> Generator[str]:
    """Run a proxy that replaces names of an API by `NEW_NAMES`. Yield the URL of the proxy."""

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in {"host", "content-length", "accept-encoding"}
            }
            answer = requests.request(
                self.command,
                base_url + self.path,
                data=_translate(body, NEW_NAMES).encode(),
                headers=headers,
                timeout=60,
            )
            content = _translate(answer.text, {old: new for new, old in NEW_NAMES.items()}).encode()
            self.send_response(answer.status_code)
            for name in ("Content-Type", *(n for n in answer.headers if n.startswith("X-"))):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward  # noqa: N815 - names of the base class

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - as in the base class
            del format

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _translate(text: str, names: Mapping[str, str]) -> str:
    for name, other in names.items():
        text = text.replace(f'"{name}"', f'"{other}"')
    return text
