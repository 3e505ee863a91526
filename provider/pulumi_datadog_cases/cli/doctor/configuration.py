"""Checks credentials and site: reports the source of each value, and which values are unused."""

import os
from collections.abc import Generator, Mapping
from typing import Final, NamedTuple

from pulumi_datadog_cases.api import ConfigurationError, Settings
from pulumi_datadog_cases.api.config.credentials import (
    API_KEY,
    APP_KEY,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN,
    BEARER_TOKEN,
    CLOUD_PROVIDER_TYPE,
    ORG_UUID,
    SECRETS,
    how_to_set,
    is_access_token,
    method_setting,
)
from pulumi_datadog_cases.api.config.settings import API_URL, SITE
from pulumi_datadog_cases.api.config.sources import Setting, Sources
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, warning
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.organization import resolve
from pulumi_datadog_cases.cli.pulumi_cli import ConfigValue, run_pulumi, stack_config

_KEYS: Final = {"API key": API_KEY, "application key": APP_KEY}


class _Method(NamedTuple):
    """A way to sign in: its name, and its credentials by name."""

    name: str
    required: Mapping[str, Setting]
    optional: Mapping[str, Setting]


# The ways to sign in, by the setting that `method_setting` returns.
_METHODS: Final[Mapping[Setting, _Method]] = {
    API_KEY: _Method("an API key and an application key", _KEYS, {}),
    BEARER_TOKEN: _Method("a bearer token", {"bearer token": BEARER_TOKEN}, {}),
    CLOUD_PROVIDER_TYPE: _Method(
        "an AWS identity",
        {"cloud provider": CLOUD_PROVIDER_TYPE, "organisation's UUID": ORG_UUID},
        {
            "AWS access key ID": AWS_ACCESS_KEY_ID,
            "AWS secret access key": AWS_SECRET_ACCESS_KEY,
            "AWS session token": AWS_SESSION_TOKEN,
        },
    ),
}


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
        yield ok("stack", "no stack is selected here, or it has no config: the environment is used")
    sources = Sources({key: each.value for key, each in config.items()}.get, os.environ)
    missing = yield from _credentials(sources, config)
    # With placeholders for missing keys, the other settings can still be checked.
    placeholders = {setting.key: ConfigValue("missing", secret=True) for setting in missing}
    try:
        resolved = resolve({**config, **placeholders})
    except ConfigurationError as problem:
        yield error("settings", str(problem))
        return None
    yield _site(resolved, [place for place, _ in sources.lookup_all(API_URL, SITE)])
    return None if missing else resolved


def _credentials(
    sources: Sources, config: Mapping[str, ConfigValue]
) -> Generator[CheckResult, None, list[Setting]]:
    """Report how the client signs in, and the source of each credential.

    Returns:
        The credentials that are missing.
    """
    selected = method_setting(sources)
    method = _METHODS[selected]
    others = [
        place
        for setting, other in _METHODS.items()
        if setting is not selected
        for place, value in sources.lookup_all(*other.required.values())
        if value
    ]
    yield ok("sign-in", f"with {method.name}{_not_used(others)}")
    missing = list[Setting]()
    for name, setting in {**method.required, **method.optional}.items():
        places = [place for place, value in sources.lookup_all(setting) if value]
        if places:
            yield _credential(name, setting, places, config)
        elif setting is API_KEY and is_access_token(sources.text(APP_KEY) or ""):
            yield ok(name, "not needed: the application key is an access token")
        elif name in method.required:
            yield error(name, "not set", how_to_set(setting))
            missing.append(setting)
    if selected is CLOUD_PROVIDER_TYPE and not sources.text(AWS_ACCESS_KEY_ID):
        yield ok("AWS access key ID", "not set: botocore finds the AWS credentials")
    return missing


def _credential(
    name: str, setting: Setting, places: list[str], config: Mapping[str, ConfigValue]
) -> CheckResult:
    used, *unused = places
    found = f"from {used}{_not_used(unused)}"
    if setting in SECRETS and used in config and not config[used].secret:
        return warning(
            name,
            f"{found}, in plain text",
            f"run `pulumi config set --secret {used} …`. If others have seen the stack's config "
            "file, set a new value",
        )
    return ok(name, found)


def _site(settings: "Settings", places: list[str]) -> CheckResult:
    used, *unused = places or ["the default site"]
    found = f"{settings.base_url}, from {used}{_not_used(unused)}"
    if settings.base_url.startswith("http:") and not settings.is_loopback:
        return warning(
            "site",
            f"{found}: plain http exposes the credentials on the network",
            "use https",
        )
    return ok("site", found)


def _not_used(places: list[str]) -> str:
    return f" ({' and '.join(places)} not used)" if places else ""
