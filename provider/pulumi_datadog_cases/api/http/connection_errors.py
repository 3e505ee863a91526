"""Builds the `ConnectionFailed` error of a request that got no complete response."""

import re
import socket
import ssl
from typing import TypeAlias

import requests
from urllib3.exceptions import HTTPError

from pulumi_datadog_cases.api.errors import ConnectionFailed
from pulumi_datadog_cases.api.http.request import RequestInfo

# The library `requests` raises most errors of `urllib3` as its own exceptions, but not all: the
# error for a malformed proxy host is a `urllib3` exception (tried).
SendError: TypeAlias = OSError | HTTPError


def connection_failed(request: RequestInfo, error: SendError, *, sent: bool) -> ConnectionFailed:
    """Return the error for a request without a complete response.

    Args:
        request: the request.
        error: the exception of the library `requests` or `urllib3`.
        sent: whether any part of the request may have been sent to the API.
    """
    reason = request.quote(_reason(error)).rstrip(".")
    if sent:
        return ConnectionFailed(
            f"{request} got no complete response: {reason}. "
            f"{request.may_have_run_hint or 'Run again.'}",
            may_have_arrived=True,
        )
    return ConnectionFailed(
        f"{request} could not connect: {reason}. Nothing was sent: check datadog:site and "
        "datadog:apiUrl, the network and any proxy.",
        may_have_arrived=False,
    )


def _reason(error: SendError) -> str:
    """Return the reason as one phrase.

    If the operating system or the TLS library gives a reason, the phrase contains its words.
    """
    if isinstance(error, requests.ConnectTimeout):
        return "connecting timed out"
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        return "the proxy needs the package PySocks, run `pip install 'requests[socks]'`"
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return "the body does not match its Content-Encoding"
    cause = _cause(error)
    match cause:
        case None:
            # The text of the error may contain the proxy's URL with a password.
            without_password = re.sub(r"//[^/\s]*@", "//", str(error))
            reason = (
                without_password
                if isinstance(error, ValueError)
                else "the response was cut short or garbled"
            )
        case socket.gaierror():
            reason = f"the host name was not found ({cause.strerror})"
        case ssl.SSLCertVerificationError():
            reason = f"the certificate was rejected ({cause.verify_message})"
        case ssl.SSLError():
            reason = f"TLS failed ({cause.reason or cause})"
        case TimeoutError() if cause.strerror is None:
            reason = "the response timed out"
        case _:
            reason = cause.strerror or str(cause)
    return f"the proxy: {reason}" if isinstance(error, requests.exceptions.ProxyError) else reason


def _cause(error: BaseException) -> OSError | None:
    """Return the original error, which the operating system or the TLS library raised, or None.

    The libraries `requests` and `urllib3` wrap the original error in their own exceptions.
    `__context__` is not followed, because it can be an unrelated error that the caller was
    handling.
    """
    nested: BaseException | None = error
    while nested is not None:
        if isinstance(nested, OSError) and not isinstance(nested, requests.RequestException):
            return nested
        inner = (nested.__cause__, *nested.args)
        nested = next((within for within in inner if isinstance(within, BaseException)), None)
    return None
