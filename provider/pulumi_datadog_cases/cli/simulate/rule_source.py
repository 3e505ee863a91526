"""Where the rules are from: a stack's state, or an exported organisation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from pulumi_datadog_cases.cli.common import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.state import StackState, StateResource
from pulumi_datadog_cases.engine import Value

_Objects: TypeAlias = list[Mapping[str, Value]]

_PROJECT: Final = "Project"
#: The families of an export that have a say in what an event sets off, by kind.
_FAMILIES: Final = {
    _PROJECT: "projects",
    "CaseType": "case_types",
    "MaintenanceWindow": "maintenance_windows",
    "AutomationRule": "automation_rules",
    "NotificationRule": "notification_rules",
}
#: Those that are exported by project.
_RULES: Final = ("AutomationRule", "NotificationRule")

#: Without these nothing can be said of an object.
_JUDGED_BY: Final = {
    *("project_id", "key", "statuses_config", "query", "start_at", "end_at"),
    *("trigger", "triggers", "state", "is_enabled"),
}
_WITHHELD: Final = "[secret]"
#: What stands for the rest, where it is secret and needed.
_ONLY_SHOWN: Final[Mapping[str, Value]] = {
    "name": _WITHHELD,
    "action": {"type": _WITHHELD},
    "recipients": [{"type": _WITHHELD}],
}


@dataclass(frozen=True)
class RuleSource:
    """An organisation, as far as it is known.

    Attributes:
        document: as `datadog-cases export` writes it.
        names: what the program calls the rules, by their UUIDs.
        left_out: the names of what is not part of it, each with the reason.
    """

    document: Mapping[str, Value]
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    left_out: Sequence[str] = ()

    @property
    def only_project(self) -> str | None:
        """The UUID of the project, if there is just one."""
        match self.document.get("projects"):
            case [{"id": str(id_)}]:
                return id_
            case _:
                return None

    @classmethod
    def exported(cls, file: Path) -> "RuleSource":
        """What `datadog-cases export` has written.

        Raises:
            CommandError: it has not.
        """
        try:
            document: Value = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            document = None
        if not (isinstance(document, Mapping) and "datadog_cases_export" in document):
            what = "nothing that `datadog-cases export` writes"
            raise CommandError(f"{file} is {what}", WRONG_USAGE)
        return cls(document)

    @classmethod
    def deployed(cls, folder: Path, state: Path | None) -> "RuleSource":
        """What a stack manages.

        Args:
            folder: where its program is.
            state: its state as `pulumi stack export` writes it, instead of the selected stack's.

        Raises:
            CommandError: there is no stack, or its state cannot be read.
        """
        if state is None:
            instead = "take the rules from a --state or a --seed"
            stack = StackState.selected(folder, instead=instead)
        else:
            try:
                stack = StackState.exported(state.read_text(encoding="utf-8"))
            except ValueError as error:
                raise CommandError(
                    f"{state} is nothing that `pulumi stack export` writes", WRONG_USAGE
                ) from error
        return cls._of(stack)

    @classmethod
    def _of(cls, stack: StackState) -> "RuleSource":
        objects: dict[str, _Objects] = {kind: [] for kind in _FAMILIES if kind not in _RULES}
        rules: dict[str, dict[str, _Objects]] = {kind: {} for kind in _RULES}
        names, left_out = dict[str, str](), list[str]()
        everything = {each.found.at: each for each in (*stack.known, *stack.objects)}
        for (kind, _), each in everything.items():
            if kind not in _FAMILIES:
                continue
            if hidden := each.secret & _JUDGED_BY:
                left_out.append(f"{each.name}, of which the {', '.join(sorted(hidden))} is secret")
            elif kind in _RULES:
                project_id = str(each.found.declared["project_id"])
                rules[kind].setdefault(project_id, []).append(_object(each))
                names[each.found.id] = each.name
            else:
                objects[kind].append(_object(each))
        objects[_PROJECT] += _unknown(objects[_PROJECT], rules.values())
        told: dict[str, Value] = {**objects, **rules}
        families = {_FAMILIES[kind]: each for kind, each in told.items()}
        return cls({"datadog_cases_export": 1, **families}, names, left_out)


def _object(stacked: StateResource) -> Mapping[str, Value]:
    values = {**stacked.found.live.values, **stacked.found.declared}
    shown = {name: _ONLY_SHOWN.get(name) for name in stacked.secret}
    attributes = {name: value for name, value in {**values, **shown}.items() if value is not None}
    return {"id": stacked.found.id, "attributes": attributes}


def _unknown(known: _Objects, rules: Iterable[Mapping[str, _Objects]]) -> _Objects:
    """The projects that rules name and the program does not manage: their ids alone are known."""
    there = {str(each["id"]) for each in known}
    named = dict.fromkeys(id_ for by_project in rules for id_ in by_project)
    return [
        {"id": id_, "attributes": {"key": id_, "name": id_}} for id_ in named if id_ not in there
    ]
