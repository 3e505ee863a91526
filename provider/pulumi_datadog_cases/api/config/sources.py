"""`Setting` and `Sources`: where settings are set, and how their values are parsed."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pulumi_datadog_cases.api.errors import ConfigurationError

Lookup: TypeAlias = Callable[[str], str | None]
"""A function that returns the value of a key of the stack's config, such as `datadog:site`.

It returns None if the key is not set.
"""


@dataclass(frozen=True)
class Setting:
    """The names of a setting.

    Attributes:
        key: the key in the stack's config, which takes precedence over the environment.
        variable: the environment variable.
        alias: another environment variable, which is used if `variable` is unset.
    """

    key: str
    variable: str
    alias: str | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables by precedence."""
        return (self.variable,) if self.alias is None else (self.variable, self.alias)

    def __str__(self) -> str:
        """Return the key and the variable, for messages."""
        return f"{self.key} or {self.variable}"


@dataclass(frozen=True)
class Sources:
    """Reads settings from a stack's config and from environment variables.

    An empty value counts as unset. But `lookup_all` and `config_values` return empty values of the
    config, so that the caller can reject them.
    """

    config: Lookup
    environment: Mapping[str, str]

    def lookup_all(self, *settings: Setting) -> list[tuple[str, str]]:
        """Return the values of the given settings, each with its key or variable, by precedence.

        Empty values in the config are included, so that the caller can reject them instead of
        falling back to the environment. Empty environment variables are omitted.
        """
        return self.config_values(*settings) + self.environment_values(*settings)

    def config_values(self, *settings: Setting) -> list[tuple[str, str]]:
        """Return the values of the given settings in the config, each with its key."""
        values = [(each.key, self.config(each.key)) for each in settings]
        return [(key, value) for key, value in values if value is not None]

    def environment_values(self, *settings: Setting) -> list[tuple[str, str]]:
        """Return the values of the given settings in the environment, each with its variable."""
        names = [name for each in settings for name in each.variables]
        return [(name, value) for name in names if (value := self.environment.get(name))]

    def text(self, setting: Setting) -> str | None:
        """Return the value of a setting, or None if it is unset."""
        return next((value for _, value in self.lookup_all(setting) if value), None)

    def seconds(self, setting: Setting, default: float) -> float:
        """Return the value of a setting in seconds, or the default if it is unset.

        Raises:
            ConfigurationError: the value is negative or not a finite number.
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

    def integer(self, setting: Setting, default: int) -> int:
        """Return the value of an integer setting, or the default if it is unset.

        Raises:
            ConfigurationError: the value is not an integer of at least 0.
        """
        text = self.text(setting)
        if text is None:
            return default
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            raise ConfigurationError(f"{setting} is {text!r}: write a number, such as {default}")
        return int(text)

    def flag(self, setting: Setting, *, default: bool) -> bool:
        """Return the value of a boolean setting, or the default if it is unset.

        Raises:
            ConfigurationError: the value is neither `true` nor `false`.
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
    """Whether a number of seconds is finite and not negative."""
    return 0.0 <= seconds < math.inf
