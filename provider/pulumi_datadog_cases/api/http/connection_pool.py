"""urllib3 connections that record whether a request was sent, and expire when idle."""

import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Progress(threading.local):
    """The progress of the thread's current request.

    Attributes:
        sent: whether any part of the request may have been sent to the API.
    """

    sent = False


progress = _Progress()
"""The progress of the current thread. Set `sent` to False before sending a request.

If the request fails, read `sent`.
"""


class Connection(HTTPConnection):
    """A connection that records whether a request was sent, and expires when idle.

    Servers close idle connections. Before urllib3 reuses a connection, it checks whether the server
    has closed the connection. But the server may close the connection just when a request is sent.
    The outcome of a create would then be unknown. So this class lets a connection expire before the
    server closes it. Most servers close idle connections after a minute, but some widely used
    servers do so after five seconds.
    """

    max_idle = 4.0
    """A connection can be reused for this number of seconds after its latest request was sent."""
    _last_sent = 0.0

    def connect(self) -> None:
        """Connect to the server, or to the proxy if there is one. For https, start TLS."""
        try:
            super().connect()
        finally:
            # Connecting through a proxy sends a CONNECT request, which sets `sent`. But nothing was
            # sent to the API yet.
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
    # pyright reports an error here. urllib3 declares a type for this attribute, but even urllib3's
    # own connection classes do not have this type.
    ConnectionCls = Connection  # pyright: ignore[reportAssignmentType]


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType] - see _Pool


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SecurePool}


class Adapter(HTTPAdapter):
    """Makes the library `requests` use the connection classes of this module.

    Args:
        connections: the number of connections that are kept open per host.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(pool_maxsize=connections)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:  # noqa: ANN401 - the base's types
        """Return the connection pools for a proxy."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if proxy.lower().startswith("socks"):
            # urllib3 has its own class for SOCKS connections, which does not record whether the
            # request was sent. So every request through SOCKS counts as sent.
            progress.sent = True
        else:
            manager.pool_classes_by_scheme = _POOLS
        return manager
