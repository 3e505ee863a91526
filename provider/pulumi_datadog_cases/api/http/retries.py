"""Decides whether a request is retried, and after which delay.

All retries begin within `Settings.retry_timeout` seconds after the first attempt (see `Transport`).

- After a 429, a request is always retried, because the API did not carry out the request. The
  header `X-RateLimit-Reset` or `Retry-After` gives the delay (read by `headers.requested_wait`).
- After a failure to connect (host not found, connection refused, TLS failed), a request is retried
  once. The retry is safe because nothing was sent. There is no second retry, because the usual
  cause is a misspelled site and the user should see the error within seconds.
- After 408, 5xx, a timeout or a lost connection, an idempotent request is retried up to
  `Settings.max_retries` times. A request that is not idempotent is not retried after it was sent:
  the API has no idempotency keys (documented), so a repeated create might create two objects.
- If the request for an access token fails with one of these errors, the request that needs the
  token was not sent. So the request that needs the token is retried in the same way, even if it is
  not idempotent.
- After any other error, a request is not retried, because it would get the same response again.

The first delay is `Settings.backoff_base`, by default half a second. Each further delay is the
previous delay times `Settings.backoff_multiplier`, by default 2, up to eight seconds. Each of these
delays is shortened randomly by up to a half, so that concurrent requests do not retry at the same
time.

If a response requests a longer delay, the requested delay is used instead. After a 429, the
requested delay is used unchanged, because the rate limiter spreads the requests. After any other
error, the requested delay is lengthened randomly by up to a second.
"""

import math

from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.errors import (
    ApiError,
    ConnectionFailed,
    DatadogCasesError,
    RateLimited,
    ServerError,
)

_MAX_ATTEMPTS_UNREACHED = 2
_MAX_BACKOFF = 8.0


def is_idempotent(method: str, *, declared: bool | None) -> bool:
    """Return whether sending a request twice has the same effect as sending it once.

    Args:
        method: the HTTP method.
        declared: the argument `idempotent` of `Transport.request`. None means the default, which
            is false for POST and true for other HTTP methods.
    """
    return method != "POST" if declared is None else declared


def retry_delay(
    error: DatadogCasesError,
    attempts: int,
    settings: Settings,
    *,
    idempotent: bool,
    jitter: float,
) -> float:
    """Return the seconds until the next attempt, or infinity if no attempt should follow.

    Args:
        error: the error of the last attempt.
        attempts: if `error` is a 429, the number of attempts so far that ended in a 429. Otherwise
            the number of attempts so far that ended in any other error.
        settings: the number of retries and the delays.
        idempotent: whether sending the request twice has the same effect as sending it once.
        jitter: a random number from 0 up to 1.
    """
    max_attempts: float
    match error:
        case RateLimited():
            max_attempts = math.inf
        case ConnectionFailed(may_have_arrived=False):
            max_attempts = min(_MAX_ATTEMPTS_UNREACHED, settings.max_retries + 1)
        case ServerError() | ConnectionFailed() | ApiError(status=408) if (
            idempotent or not error.may_have_arrived
        ):
            max_attempts = settings.max_retries + 1
        case _:
            max_attempts = 1
    if attempts >= max_attempts:
        return math.inf
    growth = settings.backoff_multiplier ** min(attempts - 1, 9)
    longest = max(_MAX_BACKOFF, settings.backoff_base)
    backoff = min(longest, settings.backoff_base * growth) * (1 + jitter) / 2
    match error:
        case RateLimited(retry_after=float(requested)):
            return max(backoff, requested)  # the rate limiter spreads the requests
        case ApiError(retry_after=float(requested)):
            return max(backoff, requested + jitter)
        case _:
            return backoff
