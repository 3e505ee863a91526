"""What a search, a count and an aggregation see of a case: its fields and their values."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache, partial
from typing import Final, NamedTuple, TypeAlias

from datadog_cases_sandbox.families import case_filter, case_types, cases, projects, users
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.store import Store

Value: TypeAlias = tuple[str, ...]
"""One value under all its names; the first is the one that counts and aggregations answer."""

Fields: TypeAlias = dict[str, list[Value]]
"""The values of each field; a label or a custom attribute may have several."""

ARCHIVED: Final = "archived"


class Found(NamedTuple):
    """A case that a filter has selected."""

    case: Case
    fields: Fields


def matching(store: Store, text: str) -> list[Found]:
    """The cases that a filter selects, oldest first.

    Archived ones are left out unless the filter speaks of `archived` (assumed).
    """
    test = case_filter.parse(text)
    with_archived = f"{ARCHIVED}:" in text.lower()
    look = _Look(store)
    candidates = (
        Found(case, look.fields(case))
        for case in store.list(Case)
        if with_archived or case.archived_at is None
    )
    return [found for found in candidates if test(_facets(found.fields))]


def selector(store: Store, case: Case) -> Callable[[str], bool]:
    """Tells of filters whether they select a case, which may be archived, and need not be stored.

    What it answers with raises a Refusal for what is no filter.
    """
    facets = _facets(_Look(store).fields(case))
    return lambda text: case_filter.parse(text)(facets)


def attributes(case: Case) -> dict[str, tuple[str, ...]]:
    """The labels and the custom attributes of a case, by their names in lower case."""
    found = defaultdict[str, tuple[str, ...]](tuple)
    for name, labels in case.attributes.items():
        found[name.lower()] += tuple(labels)
    for name, custom in case.custom_attributes.items():
        value = custom["value"]
        values = value if isinstance(value, list) else [value]
        found[name.lower()] += tuple(f"{one}" for one in values)
    return dict(found)


def _facets(fields: Fields) -> case_filter.Facets:
    return {
        field: tuple(name.lower() for value in values for name in value)
        for field, values in fields.items()
    }


class _Look:
    """Tells the fields of cases, with what they refer to read from the store once."""

    def __init__(self, store: Store) -> None:
        self._type = cache(partial(case_types.find, store))
        self._project = cache(partial(projects.find, store))
        self._user = cache(partial(store.find, users.User))

    def fields(self, case: Case) -> Fields:
        case_type = self._type(case.type_id)
        group = cases.group_of(case_type, case.status_name)
        word = cases.status_word(case_type, case.status_name)
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
