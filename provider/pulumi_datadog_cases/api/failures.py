"""Requests that got no answer: what happened, and whether they may have arrived."""

import re
import socket
import ssl
from typing import TypeAlias

import requests
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from pulumi_datadog_cases.api.answers import Call
from pulumi_datadog_cases.api.errors import ConnectionFailed

# requests lets some errors of urllib3 through as they are: of a proxy's malformed host (tried).
SendError: TypeAlias = requests.RequestException | HTTPError

# What OpenSSL calls an answer in plain HTTP to its first words: nothing was sent by then.
_NO_TLS_SPOKEN = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST"}


def connection_failed(call: Call, error: SendError) -> ConnectionFailed:
    """The error for a request that got no answer, or only part of one."""
    cause = _cause(error)
    reason = call.quote(_reason(error, cause)).rstrip(".")
    if _never_arrived(error, cause):
        return ConnectionFailed(
            f"{call} could not connect: {reason}. Nothing was sent: check datadog:site and "
            "datadog:apiUrl, the network and any proxy.",
            may_have_arrived=False,
        )
    return ConnectionFailed(
        f"{call} got no whole answer: {reason}. {call.doubt or 'Run again.'}",
        may_have_arrived=True,
    )


def _never_arrived(error: SendError, cause: OSError | None) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    if isinstance(cause, ssl.SSLError):
        # Any other TLS error may come in the middle of a connection that served for a while.
        return isinstance(cause, ssl.SSLCertVerificationError) or cause.reason in _NO_TLS_SPOKEN
    given_up = error.args[0] if error.args else None
    if isinstance(given_up, MaxRetryError):
        return isinstance(given_up.reason, NewConnectionError)
    # What is refused before it is sent, such as a malformed proxy, is a ValueError as well.
    return isinstance(error, ValueError)


def _reason(error: SendError, cause: OSError | None) -> str:
    """One phrase, in the words of the operating system or of TLS where they said something."""
    if isinstance(error, requests.ConnectTimeout):
        return "no connection in time"
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
