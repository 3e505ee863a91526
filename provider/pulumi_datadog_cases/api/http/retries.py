"""Decides whether a request is retried, and after which delay.

- 429: always, within the time limit, because the API did not carry out the request. The delay is
  what `X-RateLimit-Reset` or `Retry-After` says.
- A connection that could not be made (name not found, refused, no TLS): once, because the request
  was not sent. Not more often, because usually the site is misspelled, and the error should
  come within seconds.
- 408, 5xx, a timeout, a connection lost after sending: up to four attempts, but only if the request
  is idempotent. The API has no idempotency keys (documented), so a repeated create might create
  two objects.
- Anything else: never, because the same request would get the same response.

Delays double from half a second to eight. Each is shortened randomly by up to a half, so that
concurrent requests do not retry at the same time. A delay that the API asks for is a minimum. For
the same reason it is lengthened randomly by up to a second, except after a 429, where the rate
limiter spreads the requests.
"""

import math

from pulumi_datadog_cases.api.errors import (
    ApiError,
    ConnectionFailed,
    DatadogCasesError,
    RateLimited,
    ServerError,
)

_MAX_ATTEMPTS = 4
_MAX_ATTEMPTS_UNREACHED = 2
_BACKOFF = 0.5
_MAX_BACKOFF = 8.0


def is_idempotent(method: str, *, declared: bool | None) -> bool:
    """Whether sending a request twice has the same effect as once.

    Args:
        method: the HTTP method.
        declared: what the endpoint says; None if it says nothing, which means no only for a POST.
    """
    return method != "POST" if declared is None else declared


def retry_delay(
    error: DatadogCasesError, attempts: int, *, idempotent: bool, jitter: float
) -> float:
    """Return the seconds until the next attempt, or infinity to give up.

    Args:
        error: the error of the last attempt.
        attempts: the number of attempts that ended in a 429, if the last did, or in another error.
        idempotent: whether sending the request twice has the same effect as once.
        jitter: a random number from 0 up to 1.
    """
    max_attempts: float
    match error:
        case RateLimited():
            max_attempts = math.inf
        case ConnectionFailed(may_have_arrived=False):
            max_attempts = _MAX_ATTEMPTS_UNREACHED
        case ServerError() | ConnectionFailed() | ApiError(status=408) if idempotent:
            max_attempts = _MAX_ATTEMPTS
        case _:
            max_attempts = 1
    if attempts >= max_attempts:
        return math.inf
    backoff = min(_MAX_BACKOFF, _BACKOFF * 2.0 ** min(attempts - 1, 9)) * (1 + jitter) / 2
    match error:
        case RateLimited(retry_after=float(requested)):
            return max(backoff, requested)  # the rate limiter spreads the requests
        case ApiError(retry_after=float(requested)):
            return max(backoff, requested + jitter)
        case _:
            return backoff
