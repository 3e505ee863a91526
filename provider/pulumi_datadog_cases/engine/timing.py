"""`Timing`: how long the engine waits for an API."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Waits and tolerances, in seconds."""

    #: How long responses of the API may lack a newly created object (assumed).
    consistency_window: float = 10.0
    #: The longest time from the log entry of a create (`safety.intent_log`) until the API creates
    #: the object. A rate limit may delay the request in between.
    max_create_delay: float = 600.0
    #: The largest possible error of `Lifecycle.clock_offset`. That offset is an estimate with a
    #: resolution of one second.
    clock_skew: float = 2.0
    #: The first wait between two polls; each further wait is twice as long as the one before.
    first_poll: float = 0.25
    #: The longest wait between two polls.
    longest_poll: float = 2.0
