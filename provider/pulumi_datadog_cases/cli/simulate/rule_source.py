"""`RuleSource`: reads the rules to simulate from a state, a preview or an exported organisation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.simulate.preview import PreviewedStack
from pulumi_datadog_cases.cli.state import StackState, StateResource
from pulumi_datadog_cases.engine import Value
from pulumi_datadog_cases.testing import RuleOutcome

_Objects: TypeAlias = list[Mapping[str, Value]]

_PROJECT: Final = "Project"
#: The resource types that affect which rules an event triggers, each with its list in an export
#: file.
_EXPORT_TYPES: Final = {
    _PROJECT: "projects",
    "CaseType": "case_types",
    "MaintenanceWindow": "maintenance_windows",
    "AutomationRule": "automation_rules",
    "NotificationRule": "notification_rules",
}
#: The resource types of rules. For each of them, an export file has one list per project, by
#: project id. For each other type, the file has only one list.
_RULES: Final = ("AutomationRule", "NotificationRule")

#: The properties that the simulation needs. If one of them is secret or unknown, the object is left
#: out.
_NEEDED: Final[Mapping[str, AbstractSet[str]]] = {
    _PROJECT: {"key"},
    "CaseType": {"name", "statuses_config"},
    "MaintenanceWindow": {"query", "start_at", "end_at"},
    "AutomationRule": {"project_id", "trigger", "state"},
    "NotificationRule": {"project_id", "triggers", "query", "is_enabled"},
}


@dataclass(frozen=True)
class RuleSource:
    """The rules to simulate, and the objects that affect whether the rules are triggered.

    Attributes:
        document: the rules and objects in the format of `datadog-cases export`.
        names: for each rule's id, the name of the rule's resource in the program.
        left_out: the names of excluded objects, each with the reason.
    """

    document: Mapping[str, Value]
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    left_out: Sequence[str] = ()

    @property
    def only_project(self) -> str | None:
        """The UUID of the project, if there is exactly one."""
        match self.document.get("projects"):
            case [{"id": str(id_)}]:
                return id_
            case _:
                return None

    def label(self, outcome: RuleOutcome) -> str:
        """Return what people call a rule: its name in the program, or its name in Datadog."""
        return self.names.get(outcome.rule_id) or outcome.rule_name or outcome.rule_id

    @classmethod
    def exported(cls, file: Path) -> "RuleSource":
        """Read a file written by `datadog-cases export`.

        Raises:
            CommandError: `datadog-cases export` did not write this file.
        """
        try:
            document: Value = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            document = None
        if not (isinstance(document, Mapping) and "datadog_cases_export" in document):
            raise CommandError(
                f"{file} was not written by `datadog-cases export`: pass a file that it wrote",
                WRONG_USAGE,
            )
        return cls(document)

    @classmethod
    def deployed(cls, folder: Path, state: Path | None) -> "RuleSource":
        """Read the state of a stack.

        Args:
            folder: the folder of the stack's program.
            state: a file written by `pulumi stack export`, instead of the selected stack.

        Raises:
            CommandError: no stack is selected, or its state cannot be read.
        """
        if state is None:
            instead = "pass --state or --seed"
            stack = StackState.selected(folder, instead=instead)
        else:
            try:
                stack = StackState.exported(state.read_text(encoding="utf-8"))
            except ValueError as error:
                raise CommandError(
                    f"{state} was not written by `pulumi stack export`: pass a file that it wrote",
                    WRONG_USAGE,
                ) from error
        return cls._from_stack(stack, unknown={})

    @classmethod
    def previewed(cls, folder: Path) -> "RuleSource":
        """Run `pulumi preview`, and read what the stack has after the next deployment.

        Args:
            folder: the folder of the stack's program.

        Raises:
            CommandError: the preview fails.
        """
        preview = PreviewedStack.of(folder)
        return cls._from_stack(preview.state, preview.unknown)

    @classmethod
    def _from_stack(
        cls, stack: StackState, unknown: Mapping[str, AbstractSet[str]]
    ) -> "RuleSource":
        objects: dict[str, _Objects] = {name: [] for name in _EXPORT_TYPES if name not in _RULES}
        rules: dict[str, dict[str, _Objects]] = {name: {} for name in _RULES}
        names, left_out = dict[str, str](), list[str]()
        resources = {each.found.identity: each for each in (*stack.known, *stack.objects)}
        for (type_name, _), each in resources.items():
            if type_name not in _EXPORT_TYPES:
                continue
            hidden = {
                **dict.fromkeys(unknown.get(each.urn, ()), "unknown"),
                **dict.fromkeys(each.secret, "secret"),
            }
            if needed := sorted(hidden.keys() & _NEEDED[type_name]):
                reasons = " and ".join(f"its {name} is {hidden[name]}" for name in needed)
                left_out.append(f"{each.name}, because {reasons}")
            elif type_name in _RULES:
                project_id = str(each.found.declared["project_id"])
                rules[type_name].setdefault(project_id, []).append(_object(each, hidden))
                names[each.found.id] = each.name
            else:
                objects[type_name].append(_object(each, hidden))
        objects[_PROJECT] += _unmanaged_projects(objects[_PROJECT], rules.values())
        everything: dict[str, Value] = {**objects, **rules}
        exported = {_EXPORT_TYPES[name]: each for name, each in everything.items()}
        return cls({"datadog_cases_export": 1, **exported}, names, left_out)


def _object(resource: StateResource, hidden: Mapping[str, str]) -> Mapping[str, Value]:
    # A rule that the next deployment creates has no `created_at` yet, which the sandbox requires.
    values = {"created_at": "", **resource.found.live.values, **resource.found.declared}
    shown = {name: _placeholder(name, reason) for name, reason in hidden.items()}
    attributes = {name: value for name, value in {**values, **shown}.items() if value is not None}
    return {"id": resource.found.id, "attributes": attributes}


def _placeholder(name: str, reason: str) -> Value:
    """Return a replacement for a hidden value; None if the object does not need the property.

    A rule must have a name, and an action or recipients, but their values do not affect the
    simulation.
    """
    text = f"[{reason}]"
    match name:
        case "name":
            return text
        case "action":
            return {"type": text}
        case "recipients":
            return [{"type": text}]
        case _:
            return None


def _unmanaged_projects(known: _Objects, rules: Iterable[Mapping[str, _Objects]]) -> _Objects:
    """Return the projects that rules refer to, but that the stack does not manage.

    The state has only the ids of these projects, so each id also serves as key and name.
    """
    managed = {str(each["id"]) for each in known}
    named = dict.fromkeys(id_ for by_project in rules for id_ in by_project)
    return [
        {"id": id_, "attributes": {"key": id_, "name": id_}} for id_ in named if id_ not in managed
    ]
