"""`recover_pending`: recovers the pending creates of a folder's stack, and reports about them.

A pending create is a create operation of a killed deployment, with an unknown result. An intent is
an entry in the intent log, the local log of create operations.
"""

from contextlib import chdir
from pathlib import Path

from pulumi_datadog_cases.cli.documents import RecoverDocument, RecoveredObject
from pulumi_datadog_cases.cli.group import CommandError
from pulumi_datadog_cases.cli.inventory import InventoryItem
from pulumi_datadog_cases.cli.output import progress
from pulumi_datadog_cases.cli.pulumi_cli import last_full_update
from pulumi_datadog_cases.cli.recover.search import RecoveredCreate, recover
from pulumi_datadog_cases.cli.state import PendingCreate, StackState
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.engine.resource_type import NAME_PROPERTIES
from pulumi_datadog_cases.engine.safety.intent_log import FOLDER_VARIABLE


def recover_pending(folder: Path) -> RecoverDocument:
    """Find the objects of pending creates, and write intents for the next deployment.

    Args:
        folder: the folder of the program.

    Raises:
        CommandError: the state cannot be read, or the intent log cannot be written.
    """
    stack = StackState.selected(folder)
    results = list[RecoveredCreate]()
    if stack.pending_creates:
        stack = StackState.selected(folder, show_secrets=True)
        last_update = last_full_update(folder)
        with chdir(folder), progress("searching") as advance:
            try:
                results += recover(stack, last_update, advance)
            except OSError as error:
                raise CommandError(
                    f"cannot write the intent log: {error}. Set {FOLDER_VARIABLE} to a writable "
                    "folder"
                ) from error
    return {
        "creates": [
            {
                "urn": each.create.urn,
                "kind": each.create.resource_type.name,
                "name": each.create.name,
                "result": each.result,
                "objects": [_object(each.create, live) for live in each.objects],
                "reason": each.reason,
            }
            for each in results
        ],
        "left_alone": [
            {"urn": urn, "operation": operation} for urn, operation in stack.pending_others
        ],
    }


def _object(create: PendingCreate, live: LiveObject) -> RecoveredObject:
    """Describe an object. The description contains no secrets."""
    names = (name for name in ("key", *NAME_PROPERTIES) if name not in create.secret)
    label = " ".join(str(live.values[name]) for name in names if live.values.get(name))
    if create.secret & {*create.resource_type.parents}:
        return {"id": live.id, "label": label}
    return {"id": InventoryItem(create.resource_type, live, create.declared).key, "label": label}
