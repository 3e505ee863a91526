"""The fields of a case by which cases are searched, counted and aggregated."""

from collections import defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from datadog_cases_sandbox.endpoints import case_filter, case_types, cases, projects, users
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

Value: TypeAlias = tuple[str, ...]
"""All names of one value of a field, by which a filter can select the value.

For example, a filter can name a project by its id or by its key. Counts and aggregations return the
first name.
"""

Fact: TypeAlias = tuple[str, ...]
"""The part of a case on which the value of a field depends, such as the id of its project."""

ARCHIVED, NOT_ARCHIVED = ("true",), ("false",)


def texts(case: Case) -> dict[str, Value]:
    """The values of the fields in which most cases have a value of their own."""
    return {
        case_filter.FREE_TEXT: (case.title, case.description, case.key),
        "title": (case.title,),
        "description": (case.description,),
        "key": (case.key,),
        "public_id": (case.public_id,),
        "created_at": (case.created_at,),
    }


def facts(case: Case) -> dict[str, Fact]:
    """The facts for the fields in which many cases have the same value; see `Values`."""
    status = (case.type_id, case.status_name)
    people = {"assignee": case.assignee_id, "creator": case.created_by}
    return {
        "status": status,
        "status_name": (case.status_name,),
        "status_group": status,
        "priority": (case.priority,),
        "project": (case.project_id,),
        "project_id": (case.project_id,),
        "type": (case.type_id,),
        "creation_source": (case.creation_source,),
        "archived": ARCHIVED if case.archived_at else NOT_ARCHIVED,
        **{role: (user_id,) for role, user_id in people.items() if user_id is not None},
    }


def attributes(case: Case) -> dict[str, tuple[str, ...]]:
    """The values of a case's labels and custom attributes, by name in lower case."""
    attributes_by_name = defaultdict[str, tuple[str, ...]](tuple)
    for name, labels in case.attributes.items():
        attributes_by_name[name.lower()] += tuple(labels)
    for name, custom in case.custom_attributes.items():
        value = custom["value"]
        values = value if isinstance(value, list) else [value]
        attributes_by_name[name.lower()] += tuple(str(each) for each in values)
    return dict(attributes_by_name)


class Values:
    """The values for facts. Each related object is read from the store only once."""

    def __init__(self, store: Store) -> None:
        self._type = cache(partial(case_types.find, store))
        self._project = cache(partial(projects.find, store))
        self._user = cache(partial(store.find, users.User))
        self._by_field: dict[str, Callable[..., Value]] = {
            "status": self._status_value,
            "status_group": self._group_value,
            "project": self._project_value,
            "type": self._type_value,
            "assignee": self._user_value,
            "creator": self._user_value,
        }

    def value(self, field: str, fact: Fact) -> Value:
        """The value of a field. For most fields, it is the fact itself."""
        value = self._by_field.get(field)
        return fact if value is None else value(*fact)

    def status_group(self, type_id: str, status_name: str) -> str:
        """The group of a status: `open`, `in_progress` or `closed`."""
        return cases.status_group(self._type(type_id), status_name)

    def _status_value(self, type_id: str, status_name: str) -> Value:
        word = cases.legacy_status(self._type(type_id), status_name)
        return word, status_name, self.status_group(type_id, status_name)

    def _group_value(self, type_id: str, status_name: str) -> Value:
        return (f"SG_{self.status_group(type_id, status_name).upper()}",)

    def _project_value(self, project_id: str) -> Value:
        return project_id, self._project(project_id).key

    def _type_value(self, type_id: str) -> Value:
        case_type = self._type(type_id)
        return type_id, case_type.name, case_type.case_word

    def _user_value(self, user_id: str) -> Value:
        user = self._user(user_id)
        return (user_id, user.email, user.name or "") if user else (user_id,)
