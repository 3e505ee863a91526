"""The notebook of a case."""

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import body
from pulumi_datadog_cases.api.http.paths import path


class NotebookEndpoints(EndpointGroup):
    """The methods of `client.cases` for notebooks."""

    def create_notebook(self, case_id: str) -> None:
        """Create a notebook: POST /cases/{case_id}/relationships/notebook."""
        self._send("POST", path("/cases/{}/relationships/notebook", case_id), body("notebook"))
