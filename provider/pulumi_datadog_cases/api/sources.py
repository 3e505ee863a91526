"""Where settings stand, and how what is written there is read."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pulumi_datadog_cases.api.errors import ConfigurationError

Lookup: TypeAlias = Callable[[str], str | None]
"""Looks up a key of the stack's config, such as `datadog:site`; None where it is not set."""


@dataclass(frozen=True)
class Setting:
    """The two places of a setting.

    Attributes:
        key: of the stack's config, which comes first.
        variable: of the environment.
    """

    key: str
    variable: str

    def __str__(self) -> str:
        """As a message names it."""
        return f"{self.key} or {self.variable}"


@dataclass(frozen=True)
class Sources:
    """A stack's config and an environment. An empty text counts as unset in either."""

    config: Lookup
    environment: Mapping[str, str]

    def said(self, *settings: Setting) -> list[tuple[str, str]]:
        """All that is said of some settings, as place and value; the first counts.

        An empty text in the config is said, too: it is for whoever asks to refuse it, rather than
        to look into the environment for what the config leaves blank.
        """
        config = [(each.key, self.config(each.key)) for each in settings]
        environment = [
            (each.variable, self.environment.get(each.variable) or None) for each in settings
        ]
        return [(place, value) for place, value in config + environment if value is not None]

    def text(self, setting: Setting) -> str | None:
        """What a setting is; None where it is unset."""
        return next((value for _, value in self.said(setting) if value), None)

    def seconds(self, setting: Setting, default: float) -> float:
        """What a setting in seconds is.

        Raises:
            ConfigurationError: it is no number, or a negative one.
        """
        text = self.text(setting)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not is_duration(value):
            raise ConfigurationError(f"{setting} is {text!r}: write seconds, such as {default:g}")
        return value

    def flag(self, setting: Setting, *, default: bool) -> bool:
        """What a setting that is on or off is.

        Raises:
            ConfigurationError: it is neither `true` nor `false`.
        """
        text = self.text(setting)
        match text and text.lower():
            case None:
                return default
            case "true":
                return True
            case "false":
                return False
            case _:
                raise ConfigurationError(f"{setting} is {text!r}: write true or false")


def is_duration(seconds: float) -> bool:
    """Whether it is a number of seconds that one can wait."""
    return 0.0 <= seconds < math.inf
