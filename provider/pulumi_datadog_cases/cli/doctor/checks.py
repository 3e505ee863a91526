"""All that the doctor looks at, in the order in which it fails."""

from collections.abc import Iterator
from datetime import UTC, datetime

from pulumi_datadog_cases.cli.doctor import configuration, machine, organization, project
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, Status, error, ok, skipped


def diagnose() -> Iterator[CheckResult]:
    """Look at one thing after the other; what depends on something that is not there is skipped."""
    yield from machine.packages()
    yield from machine.pulumi_command()
    yield from project.program()
    settings = yield from configuration.settings()
    if settings is None:
        yield skipped("organisation", "not asked, as the configuration above does not lead there")
    else:
        yield from organization.validate(settings)
    yield from _left_behind()


def _left_behind() -> Iterator[CheckResult]:
    """What creates that were cut off have left in the journal."""
    try:
        # Pulumi's SDK, which it needs, may be what is broken.
        from pulumi_datadog_cases.engine.safety.intent_log import (  # noqa: PLC0415
            log_folder,
            pending_intents,
        )
    except ImportError as problem:
        yield error("journal", f"Pulumi's SDK cannot be loaded: {problem}", "install it anew")
        return
    left = pending_intents()
    if not left:
        yield ok("journal", f"no create that was cut off is left in {log_folder()}")
    for account, entry in left:
        since = datetime.fromtimestamp(entry.since, UTC).isoformat(timespec="seconds")
        made = f"made as {entry.id}" if entry.id else "perhaps made"
        yield CheckResult(
            "journal",
            Status.WARNING,
            f"{entry.resource} was being created when a run was cut off: {made}, begun {since}",
            "run `pulumi up` of that program again: it finds the object and goes on with it",
            {
                "organization": account,
                "resource": entry.resource,
                "kind": entry.resource_type,
                "since": since,
                "id": entry.id,
            },
        )
