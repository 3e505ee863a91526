"""Connections that tell whether a request has left, and are not kept for long when idle."""

import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Progress(threading.local):
    """How far the thread's present request has come.

    Attributes:
        sent: whether any of it may have left for the API.
    """

    sent = False


progress = _Progress()
"""Set `sent` to False, send, and look at it where that fails."""


class Connection(HTTPConnection):
    """A connection of urllib3's.

    A server ends a connection that has been idle for a while. urllib3 looks whether it has before
    it uses one again, but a request may cross with the end on the way: nobody knows then whether
    it was carried out, and a create is in doubt for nothing. So a connection is given up before
    the server does it: most wait for a minute, the least patient in wide use for five seconds.
    """

    longest_idle = 4.0
    """Seconds since the last request after which a connection is not used again."""
    _last_sent = 0.0

    def connect(self) -> None:
        """Connect, through a proxy where there is one, and agree on TLS."""
        try:
            super().connect()
        finally:
            # What was sent so far asked a proxy for the way.
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
        """Whether it may be used again."""
        return super().is_connected and time.monotonic() - self._last_sent < self.longest_idle


class _SecureConnection(Connection, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    # Not even urllib3's own classes meet its protocol to the letter.
    ConnectionCls = Connection  # pyright: ignore[reportAssignmentType]


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType] - as above


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SecurePool}


class Adapter(HTTPAdapter):
    """requests' way to urllib3, with the connections above.

    Args:
        connections: how many are kept per host.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(pool_maxsize=connections)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:  # noqa: ANN401 - the base's types
        """Find or make the pools for a proxy."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if proxy.lower().startswith("socks"):
            # Its connections are of a kind of their own, which tells nothing: count as sent.
            progress.sent = True
        else:
            manager.pool_classes_by_scheme = _POOLS
        return manager
