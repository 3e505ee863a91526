"""Teams, from Datadog's teams API."""

import itertools
from collections.abc import Iterator

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup, each_item
from pulumi_datadog_cases.api.http.json_api import Item, Items
from pulumi_datadog_cases.api.http.paths import path

_PAGE_SIZE = 100  # the maximum (documented)


class Teams(EndpointGroup):
    """`client.teams`: the teams that own projects or are paged about cases.

    The endpoints are documented in Datadog's teams API, not in Case Management.
    """

    def list(self, keyword: str | None = None) -> Items:
        """List all matching teams: GET /team. Pages are numbered from 0.

        Args:
            keyword: a part of the name or handle, or the email address of a member; None for all
                teams.
        """

        def pages() -> Iterator[Items]:
            for number in itertools.count():
                params = {
                    "filter[keyword]": keyword,
                    "page[size]": _PAGE_SIZE,
                    "page[number]": number,
                }
                page = self._get_list("GET", "/team", params=params)
                yield page
                if len(page) < _PAGE_SIZE:
                    return

        return [*each_item(pages())]

    def get(self, team_id: str) -> Item:
        """Get a team: GET /team/{team_id}."""
        return self._get_item("GET", path("/team/{}", team_id))
