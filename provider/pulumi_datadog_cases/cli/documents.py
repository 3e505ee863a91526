"""The JSON documents that commands print with `--json`. Keys are never renamed or removed.

Each class describes one JSON object: its keys, their types and their meaning. The documentation's
reference of the commands is generated from the classes. To add a key, declare the key here, and set
it in the function that builds the object. That function is usually `_document` in the command's
module. The objects of `drift` are built in `cli/drift/report.py`, and the object of `import` in the
function `import_`.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from typing_extensions import TypedDict

from pulumi_datadog_cases.api.http.json_api import JSON


class DoctorCheck(TypedDict):
    """One check. `doctor --json` prints a list of these objects."""

    check: Annotated[str, "What was checked."]
    status: Annotated[str, "`ok`, `warning`, `error` or `skipped`."]
    found: Annotated[str, "The result. It never contains an API or application key."]
    advice: Annotated[str, "What to do; empty if there is nothing to do."]
    details: Annotated[Mapping[str, str | None], "Further values, depending on the check."]


class ImportDocument(TypedDict):
    """The document that `import --json` prints."""

    program: Annotated[
        str | None,
        "Path of the file with the declarations: the program, the module of `--new-only`, or the "
        "file that `pulumi import` wrote in another language. Null if there is no such file.",
    ]
    import_file: Annotated[
        str | None, "Path of the file for `pulumi import --file`; null if there is none."
    ]
    imported: Annotated[Mapping[str, int], "Number of new objects by resource type."]
    left_alone: Annotated[int, "Number of objects that the stack managed before the import."]
    left_out: Annotated[
        Sequence[str],
        "Unmanaged objects that must not be imported, each with the reason.",
    ]
    backups: Annotated[Sequence[str], "Paths of the backups of files that were overwritten."]
    missing: Annotated[Sequence[str], "What could not be read, and why."]


class ExportDocument(TypedDict):
    """The document that `export --json` prints."""

    file: Annotated[str, "Path of the file."]
    objects: Annotated[Mapping[str, int], "Number of exported objects by type."]
    missing: Annotated[Mapping[str, str], "For each type with unread objects, the reason."]


class DriftObject(TypedDict):
    """An object in the document of `drift`."""

    kind: Annotated[str, "Resource type, such as `AutomationRule`."]
    within: Annotated[str, "Key or name of the object's parent; empty if there is none."]
    label: Annotated[str, "Key and name of the object, its text, or its id."]
    name: Annotated[str, "Name of the resource in the program; empty if no stack manages it."]
    id: Annotated[str, "Import id."]


class DriftProperty(TypedDict):
    """A property, or a part of a property, that differs."""

    path: Annotated[str, "Property path, such as `recipients[0].type`."]
    declared: Annotated[JSON, "Value in the program; null if there is none."]
    live: Annotated[JSON, "Value in Datadog; null if there is none."]
    secret: Annotated[
        bool, "Whether the values are secret. If so, `declared` and `live` are `[secret]`."
    ]


class ChangedObjectDocument(DriftObject):
    """An object that differs from its declaration."""

    properties: Annotated[Sequence[DriftProperty], "The differences."]


class UnreadDocument(TypedDict):
    """A resource type of which some or all objects could not be read."""

    kind: Annotated[str, "Resource type."]
    reasons: Annotated[Sequence[str], "Why the objects could not be read."]
    names: Annotated[Sequence[str], "Names of the resources that were not compared."]


class DriftDocument(TypedDict):
    """The document that `drift --json` prints."""

    compared: Annotated[int, "Number of objects that were compared."]
    changed: Annotated[Sequence[ChangedObjectDocument], "Objects that differ."]
    gone: Annotated[Sequence[DriftObject], "Objects that do not exist any more."]
    unmanaged: Annotated[Sequence[DriftObject], "Objects that no given stack manages."]
    unread: Annotated[
        Sequence[UnreadDocument], "Resource types of which not all objects could be read."
    ]
    ignored: Annotated[int, "Number of differences that the ignore file removed."]


#: What is known about a pending create. `PendingCreateDocument` explains the values.
RecoverResult: TypeAlias = Literal[
    "found", "not_found", "ambiguous", "unread", "logged", "repeatable", "saved", "unused"
]


class RecoveredObject(TypedDict):
    """An object that a pending create may have made."""

    id: Annotated[str, "Import id."]
    label: Annotated[str, "Key and name of the object, without secrets; empty if it has neither."]


class PendingCreateDocument(TypedDict):
    """A create that Pulumi lists as pending, because its deployment was killed."""

    urn: Annotated[str, "URN of the resource."]
    kind: Annotated[str, "Resource type, such as `AutomationRule`."]
    name: Annotated[str, "Name of the resource in the program."]
    result: Annotated[
        RecoverResult,
        "`found`: the next `pulumi up` continues with the object. `not_found`: `pulumi up` looks "
        "for the object again, and creates it if this search finds nothing either. `ambiguous`: "
        "more objects match than there are pending creates with the same inputs, so `pulumi up` "
        "stops. `unread`: the search failed; correct the cause and run the command again before "
        "`pulumi up`. `logged`: `pulumi up` finds the object without this command, because the "
        "intent log on this machine has the create, or because the object's id depends only on "
        "the declaration. `repeatable`: `pulumi up` sends the create request again; if the "
        "object exists already, this request changes nothing. `saved`: the state has the object. "
        "`unused`: the declaration has changed since this create. `pulumi up` continues with a "
        "later create of the resource, and nothing manages this object.",
    ]
    objects: Annotated[Sequence[RecoveredObject], "The objects that were found."]
    reason: Annotated[str | None, "Why the search failed; null if it did not."]


class PendingOperationDocument(TypedDict):
    """A pending operation that is not a create of a Case Management resource. It is left alone."""

    urn: Annotated[str, "URN of the resource."]
    operation: Annotated[str, "What Pulumi was doing, such as `updating`."]


class RecoverDocument(TypedDict):
    """The document that `recover --json` prints."""

    creates: Annotated[
        Sequence[PendingCreateDocument], "The pending creates of Case Management resources."
    ]
    left_alone: Annotated[
        Sequence[PendingOperationDocument],
        "Pending updates, deletes and so on, and pending creates of other packages.",
    ]


class MigrateDocument(TypedDict):
    """The document that `migrate --json` prints."""

    converted: Annotated[
        Mapping[str, int], "Number of converted resources by type; empty if none was converted."
    ]
    changes: Annotated[
        Sequence[str],
        "What a preview of the new program would change, such as `create urn:…`. If the list is "
        "not empty, the state was restored.",
    ]


class BulkCase(TypedDict):
    """A case in the document of `bulk`."""

    id: Annotated[str, "UUID."]
    key: Annotated[str, "Key, such as `SEC-12`."]
    before: Annotated[str, "The case's value before the change, in words."]
    wanted: Annotated[
        str | None, "The value that the change sets, in words; null if the API does not return it."
    ]
    why_not: Annotated[str | None, "Why the change failed; null if it succeeded or was not tried."]


class BulkDocument(TypedDict):
    """The document that `bulk --json` prints."""

    found: Annotated[int, "Number of cases that the search finds."]
    applied: Annotated[bool, "Whether the change was applied."]
    cases: Annotated[
        Sequence[BulkCase], "The found cases that did not have the wanted value before the change."
    ]


class SimulatedRule(TypedDict):
    """A rule in the document of `simulate`."""

    rule_id: Annotated[
        str,
        "UUID of the rule; the URN of its resource if the previewed deployment creates the rule.",
    ]
    rule_name: Annotated[str | None, "Name of the rule; null for a notification rule."]
    kind: Annotated[Literal["automation_rule", "notification_rule"], "Type of the rule."]
    fired: Annotated[bool, "Whether the event triggers the rule."]
    does: Annotated[str, "What the rule does, in words."]
    why: Annotated[str, "Why the event does or does not trigger the rule, in words."]
    event: Annotated[str, "Trigger type of the event, such as `case_created`."]
    change: Annotated[str, "The event, in words."]
    case_id: Annotated[str | None, "UUID of the case; null for a simulated case."]
    at: Annotated[str, "Time of the event (RFC 3339, UTC)."]
    name: Annotated[str | None, "Name of the resource in the program; null with `--seed`."]


class SimulateDocument(TypedDict):
    """The document that `simulate --json` prints."""

    rules: Annotated[Sequence[SimulatedRule], "All rules of the project."]
    left_out: Annotated[Sequence[str], "Objects that were not evaluated, each with the reason."]


class SimulatedEventDocument(TypedDict):
    """An event of the file of `simulate --events`."""

    name: Annotated[str, "Name of the event in the file. An event without a name has its values."]
    rules: Annotated[Sequence[SimulatedRule], "All rules of the event's project."]


class SimulateEventsDocument(TypedDict):
    """The document that `simulate --events --json` prints."""

    events: Annotated[Sequence[SimulatedEventDocument], "The events, in the order of the file."]
    left_out: Annotated[Sequence[str], "Objects that were not evaluated, each with the reason."]


#: All documents, by command.
DOCUMENTS: Mapping[str, Sequence[type]] = {
    "doctor": [DoctorCheck],
    "import": [ImportDocument],
    "drift": [DriftDocument, ChangedObjectDocument, DriftObject, DriftProperty, UnreadDocument],
    "recover": [
        RecoverDocument,
        PendingCreateDocument,
        RecoveredObject,
        PendingOperationDocument,
    ],
    "migrate": [MigrateDocument],
    "export": [ExportDocument],
    "simulate": [
        SimulateDocument,
        SimulateEventsDocument,
        SimulatedEventDocument,
        SimulatedRule,
    ],
    "bulk": [BulkDocument, BulkCase],
}
