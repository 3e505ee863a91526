"""`Snapshot`: an organisation as one document, with every object as the API returns it.

The sandbox can start from the document. The sandbox shares no code with this package, so its
BEHAVIOUR.md describes the format.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TypeAlias

from pulumi_datadog_cases.api import Client, Item
from pulumi_datadog_cases.api.endpoints.cases import ARCHIVED
from pulumi_datadog_cases.api.http.json_api import JSON
from pulumi_datadog_cases.cli.case_fields import searched
from pulumi_datadog_cases.cli.organization import ListReader, hidden

_VERSION = 1

#: Objects by the id of their parent.
_ByParent: TypeAlias = dict[str, Sequence[Item]]


class Snapshot:
    """Reads an organisation, and keeps the objects as the API returned them."""

    def __init__(self, client: Client, advance: Callable[[int], None]) -> None:
        """Create a snapshot that has read nothing yet.

        Args:
            client: the organisation's client.
            advance: called with 1 after each read of a list.
        """
        self._client = client
        self._reader = ListReader(advance)
        #: Objects by type.
        self._objects: dict[str, Sequence[Item] | _ByParent] = {}

    @property
    def document(self) -> Mapping[str, JSON]:
        """The objects by type. A type is left out if none of its objects could be read."""
        objects: dict[str, JSON] = {
            type_: {parent: _to_json(items) for parent, items in read.items()}
            if isinstance(read, dict)
            else _to_json(read)
            for type_, read in self._objects.items()
            if read or type_ not in self._reader.failures
        }
        return {"datadog_cases_export": _VERSION, **objects}

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of objects by type."""
        return {
            type_: sum(map(len, read.values())) if isinstance(read, dict) else len(read)
            for type_, read in self._objects.items()
        }

    @property
    def missing(self) -> Mapping[str, str]:
        """For each type with unread objects, the first reason and the number of other reasons."""
        return self._reader.missing

    def read(self, case_queries: Sequence[str | None]) -> None:
        """Read everything.

        Args:
            case_queries: the search queries for the cases to read. The query None finds all cases
                that are not archived. Without queries no cases are read.

        Raises:
            ApiError: the projects cannot be read. Without the projects, rules and views cannot be
                read either.
        """
        client = self._client
        projects = self._objects["projects"] = client.projects.list()
        self._read("users", client.users.list)
        self._read("case_types", client.case_types.list)
        self._read("custom_attributes", client.custom_attributes.list_all)
        self._read("project_favorites", client.projects.favorites)
        self._read("maintenance_windows", client.maintenance_windows.list)
        self._read_by_parent("automation_rules", client.automation_rules.list, projects)
        self._read_by_parent("notification_rules", client.notification_rules.list, projects)
        self._read_by_parent("case_views", client.case_views.list, projects)
        if case_queries:
            self._read_cases(case_queries, projects)

    def _read_cases(self, queries: Sequence[str | None], projects: Sequence[Item]) -> None:
        client = self._client
        searches = (
            self._reader.read("cases", partial(searched, query, client.cases.iterate(query)))
            for query in queries
        )
        lists = self._reader.read_all(_oldest_first(searches), self._with_editor)
        found = self._objects["cases"] = [*chain.from_iterable(lists)]
        if ARCHIVED in queries:
            keys = [str(project.raw_attributes.get("key")) for project in projects]
            cases = {
                str(c.raw_attributes.get("key")): c.raw_attributes.get("archived_at") for c in found
            }
            for problem in self._reader.read("cases", partial(hidden, client, keys, cases)):
                self._reader.add_failure("cases", problem)
        self._read_by_parent("timelines", client.cases.iterate_timeline, found)
        self._read_by_parent("watchers", client.cases.watchers, found)
        links = self._read_by_parent(
            "case_links", lambda id_: client.case_links.list("CASE", id_), found
        )
        # The API lists a link for both of its cases. Keep each link only once, and leave out links
        # to cases that are not exported.
        known = {case.id for case in found}
        self._objects["case_links"] = [
            link
            for link in {each.id: each for of_case in links.values() for each in of_case}.values()
            if _linked_cases(link) <= known
        ]

    def _with_editor(self, case: Item) -> Sequence[Item]:
        """Return a case that a search found, and add its last editor.

        A search returns more exact times than a request for one case, but not the last editor
        (recorded). So the result has the editor from a request, and the times from the search.
        """
        if "modified_at" not in case.raw_attributes or "modified_by" in case.raw_relationships:
            return [case]

        def read() -> Sequence[Item]:
            single = self._client.cases.get(case.id)
            return [
                replace(
                    case, raw_relationships={**single.raw_relationships, **case.raw_relationships}
                )
            ]

        return self._reader.read("cases", read) or [case]

    def _read(self, type_: str, read_list: Callable[[], Sequence[Item]]) -> Sequence[Item]:
        items = self._objects[type_] = self._reader.read(type_, read_list)
        return items

    def _read_by_parent(
        self, type_: str, read_list: Callable[[str], Iterable[Item]], parents: Sequence[Item]
    ) -> _ByParent:
        """Read a list for each parent, and leave out empty lists."""
        ids = [parent.id for parent in parents]
        lists = self._reader.read_all(
            ids, lambda id_: self._reader.read(type_, partial(read_list, id_))
        )
        read: _ByParent = {id_: items for id_, items in zip(ids, lists, strict=True) if items}
        self._objects[type_] = read
        return read


def _oldest_first(searches: Iterable[Iterable[Item]]) -> Sequence[Item]:
    cases = {case.id: case for found in searches for case in found}
    # All times are in UTC, and end with Z. The Z is removed, because times with fractions of
    # different length sort correctly as text only without the Z.
    return sorted(
        cases.values(),
        key=lambda case: str(case.raw_attributes.get("created_at")).removesuffix("Z"),
    )


def _linked_cases(link: Item) -> set[str]:
    ends = ("parent_entity", "child_entity")
    attributes = link.raw_attributes
    return {str(attributes.get(f"{e}_id")) for e in ends if attributes.get(f"{e}_type") == "CASE"}


def _to_json(items: Sequence[Item]) -> list[JSON]:
    return [
        {
            "id": item.id,
            "type": item.type,
            **({"attributes": item.raw_attributes} if item.raw_attributes else {}),
            **({"relationships": item.raw_relationships} if item.raw_relationships else {}),
        }
        for item in items
    ]
