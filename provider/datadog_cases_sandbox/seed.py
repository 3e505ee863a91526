"""Seed files: the initial objects of a sandbox, in the format of `datadog-cases export`.

BEHAVIOUR.md documents the format. If the file contains an object, it must also contain the object's
parent, such as the project of a rule. For a case, it must also contain the case type, unless the
type is built in. Without these, a later request would fail.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.endpoints import cases, registry, users
from datadog_cases_sandbox.endpoints.automation_rules import AutomationRule
from datadog_cases_sandbox.endpoints.case_links import CaseLink
from datadog_cases_sandbox.endpoints.case_types import CaseType
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.comments import Comment
from datadog_cases_sandbox.endpoints.custom_attributes import CustomAttribute
from datadog_cases_sandbox.endpoints.maintenance_windows import MaintenanceWindow
from datadog_cases_sandbox.endpoints.notification_rules import NotificationRule
from datadog_cases_sandbox.endpoints.project_favorites import ProjectFavorite
from datadog_cases_sandbox.endpoints.projects import Project
from datadog_cases_sandbox.endpoints.users import User
from datadog_cases_sandbox.endpoints.views import CaseView
from datadog_cases_sandbox.endpoints.watchers import Watcher
from datadog_cases_sandbox.resource_object import ResourceObject
from datadog_cases_sandbox.store import Record, Seeds

Objects: TypeAlias = list[ResourceObject]
ObjectsByParent: TypeAlias = dict[str, list[ResourceObject]]

PROJECT: Final = "project_id"
CASE: Final = "case_id"
SECTIONS: Final[Mapping[str, tuple[type[Record], str]]] = {
    "users": (User, ""),
    "case_types": (CaseType, ""),
    "custom_attributes": (CustomAttribute, ""),
    "projects": (Project, ""),
    "project_favorites": (ProjectFavorite, ""),
    "automation_rules": (AutomationRule, PROJECT),
    "notification_rules": (NotificationRule, PROJECT),
    "case_views": (CaseView, PROJECT),
    "maintenance_windows": (MaintenanceWindow, ""),
    "cases": (Case, ""),
    "timelines": (Comment, CASE),
    "watchers": (Watcher, CASE),
    "case_links": (CaseLink, ""),
}
"""The record class of each section, and the name of the record's field for the id of its parent.

The name is empty for a section that is a plain list. Any other section has one list per parent.
The sections of parents come before those of their children."""


class SeedFile(BaseModel):
    """The contents of a seed file, by section.

    Attributes:
        datadog_cases_export: The version of the format.
        users: The users. Without this section, the sandbox has the same users as without a seed.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    datadog_cases_export: Literal[1]
    users: Objects | None = None
    case_types: Objects = Field(default_factory=list[ResourceObject])
    custom_attributes: Objects = Field(default_factory=list[ResourceObject])
    projects: Objects = Field(default_factory=list[ResourceObject])
    project_favorites: Objects = Field(default_factory=list[ResourceObject])
    automation_rules: ObjectsByParent = Field(default_factory=dict[str, Objects])
    notification_rules: ObjectsByParent = Field(default_factory=dict[str, Objects])
    case_views: ObjectsByParent = Field(default_factory=dict[str, Objects])
    maintenance_windows: Objects = Field(default_factory=list[ResourceObject])
    cases: Objects = Field(default_factory=list[ResourceObject])
    timelines: ObjectsByParent = Field(default_factory=dict[str, Objects])
    watchers: ObjectsByParent = Field(default_factory=dict[str, Objects])
    case_links: Objects = Field(default_factory=list[ResourceObject])


class SeedError(Exception):
    """A seed file is invalid or cannot be read. The message is one line."""


def read(path: Path) -> Seeds:
    """Reads a seed file.

    Raises:
        SeedError: The file is not readable, has an unknown format, or refers to a missing object.
    """
    try:
        file = SeedFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SeedError(str(error.strerror)) from error
    except ValidationError as invalid:
        raise SeedError(_first_problem(invalid)) from invalid
    records = {record.id: record for record in _defaults(file)}
    ids, aliases = set[str](), set[tuple[str, str | None]]()
    for location, record in _records(file):
        alias = (record.resource_type, record.alias)
        if record.id in ids:
            raise SeedError(f"{location}: another object has the id {record.id}")
        if record.alias is not None and alias in aliases:
            raise SeedError(
                f"{location}: another {record.resource_type} has the key {record.alias}"
            )
        _check_references(location, record, records)
        records[record.id] = record
        ids.add(record.id)
        aliases.add(alias)
    everything = tuple(records.values())
    case_records = (record for record in everything if isinstance(record, Case))
    return Seeds(everything, cases.counters(case_records), _organisation(file))


def _organisation(file: SeedFile) -> str | None:
    ids = (user.relationship("org", "data", "id") for user in file.users or ())
    return next((id_ for id_ in ids if isinstance(id_, str)), None)


def _defaults(file: SeedFile) -> Iterator[Record]:
    for record in registry.SEEDS.records:
        # The service account is kept even if the file has users: the sandbox's keys belong to it.
        if (
            file.users is None
            or record.resource_type != User.resource_type
            or record.id == users.CURRENT_USER
        ):
            yield record


def _records(file: SeedFile) -> Iterator[tuple[str, Record]]:
    """Yields each record of a file with its location in the file, such as `cases.0`."""
    for section, (model, parent_field) in SECTIONS.items():
        content: Objects | ObjectsByParent | None = getattr(file, section)
        lists = content if isinstance(content, dict) else {"": content or []}
        for parent_id, objects in lists.items():
            for number, item in enumerate(objects):
                fields = model.from_response(item)
                if fields is None:
                    continue
                location = ".".join(filter(None, (section, parent_id, str(number))))
                parent = {parent_field: parent_id} if parent_field else {}
                try:
                    yield location, model.model_validate({**fields, **parent})
                except ValidationError as invalid:
                    raise SeedError(f"{location}.{_first_problem(invalid)}") from invalid


def _check_references(location: str, record: Record, known: Mapping[str, Record]) -> None:
    for owner in (record.owner, record.second_owner):
        if owner is not None and owner not in known:
            raise SeedError(f"{location}: it belongs to {owner}, which is not in the file")
    if isinstance(record, Case):
        case_type = known.get(record.type_id)
        if not isinstance(case_type, CaseType):
            raise SeedError(f"{location}: its case type {record.type_id} is not in the file")
        try:
            cases.validate_status_name(case_type, record.status_name)
        except errors.ApiError as error:
            raise SeedError(f"{location}: {error.reason}") from error


def _first_problem(invalid: ValidationError) -> str:
    problem = invalid.errors(include_url=False)[0]
    path = ".".join(str(step) for step in problem["loc"])
    return f"{path}: {problem['msg']}" if path else problem["msg"]
