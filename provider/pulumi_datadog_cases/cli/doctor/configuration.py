"""Checks the keys and the site: where each value comes from, and which values are not used."""

import os
from collections.abc import Generator, Mapping
from typing import Final

from pulumi_datadog_cases.api import ConfigurationError, Settings
from pulumi_datadog_cases.api.config.settings import API_KEY, API_URL, APP_KEY, SITE
from pulumi_datadog_cases.api.config.sources import Setting, Sources
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, warning
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.organization import resolve
from pulumi_datadog_cases.cli.pulumi_cli import ConfigValue, run_pulumi, stack_config

_KEYS: Final = {"API key": API_KEY, "application key": APP_KEY}


def settings() -> Generator[CheckResult, None, Settings | None]:
    """Check the configuration; return the settings if they are complete."""
    try:
        config = stack_config()
    except CommandError as problem:
        yield error("stack", str(problem))
        return None
    if config:
        yield ok(
            "stack",
            f"{run_pulumi('stack', '--show-name').stdout.strip()}: its config takes precedence",
        )
    else:
        yield ok("stack", "none selected here, or its config is empty: the environment is used")
    sources = Sources({key: each.value for key, each in config.items()}.get, os.environ)
    missing = list[Setting]()
    for name, setting in _KEYS.items():
        places = [place for place, value in sources.lookup_all(setting) if value]
        if places:
            yield _key(name, places, config)
        else:
            how = f"`pulumi config set --secret {setting.key} …` or the variable {setting.variable}"
            yield error(name, "not set", how)
            missing.append(setting)
    # Placeholders for missing keys make it possible to check the other settings.
    placeholders = {setting.key: ConfigValue("missing", secret=True) for setting in missing}
    try:
        resolved = resolve({**config, **placeholders})
    except ConfigurationError as problem:
        yield error("settings", str(problem))
        return None
    yield _site(resolved, [place for place, _ in sources.lookup_all(API_URL, SITE)])
    return None if missing else resolved


def _key(name: str, places: list[str], config: Mapping[str, ConfigValue]) -> CheckResult:
    used, *unused = places
    found = f"from {used}{_not_used(unused)}"
    if used in config and not config[used].secret:
        return warning(
            name,
            f"{found}, in plain text",
            f"`pulumi config set --secret {used} …`, with a new key if the file was shared",
        )
    return ok(name, found)


def _site(settings: "Settings", places: list[str]) -> CheckResult:
    used, *unused = places or ["the default site"]
    found = f"{settings.base_url}, from {used}{_not_used(unused)}"
    if settings.base_url.startswith("http:") and not settings.is_loopback:
        return warning(
            "site",
            f"{found}: plain http exposes the keys on the network",
            "use https",
        )
    return ok("site", found)


def _not_used(places: list[str]) -> str:
    return f" ({' and '.join(places)} not used)" if places else ""
