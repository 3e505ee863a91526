"""Files to start a sandbox from: an organisation as `datadog-cases export` writes it.

The format is told in BEHAVIOUR.md. A file must be whole in itself, so that no request fails later
for what it lacks.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datadog_cases_sandbox import errors, families
from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.families import cases, users
from datadog_cases_sandbox.families.automation_rules import Rule
from datadog_cases_sandbox.families.case_links import Link
from datadog_cases_sandbox.families.case_types import CaseType
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.families.comments import Comment
from datadog_cases_sandbox.families.custom_attributes import Config
from datadog_cases_sandbox.families.maintenance_windows import Window
from datadog_cases_sandbox.families.notification_rules import NotificationRule
from datadog_cases_sandbox.families.project_favorites import Favorite
from datadog_cases_sandbox.families.projects import Project
from datadog_cases_sandbox.families.users import User
from datadog_cases_sandbox.families.views import View
from datadog_cases_sandbox.families.watchers import Watcher
from datadog_cases_sandbox.store import Record, Seeds

Listed: TypeAlias = list[Answered]
ListedBy: TypeAlias = dict[str, list[Answered]]

OF_PROJECT: Final = "project_id"
OF_CASE: Final = "case_id"
FAMILIES: Final[Mapping[str, tuple[type[Record], str]]] = {
    "users": (User, ""),
    "case_types": (CaseType, ""),
    "custom_attributes": (Config, ""),
    "projects": (Project, ""),
    "project_favorites": (Favorite, ""),
    "automation_rules": (Rule, OF_PROJECT),
    "notification_rules": (NotificationRule, OF_PROJECT),
    "case_views": (View, OF_PROJECT),
    "maintenance_windows": (Window, ""),
    "cases": (Case, ""),
    "timelines": (Comment, OF_CASE),
    "watchers": (Watcher, OF_CASE),
    "case_links": (Link, ""),
}
"""What the objects of a family are and, where they are listed by the id of another, which field
that id is. What others belong to comes before them."""


class File(BaseModel):
    """A file, by families.

    Attributes:
        datadog_cases_export: The version of the format.
        users: Without them, there are those of a fresh sandbox.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    datadog_cases_export: Literal[1]
    users: Listed | None = None
    case_types: Listed = Field(default_factory=list[Answered])
    custom_attributes: Listed = Field(default_factory=list[Answered])
    projects: Listed = Field(default_factory=list[Answered])
    project_favorites: Listed = Field(default_factory=list[Answered])
    automation_rules: ListedBy = Field(default_factory=dict[str, Listed])
    notification_rules: ListedBy = Field(default_factory=dict[str, Listed])
    case_views: ListedBy = Field(default_factory=dict[str, Listed])
    maintenance_windows: Listed = Field(default_factory=list[Answered])
    cases: Listed = Field(default_factory=list[Answered])
    timelines: ListedBy = Field(default_factory=dict[str, Listed])
    watchers: ListedBy = Field(default_factory=dict[str, Listed])
    case_links: Listed = Field(default_factory=list[Answered])


class SeedError(Exception):
    """What is wrong with a file, in one line."""


def read(path: Path) -> Seeds:
    """What a sandbox holds that starts from a file.

    Raises:
        SeedError: The file cannot be read, is of no format known here, or is not whole.
    """
    try:
        file = File.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SeedError(str(error.strerror)) from error
    except ValidationError as invalid:
        raise SeedError(_told(invalid)) from invalid
    records = {record.id: record for record in _defaults(file)}
    ids, aliases = set[str](), set[tuple[str, str | None]]()
    for place, record in _records(file):
        alias = (record.kind, record.alias)
        if record.id in ids:
            raise SeedError(f"{place}: another object has the id {record.id}")
        if record.alias is not None and alias in aliases:
            raise SeedError(f"{place}: another {record.kind} is {record.alias}")
        _check_references(place, record, records)
        records[record.id] = record
        ids.add(record.id)
        aliases.add(alias)
    everything = tuple(records.values())
    return Seeds(everything, cases.counters(one for one in everything if isinstance(one, Case)))


def _defaults(file: File) -> Iterator[Record]:
    for record in families.SEEDS.records:
        # The keys belong to the same account, whatever the file is of.
        if file.users is None or record.kind != User.kind or record.id == users.CURRENT_USER:
            yield record


def _records(file: File) -> Iterator[tuple[str, Record]]:
    for family, (model, field) in FAMILIES.items():
        told: Listed | ListedBy | None = getattr(file, family)
        for owner, objects in (told if isinstance(told, dict) else {"": told or []}).items():
            for number, answered in enumerate(objects):
                fields = model.told_by(answered)
                if fields is None:
                    continue
                place = ".".join(filter(None, (family, owner, str(number))))
                known = {field: owner} if field else {}
                try:
                    yield place, model.model_validate({**fields, **known})
                except ValidationError as invalid:
                    raise SeedError(f"{place}.{_told(invalid)}") from invalid


def _check_references(place: str, record: Record, known: Mapping[str, Record]) -> None:
    for owner in (record.owner, record.second_owner):
        if owner is not None and owner not in known:
            raise SeedError(f"{place}: it belongs to {owner}, which is not in the file")
    if isinstance(record, Case):
        case_type = known.get(record.type_id)
        if not isinstance(case_type, CaseType):
            raise SeedError(f"{place}: its case type {record.type_id} is not in the file")
        try:
            cases.checked_status_name(case_type, record.status_name)
        except errors.Refusal as refusal:
            raise SeedError(f"{place}: {refusal.reason}") from refusal


def _told(invalid: ValidationError) -> str:
    fault = invalid.errors(include_url=False)[0]
    place = ".".join(str(step) for step in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
