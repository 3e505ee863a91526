"""Finds what is lost if a project, case type or custom attribute is deleted."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain

from pulumi_datadog_cases.api import Client, DatadogCasesError, Item
from pulumi_datadog_cases.api.endpoints.cases import ARCHIVED
from pulumi_datadog_cases.engine import Dependent
from pulumi_datadog_cases.resources._shared.base import members
from pulumi_datadog_cases.resources._shared.hidden_cases import hidden_cases

#: The number of consecutive unknown case numbers after which no more hidden cases are looked for.
_MAX_MISSES = 10
#: How many cases of a project are read to confirm that the search is up to date.
_CONFIRMED = 5


def all_cases(client: Client, query: str = "") -> Iterator[Item]:
    """Yield the cases that match a query. The archived cases come last.

    This takes two searches, because only a search with `ARCHIVED` finds archived cases.
    """
    archived = f"{query} {ARCHIVED}".strip()
    return chain(client.cases.iterate(query or None), client.cases.iterate(archived))


def cases_of_project(client: Client, project_id: str, key: str) -> Iterator[Dependent]:
    """Yield the cases of a project, including archived cases. Each case prevents a delete.

    A search may still show a case that was moved away a moment ago (assumed). So the first cases
    are read one by one, until five of them are confirmed to be in the project.
    """
    confirmed = 0
    found = dict[str, Item]()
    for item in all_cases(client, f"project_id:{project_id}"):
        found[str(item.raw_attributes.get("key"))] = item
        if confirmed < _CONFIRMED:
            if client.cases.get(item.id).values().get("project_id") != project_id:
                continue
            confirmed += 1
        yield _case(item, prevents_delete=True)
    if not any(item.raw_attributes.get("archived_at") for item in found.values()):
        for item in hidden_cases(client, key, found, max_misses=_MAX_MISSES):
            yield _case(item, prevents_delete=True)


def cases_with_value(client: Client, case_type_id: str, key: str) -> Iterator[Dependent]:
    """Yield the cases of a type with a value for a custom attribute. Each case prevents a delete.

    No documented search finds cases by a custom attribute, so all cases of the organisation are
    read.
    """
    for item in all_cases(client):
        if item.raw_attributes.get("type_id") == case_type_id and key in _keys_with_value(item):
            yield _case(item, prevents_delete=True)


def cases_with_values(client: Client, case_type_id: str) -> Iterator[Dependent]:
    """Yield the cases of a type with a value for any custom attribute."""
    for item in all_cases(client):
        if item.raw_attributes.get("type_id") == case_type_id and _keys_with_value(item):
            yield _case(item, prevents_delete=True)


def _keys_with_value(case: Item) -> list[str]:
    """Return the keys of the custom attributes for which a case has a value."""
    values = members(case.raw_attributes.get("custom_attributes"))
    return [key for key in values if members(values[key]).get("value") not in (None, [])]


def cases_of_type(client: Client, case_type_id: str) -> Iterator[Dependent]:
    """Yield the cases of a type. A search by the field `type` finds them (assumed)."""
    for item in _or_nothing(partial(client.cases.iterate, f"type:{case_type_id}")):
        if item.raw_attributes.get("type_id") == case_type_id:
            yield _case(item, prevents_delete=False)


def configuration_of_project(client: Client, project_id: str) -> Iterator[Dependent]:
    """Yield the rules and views of a project. Rules and views do not prevent a delete."""
    for resource_type, list_objects in (
        ("AutomationRule", client.automation_rules.list),
        ("NotificationRule", client.notification_rules.list),
        ("CaseView", client.case_views.list),
    ):
        for item in _or_nothing(partial(list_objects, project_id)):
            yield Dependent(resource_type, item.id, str(item.raw_attributes.get("name") or item.id))


def _or_nothing(request: Callable[[], Iterable[Item]]) -> list[Item]:
    """Return the objects of a list, or no objects if the list cannot be read.

    Use this function only for lists that are needed for a warning. An error while such a list is
    read must not prevent the delete.
    """
    try:
        return [*request()]
    except DatadogCasesError:
        return []


def _case(item: Item, *, prevents_delete: bool) -> Dependent:
    key = item.raw_attributes.get("key")
    return Dependent("Case", item.id, str(key or item.id), prevents_delete)
