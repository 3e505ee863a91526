"""Runs the `pulumi` command line, and reads the config of the selected stack."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api.config.settings import config_key
from pulumi_datadog_cases.cli.group import CommandError

#: Settings of Pulumi for all commands. A streaming preview would print many JSON documents instead
#: of one.
_SETTINGS: Final = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "false",
}


def project_file_in(folder: Path) -> Path | None:
    """Return the Pulumi project file in a folder."""
    files = (folder / name for name in ("Pulumi.yaml", "Pulumi.yml"))
    return next((file for file in files if file.is_file()), None)


def project_file() -> Path | None:
    """Return the Pulumi project file of the current folder or its nearest parent."""
    here = Path.cwd()
    return next(filter(None, map(project_file_in, (here, *here.parents))), None)


@dataclass(frozen=True)
class Runtime:
    """The language in which Pulumi runs a project's program, and options of Python. "" is missing.

    Attributes:
        name: the name of the language, such as `python` or `nodejs`.
        toolchain: `pip`, `poetry` or `uv`.
        virtualenv: the folder of the virtual environment.
    """

    name: str
    toolchain: str = ""
    virtualenv: str = ""


def read_runtime(file: Path) -> Runtime:
    """Read the runtime in a Pulumi project file.

    Raises:
        CommandError: the file cannot be read.
    """
    try:
        project: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    match project:
        case {
            "runtime": {
                "name": str(name),
                "options": {"toolchain": str(toolchain), "virtualenv": str(virtualenv)},
            }
        }:
            return Runtime(name, toolchain, virtualenv)
        case {"runtime": {"name": str(name), "options": {"virtualenv": str(virtualenv)}}}:
            return Runtime(name, virtualenv=virtualenv)
        case {"runtime": {"name": str(name), "options": {"toolchain": str(toolchain)}}}:
            return Runtime(name, toolchain)
        case {"runtime": str(name) | {"name": str(name)}}:
            return Runtime(name)
        case _:
            return Runtime("")


def run_pulumi(
    *arguments: str, standard_input: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `pulumi` in the current folder, without prompts, and wait until it ends.

    Args:
        arguments: the arguments of the command.
        standard_input: the text that the command reads from standard input; None for nothing.

    Raises:
        CommandError: `pulumi` is not on PATH.
    """
    if shutil.which("pulumi") is None:
        raise CommandError(
            "`pulumi` is not on PATH: install it, see https://www.pulumi.com/docs/install/"
        )
    return subprocess.run(  # noqa: S603 - no shell interprets the arguments
        ["pulumi", "--non-interactive", "--color=never", *arguments],  # noqa: S607 - from PATH
        env={**os.environ, **_SETTINGS},
        input=standard_input or "",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def export_stack(folder: Path, *, show_secrets: bool = False) -> str | None:
    """Return the output of `pulumi stack export`; None if no stack is selected.

    Args:
        folder: the folder of the program.
        show_secrets: whether to decrypt secrets.

    Raises:
        CommandError: a stack is selected, but its state cannot be read.
    """
    options = ["--show-secrets"] if show_secrets else []
    exported = run_pulumi("--cwd", str(folder), "stack", "export", *options)
    if exported.returncode:
        if "no stack selected" in exported.stderr:
            return None
        reason = printable(exported.stderr.removeprefix("error: "))
        raise CommandError(f"`pulumi stack export` cannot read the stack of {folder}: {reason}")
    return exported.stdout


def export_selected_stack(folder: Path, *, show_secrets: bool = False, instead: str = "") -> str:
    """Return the output of `pulumi stack export`. A stack must be selected.

    Args:
        folder: the folder of the program.
        show_secrets: whether to decrypt secrets.
        instead: an alternative to selecting a stack, for the error message; "" for none.

    Raises:
        CommandError: no stack is selected, or its state cannot be read.
    """
    where = folder.resolve()
    exported = export_stack(where, show_secrets=show_secrets)
    if exported is None:
        hint = f"select one with `pulumi --cwd {where} stack select`{instead and f', or {instead}'}"
        raise CommandError(f"no stack is selected in {where}: {hint}")
    return exported


def preview_errors(output: str) -> str:
    """Return the errors in the output of `pulumi preview --json`, or its end if it is no JSON."""
    try:
        diagnostics: Sequence[Mapping[str, str]] = json.loads(output).get("diagnostics", ())
    except ValueError:
        return output[-2000:]
    return "; ".join(each["message"].strip() for each in diagnostics if each["severity"] == "error")


def last_full_update(folder: Path) -> float | None:
    """Return when the last successful `pulumi up` of a folder's stack ended, in Unix seconds.

    Updates of only a part of the stack, for example with `--target`, do not count. Return None if
    the stack's history contains no update of the whole stack, or cannot be read.
    """
    done = run_pulumi("--cwd", str(folder), "stack", "history", "--json", "--page-size", "100")
    if done.returncode:
        return None
    updates: list[dict[str, Any]] = json.loads(done.stdout)  # the last update comes first
    for each in updates:
        options = " ".join(each.get("environment") or ()).lower()
        is_full = "target" not in options and "exclude" not in options
        if each["kind"] == "update" and each["result"] == "succeeded" and is_full:
            return datetime.fromisoformat(each["endTime"]).timestamp()
    return None


@dataclass(frozen=True)
class ConfigValue:
    """A value of a stack's config.

    Attributes:
        value: the value in plain text.
        secret: whether the config stores the value encrypted.
    """

    value: str
    secret: bool


def stack_config() -> Mapping[str, ConfigValue]:
    """Return the config of the selected stack by its keys, such as `datadog:site`.

    A key of the native plugin, such as `datadog-cases:site`, counts as the key `datadog:site`, and
    takes precedence over it.

    The result is empty outside a Pulumi project, without a selected stack, or without `pulumi` on
    PATH.

    Raises:
        CommandError: a stack may be selected, but its config cannot be read. The command stops
            instead of using the environment's keys, which may belong to another organisation.
    """
    file = project_file()
    if file is None or shutil.which("pulumi") is None:
        return {}
    config = read_config(file.parent) or {}
    native = {config_key(name): value for name, value in native_settings(config).items()}
    return {**config, **native}


def native_settings(config: Mapping[str, ConfigValue]) -> Mapping[str, ConfigValue]:
    """Return the settings of the native plugin in a stack's config by name, such as `site`."""
    prefix = "datadog-cases:"
    return {
        key.removeprefix(prefix): each for key, each in config.items() if key.startswith(prefix)
    }


def read_config(folder: Path) -> Mapping[str, ConfigValue] | None:
    """Return the config of a folder's selected stack by its keys; None if no stack is selected.

    Raises:
        CommandError: the config cannot be read.
    """
    done = run_pulumi("--cwd", str(folder), "config", "--json", "--show-secrets")
    if done.returncode:
        if "no stack selected" in done.stderr:
            return None
        reason = done.stderr.strip().removeprefix("error: ").partition("\n")[0]
        raise CommandError(
            f"`pulumi config` cannot read the config of the stack in {folder}: {reason}. "
            "Correct that. To use only environment variables, run this command in another folder."
        )
    values: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return {
        key: ConfigValue(each.get("value", ""), each.get("secret") is True)
        for key, each in values.items()
    }
