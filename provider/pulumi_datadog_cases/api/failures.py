"""Requests that got no answer: what happened, and whether they may have arrived."""

import re
import socket
import ssl
from typing import TypeAlias

import requests
from urllib3.exceptions import HTTPError

from pulumi_datadog_cases.api.answers import Call
from pulumi_datadog_cases.api.errors import ConnectionFailed

# requests lets some errors of urllib3 through as they are: of a proxy's malformed host (tried).
SendError: TypeAlias = OSError | HTTPError


def connection_failed(call: Call, error: SendError, *, sent: bool) -> ConnectionFailed:
    """The error for a request that got no answer, or only part of one.

    Args:
        call: the request.
        error: what became of it.
        sent: whether any of it may have left for the API.
    """
    reason = call.quote(_reason(error)).rstrip(".")
    if sent:
        return ConnectionFailed(
            f"{call} got no whole answer: {reason}. {call.doubt or 'Run again.'}",
            may_have_arrived=True,
        )
    return ConnectionFailed(
        f"{call} could not connect: {reason}. Nothing was sent: check datadog:site and "
        "datadog:apiUrl, the network and any proxy.",
        may_have_arrived=False,
    )


def _reason(error: SendError) -> str:
    """One phrase, in the words of the operating system or of TLS where they said something."""
    if isinstance(error, requests.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return "its body is not in the encoding that its headers name"
    cause = _cause(error)
    match cause:
        case None:
            # It may hold the proxy's URL, and that a password.
            refused = re.sub(r"//[^/\s]*@", "//", str(error))
            said = refused if isinstance(error, ValueError) else "it was cut short or garbled"
        case socket.gaierror():
            said = f"the host name was not found ({cause.strerror})"
        case ssl.SSLCertVerificationError():
            said = f"the certificate was refused ({cause.verify_message})"
        case ssl.SSLError():
            said = f"TLS failed ({cause.reason or cause})"
        case TimeoutError() if cause.strerror is None:
            said = "nothing came in time"
        case _:
            said = cause.strerror or str(cause)
    return f"the proxy: {said}" if isinstance(error, requests.exceptions.ProxyError) else said


def _cause(error: BaseException) -> OSError | None:
    """The error of the operating system or of TLS inside those of requests and urllib3.

    Not along `__context__`, which leads on to whatever the caller was handling.
    """
    nested: BaseException | None = error
    while nested is not None:
        if isinstance(nested, OSError) and not isinstance(nested, requests.RequestException):
            return nested
        inner = (nested.__cause__, *nested.args)
        nested = next((within for within in inner if isinstance(within, BaseException)), None)
    return None
