"""Writes the configuration reference from the settings and the arguments of `cases.Provider`."""

import re
from collections.abc import Iterator

from pulumi_datadog_cases import Provider
from pulumi_datadog_cases.api.config import credentials, settings, sites
from pulumi_datadog_cases.api.config.sources import Setting
from pulumi_datadog_cases.api.scopes import SCOPES
from tools.docs.annotations import capitalized, documented_arguments


def settings_table() -> str:
    """Return a table of all settings: config key, environment variable, argument, description."""
    head = "| config key, variable, argument of `cases.Provider` | |\n|---|---|\n"
    return head + "".join(_rows())


def _rows() -> Iterator[str]:
    by_argument = {_argument_name(each): each for each in all_settings()}
    for name, description in documented_arguments(Provider.__init__).items():
        setting = by_argument.pop(name)
        secret = " (secret)" if setting in credentials.SECRETS else ""
        variables = "<br>".join(f"`{each}`" for each in setting.variables)
        names = f"**`{setting.key}`**{secret}<br>{variables}<br>`{name}`"
        yield f"| {names} | {capitalized(description)} |\n"
    if by_argument:
        raise LookupError(f"cases.Provider has no {', '.join(by_argument)}")


def sites_table() -> str:
    """Return a table of the values of `datadog:site`, with Datadog's name of each site."""
    rows = (f"| `{site}` | {name} |\n" for site, name in sites.SITES.items())
    return "| `datadog:site` | Datadog's name |\n|---|---|\n" + "".join(rows)


def scopes_table() -> str:
    """Return a table of the scopes of application keys and tokens."""
    rows = (f"| `{scope}` | {needed_for} |\n" for scope, needed_for in SCOPES.items())
    return "| scope | needed for |\n|---|---|\n" + "".join(rows)


def all_settings() -> list[Setting]:
    """Return every setting."""
    values = {**vars(credentials), **vars(settings), **vars(sites)}.values()
    return [each for each in values if isinstance(each, Setting)]


def _argument_name(setting: Setting) -> str:
    """Return a setting's argument name in `Provider`: `api_key` for `datadog:apiKey`."""
    name = setting.key.partition(":")[2]
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
