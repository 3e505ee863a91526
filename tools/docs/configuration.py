"""The stack's config, from the settings of the client and the arguments of `cases.Provider`."""

import inspect
import re
from collections.abc import Iterator

import griffe

from pulumi_datadog_cases import Provider
from pulumi_datadog_cases.api import settings
from pulumi_datadog_cases.api.sites import SITES
from pulumi_datadog_cases.api.sources import Setting

_SECRETS = (settings.API_KEY, settings.APP_KEY)


def settings_table() -> str:
    """Every setting: its key, variable and argument, and what `Provider` says of it."""
    head = "| config, environment, argument of `cases.Provider` | |\n|---|---|\n"
    return head + "".join(_rows())


def _rows() -> Iterator[str]:
    by_argument = {_argument(each): each for each in all_settings()}
    for name, about in _provider_arguments().items():
        setting = by_argument.pop(name)
        secret = " (secret)" if setting in _SECRETS else ""
        names = f"**`{setting.key}`**{secret}<br>`{setting.variable}`<br>`{name}`"
        yield f"| {names} | {about[0].upper()}{about[1:]} |\n"
    if by_argument:
        raise LookupError(f"cases.Provider has no {', '.join(by_argument)}")


def sites_table() -> str:
    """Datadog's sites."""
    rows = (f"| `{site}` | {name} |\n" for site, name in SITES.items())
    return "| `datadog:site` | Datadog calls it |\n|---|---|\n" + "".join(rows)


def all_settings() -> list[Setting]:
    """Every setting there is."""
    return [each for each in vars(settings).values() if isinstance(each, Setting)]


def _argument(setting: Setting) -> str:
    """The argument of `Provider` for a setting: `datadog:apiKey` is its `api_key`."""
    name = setting.key.partition(":")[2]
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def _provider_arguments() -> dict[str, str]:
    docstring = griffe.Docstring(inspect.getdoc(Provider.__init__) or "")
    for section in griffe.parse_google(docstring, warnings=False):
        if isinstance(section, griffe.DocstringSectionParameters):
            own = [each for each in section.value if each.name not in ("resource_name", "opts")]
            return {each.name: " ".join(each.description.split()) for each in own}
    raise LookupError("cases.Provider does not say what it takes")
