"""Runs all checks, each after the checks that it depends on.

To add a check, write a function that yields each `CheckResult`, in the module of its subject
(`machine`, `project`, `configuration` or `organization`). Call the function in `run_checks`, after
the checks that it depends on.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from pulumi_datadog_cases.cli.doctor import configuration, machine, organization, project
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, Status, error, ok, skipped


def run_checks() -> Iterator[CheckResult]:
    """Run the checks one after the other. A check is skipped if its prerequisite is missing."""
    yield from machine.packages()
    yield from machine.pulumi_command()
    yield from project.program()
    settings = yield from configuration.settings()
    if settings is None:
        yield skipped("organisation", "not checked, because the configuration above is incomplete")
    else:
        yield from organization.validate(settings)
    yield from _pending_intents()


def _pending_intents() -> Iterator[CheckResult]:
    """List the create requests whose runs were interrupted. They may have created objects.

    Before a run creates an object, it writes an entry (an intent) to the intent log. This check,
    named `journal`, reads the log.
    """
    try:
        # Imported here, because the engine needs Pulumi's SDK, which may be broken.
        from pulumi_datadog_cases.engine.safety.intent_log import (  # noqa: PLC0415
            FOLDER_VARIABLE,
            log_folder,
            pending_intents,
        )
        from pulumi_datadog_cases.engine.stack_state import stack_objects  # noqa: PLC0415
    except ImportError as problem:
        yield error("journal", f"Pulumi's SDK cannot be loaded: {problem}", "reinstall it")
        return
    folder = log_folder()
    existing = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not (existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)):
        yield CheckResult(
            "journal",
            Status.WARNING,
            f"{folder} cannot be written, so runs keep no intent log: {existing} is no folder, or "
            "this user may not write there",
            f"set {FOLDER_VARIABLE} to a folder that runs can write, or run `datadog-cases "
            "recover` before each `pulumi up`",
        )
        return
    # Leave out entries whose objects are in the state, because these requests are finished. A run
    # removes such an entry after Pulumi has saved the object. But if Pulumi saves the state only at
    # the very end of the run, the entry stays in the log until the next run.
    pending = [
        (account, intent)
        for account, intent in pending_intents()
        if (intent.resource_type, intent.id) not in (stack_objects(intent.resource) or {})
    ]
    if not pending:
        yield ok("journal", f"no interrupted create in {folder}")
    for account, intent in pending:
        since = datetime.fromtimestamp(intent.since, UTC).isoformat(timespec="seconds")
        outcome = f"created as {intent.id}" if intent.id else "outcome unknown"
        yield CheckResult(
            "journal",
            Status.WARNING,
            f"a run was interrupted while it created {intent.resource} at {since}: {outcome}",
            f"run `pulumi up` of {_stack_of(intent.resource)}: it finds and adopts the object",
            {
                "organization": account,
                "resource": intent.resource,
                "kind": intent.resource_type,
                "since": since,
                "id": intent.id,
            },
        )


def _stack_of(resource: str) -> str:
    """The stack in the URN of a resource. Some entries have no URN."""
    match resource.removeprefix("urn:pulumi:").split("::", 2):
        case [stack, project, _]:
            return f"stack {stack} of project {project}"
        case _:
            return "that program"
