"""The fields of a case by which cases are searched, counted and aggregated."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache, partial
from typing import Final, NamedTuple, TypeAlias

from datadog_cases_sandbox.endpoints import case_filter, case_types, cases, projects, users
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.store import Store

Value: TypeAlias = tuple[str, ...]
"""All texts by which a filter can name one value of a field.

For example, a filter can name a project by its id or by its key. Counts and aggregations return the
first text.
"""

Fields: TypeAlias = dict[str, list[Value]]
"""The values of each field. A label or a custom attribute may have several values."""

ARCHIVED: Final = "archived"


class Match(NamedTuple):
    """A case that a filter selects, with its fields."""

    case: Case
    fields: Fields


def matching(store: Store, text: str) -> list[Match]:
    """The cases that a filter selects, oldest first.

    Archived cases are selected only if the filter contains `archived:` (assumed).
    """
    test = case_filter.parse(text)
    with_archived = f"{ARCHIVED}:" in text.lower()
    reader = _FieldReader(store)
    candidates = (
        Match(case, reader.fields(case))
        for case in store.list(Case)
        if with_archived or case.archived_at is None
    )
    return [match for match in candidates if test(_searchable(match.fields))]


def matcher(store: Store, case: Case) -> Callable[[str], bool]:
    """Returns a function that says whether a filter selects this case.

    The case need not be in the store. If the case is archived, a filter can select it even without
    `archived:`, unlike in `matching`. The function raises an `ApiError` for an invalid filter.
    """
    values = _searchable(_FieldReader(store).fields(case))
    return lambda text: case_filter.parse(text)(values)


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


def _searchable(fields: Fields) -> case_filter.CaseValues:
    return {
        field: tuple(name.lower() for value in values for name in value)
        for field, values in fields.items()
    }


class _FieldReader:
    """Reads the fields of cases. Each related object is read from the store only once."""

    def __init__(self, store: Store) -> None:
        self._type = cache(partial(case_types.find, store))
        self._project = cache(partial(projects.find, store))
        self._user = cache(partial(store.find, users.User))

    def fields(self, case: Case) -> Fields:
        case_type = self._type(case.type_id)
        group = cases.status_group(case_type, case.status_name)
        word = cases.legacy_status(case_type, case.status_name)
        fields: Fields = {
            case_filter.FREE_TEXT: [(case.title, case.description, case.key)],
            "title": [(case.title,)],
            "description": [(case.description,)],
            "key": [(case.key,)],
            "public_id": [(case.public_id,)],
            "status": [(word, case.status_name, group)],
            "status_name": [(case.status_name,)],
            "status_group": [(f"SG_{group.upper()}",)],
            "priority": [(case.priority,)],
            "project": [(case.project_id, self._project(case.project_id).key)],
            "project_id": [(case.project_id,)],
            "type": [(case.type_id, case_type.name, case_type.case_word)],
            "assignee": self._person(case.assignee_id),
            "creator": self._person(case.created_by),
            "created_at": [(case.created_at,)],
            "creation_source": [(case.creation_source,)],
            ARCHIVED: [("true" if case.archived_at else "false",)],
        }
        for name, values in attributes(case).items():
            fields.setdefault(name, []).extend((value,) for value in values)
        return fields

    def _person(self, user_id: str | None) -> list[Value]:
        if user_id is None:
            return []
        user = self._user(user_id)
        return [(user_id, user.email, user.name or "")] if user else [(user_id,)]
