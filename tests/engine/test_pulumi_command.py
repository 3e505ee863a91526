"""`command_on_all_resources` reads the command line of the process `pulumi` above a provider."""

import os
import subprocess
import sys

import pytest

MODULE = "pulumi_datadog_cases.engine.pulumi_command"
PRINT = f"{sys.executable} -c 'import {MODULE} as m; print(m.command_on_all_resources())'"


def command(*arguments: str, name: str = "pulumi", **environment: str) -> str:
    """Return the command that a provider finds if `pulumi` was started with these arguments."""
    # A shell plays the part of Pulumi: `exec -a` sets the name of its process. It starts another
    # shell, which starts Python, as Pulumi does for dynamic providers.
    shell = ["bash", "-c", 'exec -a "$0" bash "$@"', name]
    provider = ["-c", f'sh -c "{PRINT}; true"; true']
    ran = subprocess.run(
        [*shell, *provider, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("up", "--yes"), "up"),
        (("-C", "infra", "update", "--skip-preview"), "up"),
        (("destroy", "--stack", "dev", "-y"), "destroy"),
        (("down",), "destroy"),
        (("preview",), "None"),
        (("refresh", "--yes"), "None"),
        (("--stack", "down", "up"), "None"),
        (("up", "--target", "urn:x"), "None"),
        (("up", "--target=urn:x"), "None"),
        (("up", "-yt", "urn:x"), "None"),
        (("up", "--replace", "urn:x"), "None"),
        (("up", "--target-replace", "urn:x"), "None"),
        (("destroy", "-x", "urn:x"), "None"),
        (("destroy", "--exclude-protected"), "None"),
        (("destroy", "--continue-on-error"), "None"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_command_counts_if_it_applies_to_all_resources(
    arguments: tuple[str, ...], found: str
) -> None:
    assert command(*arguments) == found


@pytest.mark.parametrize("setting", ["PULUMI_CONTINUE_ON_ERROR", "PULUMI_ENABLE_LEGACY_DIFF"])
def test_setting_in_the_environment_counts_as_an_option(setting: str) -> None:
    assert command("destroy", **{setting: "true"}) == "None"


def test_command_of_another_program_does_not_count() -> None:
    assert command("up", name="tofu") == "None"
