"""Teams, from Datadog's teams API."""

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import Items
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import TeamItem


class Teams(EndpointGroup):
    """`client.teams`: the teams that own projects or are paged about cases.

    The endpoints are documented in Datadog's teams API, not in Case Management.
    """

    def list(self, keyword: str | None = None) -> Items[TeamItem]:
        """List all matching teams: GET /team. Pages are numbered from 0.

        Args:
            keyword: a part of the name or handle, or the email address of a member; None for all
                teams.
        """
        return self._get_pages(TeamItem, "/team", {"filter[keyword]": keyword})

    def get(self, team_id: str) -> TeamItem:
        """Get a team: GET /team/{team_id}."""
        return self._get_item(TeamItem, "GET", path("/team/{}", team_id))
