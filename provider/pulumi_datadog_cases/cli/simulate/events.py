"""`Event`: an event to simulate, from the options of the command or from a file of events."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import yaml
from yaml.constructor import ConstructorError

from pulumi_datadog_cases.cli.case_fields import EVENT_FIELDS, misspelt
from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.engine.validation import did_you_mean
from pulumi_datadog_cases.resources._shared.rule_triggers import (
    AUTOMATION_TRIGGER_DATA,
    AUTOMATION_TRIGGER_NAMES,
)
from pulumi_datadog_cases.testing import SimulatedEvent

#: The trigger types of events.
EVENT_TYPES: Final = [trigger.lower() for trigger in AUTOMATION_TRIGGER_NAMES]

_EVENT: Final = "event"
_NAME: Final = "name"
#: The options that describe an event, each with the key of `SimulatedEvent`.
_DETAILS: Final = {
    "project": "project",
    "case": "case_id",
    "title": "title",
    "description": "description",
    "type": "type",
    "priority": "priority",
    "status": "status",
    "assignee": "assignee",
    "due-date": "due_date",
    "attribute": "attributes",
    "field": "field",
    "from": "from_",
    "to": "to",
    "approval-type": "approval_type",
    "at": "at",
}
#: The options that can have several values.
_LISTS: Final = {"attribute", "from", "to"}
#: For each option that belongs only to some events: members of a trigger's `data`. The option
#: belongs to the events whose triggers have one of these members.
_COMPARED: Final = {
    "field": {"field"},
    "from": {"field", "from_status_name"},
    "to": {"field", "to_status_name"},
    "approval-type": {"approval_type"},
}
#: The options of `_COMPARED`, with the events to which they belong.
_ONLY_FOR: Final = {
    option: [
        trigger.lower()
        for trigger, members in AUTOMATION_TRIGGER_DATA.items()
        if not compared.isdisjoint(members)
    ]
    for option, compared in _COMPARED.items()
}
#: The options by the names that the sandbox uses in its errors.
_OPTIONS: Final = {_EVENT: _EVENT} | {
    detail.removesuffix("_"): option for option, detail in _DETAILS.items()
}


@dataclass(frozen=True)
class Event:
    """An event to simulate.

    Attributes:
        name: what tables call the event.
        trigger: the trigger type of the event, such as `case_created`.
        details: the case, and what changes.
        position: the number of the event in a file, from 1; None for the options of the command.
    """

    name: str
    trigger: str
    details: SimulatedEvent
    position: int | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, object]) -> "Event":
        """Build an event from the options of the command, by name. Unset options are empty.

        Raises:
            CommandError: the options do not describe an event.
        """
        return _parse([(None, options)])[0]

    @classmethod
    def read_all(cls, file: Path) -> Sequence["Event"]:
        """Read a file of events: a list in YAML or JSON.

        Each entry has options of the command, without `--`, and may have a `name`.

        Raises:
            CommandError: the file has no list, or some entries do not describe an event. The
                message lists all mistakes of all entries.
        """
        try:
            with file.open(encoding="utf-8") as stream:
                entries: object = _TextLoader(stream).get_single_data()
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise CommandError(f"{file} cannot be read: {error}", WRONG_USAGE) from None
        if not (isinstance(entries, list) and entries):
            raise CommandError(
                f"{file} has no list of events: write one, such as `- event: case_created`",
                WRONG_USAGE,
            )
        return _parse([*enumerate(cast("list[object]", entries), 1)])

    @property
    def hints(self) -> Iterator[str]:
        """Hints for names that count as labels, but seem to be misspelt fields of the case."""
        names = [("attribute", each) for each in self.details.get("attributes", ())]
        for option, name in [*names, ("field", self.details.get("field", ""))]:
            if hint := misspelt(name, EVENT_FIELDS):
                yield _located(self.position, [option], hint)

    def describe_error(self, message: str) -> str:
        """Name the options of this event in an error of the sandbox, such as `to: required`."""
        names, colon, problem = message.partition(": ")
        members = names.split(" and ")
        if colon and all(member in _OPTIONS for member in members):
            return _located(self.position, [_OPTIONS[member] for member in members], problem)
        return _located(self.position, [], message)


class _TextLoader(yaml.SafeLoader):
    """Reads every scalar except `null` as a string, as the command line does.

    For example, YAML's own rules would read `at: 2026-12-24T10:00:00Z` as a time.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's name and type
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - as in the base class
        """Reject duplicate keys. PyYAML would keep only the last value."""
        seen = set[object]()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"{key.value} occurs twice: for several values, write a list"
                raise ConstructorError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _parse(entries: Sequence[tuple[int | None, object]]) -> list[Event]:
    """Build events from entries with their positions.

    Raises:
        CommandError: some entries are wrong. The message lists all mistakes.
    """
    problems = [each for position, entry in entries for each in _problems(position, entry)]
    if problems:
        raise CommandError("; ".join(problems), WRONG_USAGE)
    return [_event(position, cast("Mapping[str, object]", entry)) for position, entry in entries]


def _problems(position: int | None, entry: object) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield _located(position, [], "must be a mapping, such as `event: case_created`")
        return
    options = cast("Mapping[object, object]", entry)
    known = [_NAME, _EVENT, *_DETAILS]
    for name, value in options.items():
        if name not in known:
            hint = did_you_mean(str(name), known) or f"; the options are {', '.join(known)}"
            yield _located(position, [str(name)], f"is not an option of an event{hint}")
        elif name in _LISTS:
            if not all(isinstance(each, str) for each in _several(value)):
                yield _located(position, [str(name)], "must be a string or a list of strings")
        elif value is not None and not isinstance(value, str):
            yield _located(position, [str(name)], "must be a string")
    for each in _several(options.get("attribute")):
        if isinstance(each, str) and not all(each.partition("=")[:2]):
            problem = f"write KEY=VALUE, as in env=prod, instead of {each}"
            yield _located(position, ["attribute"], problem)
    yield from _event_problems(position, options)


def _event_problems(position: int | None, options: Mapping[object, object]) -> Iterator[str]:
    trigger = options.get(_EVENT)
    if not trigger:
        yield _located(position, [_EVENT], f"required, one of {', '.join(EVENT_TYPES)}")
    for option, triggers in _ONLY_FOR.items():
        if options.get(option) and trigger in EVENT_TYPES and trigger not in triggers:
            yield _located(position, [option], f"only for the event {' or '.join(triggers)}")
    due_date = options.get("due-date")
    if isinstance(due_date, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", due_date):
        yield _located(position, ["due-date"], f"write YYYY-MM-DD instead of {due_date}")


def _several(value: object) -> Sequence[object]:
    if isinstance(value, list):
        return cast("list[object]", value)
    return [] if value is None else [value]


def _event(position: int | None, options: Mapping[str, object]) -> Event:
    details = dict[str, object]()
    for option, detail in _DETAILS.items():
        if value := options.get(option):
            details[detail] = _several(value) if option in _LISTS else value
    if attributes := cast("Sequence[str]", details.get("attributes")):
        by_key = dict[str, list[str]]()
        for each in attributes:
            key, _, value = each.partition("=")
            by_key.setdefault(key, []).append(value)
        details["attributes"] = by_key
    values = [str(each) for value in options.values() for each in _several(value)]
    return Event(
        name=str(options.get(_NAME) or " ".join(values)),
        trigger=str(options[_EVENT]),
        details=cast("SimulatedEvent", details),
        position=position,
    )


def _located(position: int | None, options: Sequence[str], problem: str) -> str:
    """Say where a problem is: at an option of the command, or at an entry of a file."""
    if position is None:
        where = " and ".join(f"--{option}" for option in options)
    else:
        where = ", ".join([f"event {position}", *filter(None, [" and ".join(options)])])
    return f"{where}: {problem}" if where else problem
