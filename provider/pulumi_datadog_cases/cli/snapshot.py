"""An organisation as one document: every object as the API answers it.

The document's form is told in the sandbox's BEHAVIOUR.md. The sandbox reads it, and that page is
all that the two sides have in common.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from pulumi_datadog_cases.api import ApiError, Client, Item
from pulumi_datadog_cases.api.http.json_api import JSON, Items

_VERSION = 1
#: How many lists are read at a time.
_WORKERS = 16

#: Objects by the id of what they are listed by.
_ListedBy: TypeAlias = dict[str, Items]


class Snapshot:
    """What has been read of an organisation so far.

    Nothing holds an organisation still: each list is as it was when it was read.
    """

    def __init__(self, client: Client, advance: Callable[[int], None]) -> None:
        """Read nothing yet.

        Args:
            client: the organisation.
            advance: is told when a list has been read.
        """
        self._client = client
        self._advance = advance
        self._families: dict[str, Items | _ListedBy] = {}
        self._refusals: dict[str, list[ApiError]] = {}

    @property
    def document(self) -> Mapping[str, JSON]:
        """What has been read, by families, without those of which nothing could be read."""
        families: dict[str, JSON] = {
            family: {of: _objects(items) for of, items in told.items()}
            if isinstance(told, dict)
            else _objects(told)
            for family, told in self._families.items()
            if told or family not in self._refusals
        }
        return {"datadog_cases_export": _VERSION, **families}

    @property
    def counts(self) -> Mapping[str, int]:
        """How many objects have been read, by families."""
        return {
            family: sum(map(len, told.values())) if isinstance(told, dict) else len(told)
            for family, told in self._families.items()
        }

    @property
    def missing(self) -> Mapping[str, str]:
        """Why not all of a family could be read, by families."""
        return {
            family: f"{refusals[0]}" + (f" (and {more} more like this)" if more else "")
            for family, refusals in self._refusals.items()
            for more in [len(refusals) - 1]
        }

    def read(self, case_queries: Sequence[str | None]) -> None:
        """Read everything.

        Args:
            case_queries: which cases, each as in the search bar, None for all that are not
                archived; without any, no cases.

        Raises:
            ApiError: the projects cannot be read, without which there is nothing to go on with.
        """
        client = self._client
        projects = self._families["projects"] = client.projects.list()
        self._list("users", client.users.list)
        self._list("case_types", client.case_types.list)
        self._list("custom_attributes", client.custom_attributes.list_all)
        self._list("project_favorites", client.projects.favorites)
        self._list("maintenance_windows", client.maintenance_windows.list)
        self._list_by("automation_rules", client.automation_rules.list, projects)
        self._list_by("notification_rules", client.notification_rules.list, projects)
        self._list_by("case_views", client.case_views.list, projects)
        if case_queries:
            self._read_cases(case_queries)

    def _read_cases(self, queries: Sequence[str | None]) -> None:
        client = self._client
        found = self._list("cases", lambda: _oldest_first(map(client.cases.iterate, queries)))
        self._list_by("timelines", client.cases.iterate_timeline, found)
        self._list_by("watchers", client.cases.watchers, found)
        links = self._list_by("case_links", lambda id_: client.case_links.list("CASE", id_), found)
        # A link is listed by both of its ends, and the other may be a case that was not asked for.
        known = {case.id for case in found}
        self._families["case_links"] = [
            link
            for link in {each.id: each for of_case in links.values() for each in of_case}.values()
            if _cases_of(link) <= known
        ]

    def _list(self, family: str, read: Callable[[], Items]) -> Items:
        """Read a list; it is empty where the API refuses."""
        items = self._families[family] = self._try(family, read)
        return items

    def _list_by(
        self, family: str, read: Callable[[str], Iterable[Item]], owners: Items
    ) -> _ListedBy:
        """Read the list of each owner; those that have nothing are left out."""
        ids = [owner.id for owner in owners]
        with ThreadPoolExecutor(_WORKERS) as pool:
            lists = [*pool.map(partial(self._try, family, read), ids)]
        told = {id_: items for id_, items in zip(ids, lists, strict=True) if items}
        self._families[family] = told
        return told

    def _try(self, family: str, read: Callable[..., Iterable[Item]], *of: str) -> Items:
        try:
            return [*read(*of)]
        except ApiError as error:
            self._refusals.setdefault(family, []).append(error)
            return []
        finally:
            self._advance(1)


def _oldest_first(searches: Iterable[Iterable[Item]]) -> Items:
    cases = {case.id: case for found in searches for case in found}
    # All in UTC; without their Z, texts with fractions of any length compare as the times do.
    return sorted(
        cases.values(), key=lambda case: str(case.attributes.get("created_at")).removesuffix("Z")
    )


def _cases_of(link: Item) -> set[str]:
    ends = ("parent_entity", "child_entity")
    told = link.attributes
    return {str(told.get(f"{e}_id")) for e in ends if told.get(f"{e}_type") == "CASE"}


def _objects(items: Items) -> list[JSON]:
    return [{name: value for name, value in vars(item).items() if value != {}} for item in items]
