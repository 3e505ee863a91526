"""`Timing`: how long the engine waits for an API."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Waits and tolerances, in seconds."""

    #: How long the API may not show an object after it created it (assumed).
    consistency_window: float = 10.0
    #: How long after the intent was logged the API may carry out the create request: a rate limit
    #: may hold it back.
    max_create_delay: float = 600.0
    #: How far our estimate of the API's clock, which has a resolution of one second, may be off.
    clock_skew: float = 2.0
    #: The first wait between two polls; each further wait is twice as long.
    first_poll: float = 0.25
    #: The longest wait between two polls.
    longest_poll: float = 2.0
