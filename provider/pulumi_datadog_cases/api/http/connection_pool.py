"""urllib3 connections that record whether a request was sent, and are not reused when idle."""

import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Progress(threading.local):
    """The progress of the thread's current request.

    Attributes:
        sent: whether any part of it may have been sent to the API.
    """

    sent = False


progress = _Progress()
"""Set `sent` to False, send a request, and read `sent` if that fails."""


class Connection(HTTPConnection):
    """A connection that records sending and expires when idle.

    Servers close idle connections. urllib3 checks for that before it reuses one, but a request may
    be sent at the moment the server closes: the outcome of a create would then be unknown. So an
    idle connection expires here before servers close it: most do so after a minute, the earliest
    widely used ones after five seconds.
    """

    max_idle = 4.0
    """Seconds after the last request until the connection is not reused."""
    _last_sent = 0.0

    def connect(self) -> None:
        """Connect, including proxy and TLS handshake."""
        try:
            super().connect()
        finally:
            # So far only the proxy was asked to connect.
            progress.sent = False

    def send(self, data: Any) -> None:  # noqa: ANN401 - the base's type
        """Send a part of the request."""
        if self.sock is None:
            self.connect()
        progress.sent = True
        self._last_sent = time.monotonic()
        super().send(data)

    @property
    def is_connected(self) -> bool:
        """Whether the connection can be reused."""
        return super().is_connected and time.monotonic() - self._last_sent < self.max_idle


class _SecureConnection(Connection, HTTPSConnection):
    """A `Connection` over TLS."""


class _Pool(HTTPConnectionPool):
    # urllib3's own classes do not match its protocol exactly either.
    ConnectionCls = Connection  # pyright: ignore[reportAssignmentType]


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType] - as above


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SecurePool}


class Adapter(HTTPAdapter):
    """A requests adapter that uses the connections above.

    Args:
        connections: the number of connections kept per host.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(pool_maxsize=connections)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:  # noqa: ANN401 - the base's types
        """Return the connection pools for a proxy."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if proxy.lower().startswith("socks"):
            # SOCKS connections are another class, which records nothing: count as sent.
            progress.sent = True
        else:
            manager.pool_classes_by_scheme = _POOLS
        return manager
