"""`Client`: a method for every endpoint of Case Management."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Self

from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.endpoints.automation_rules import AutomationRules
from pulumi_datadog_cases.api.endpoints.case_links import CaseLinks
from pulumi_datadog_cases.api.endpoints.case_types import CaseTypes
from pulumi_datadog_cases.api.endpoints.case_views import CaseViews
from pulumi_datadog_cases.api.endpoints.cases import Cases
from pulumi_datadog_cases.api.endpoints.custom_attributes import CustomAttributes
from pulumi_datadog_cases.api.endpoints.maintenance_windows import MaintenanceWindows
from pulumi_datadog_cases.api.endpoints.notification_rules import NotificationRules
from pulumi_datadog_cases.api.endpoints.projects import Projects
from pulumi_datadog_cases.api.endpoints.teams import Teams
from pulumi_datadog_cases.api.endpoints.users import Users
from pulumi_datadog_cases.api.errors import Forbidden, NotFound
from pulumi_datadog_cases.api.http.transport import Transport
from pulumi_datadog_cases.api.items import OrganizationItem


class Client:
    """A client of Case Management in one Datadog organisation.

    Each attribute has the methods for one kind of object. For example, `client.projects` has the
    methods for projects. Arguments and results are named as in the API, for example `type_id`.
    Threads can share a client.

    Examples:
        >>> client = Client(Settings.resolve(lambda key: None, os.environ))
        >>> project = client.projects.create({"key": "SEC", "name": "Security"})
        >>> case = client.cases.create(
        ...     {"title": "Odd login", "type_id": "00000000-0000-0000-0000-000000000001"},
        ...     project_id=project.id,
        ... )
        >>> client.cases.set_priority(case.id, "P2").attributes.priority
        'P2'
    """

    def __init__(
        self, settings: Settings, *, connect: Callable[[Settings], Transport] = Transport
    ) -> None:
        """Create a client. It connects when the first request is sent.

        Args:
            settings: credentials, base URL and time limits.
            connect: a function that creates the transport from the settings.
        """
        self._transport = transport = connect(settings)
        self.projects = Projects(transport)
        self.automation_rules = AutomationRules(transport)
        self.notification_rules = NotificationRules(transport)
        self.cases = Cases(transport)
        self.case_types = CaseTypes(transport)
        self.custom_attributes = CustomAttributes(transport)
        self.case_links = CaseLinks(transport)
        self.case_views = CaseViews(transport)
        self.maintenance_windows = MaintenanceWindows(transport)
        self.users = Users(transport)
        self.teams = Teams(transport)
        self._organization: Future[OrganizationItem | None] | None = None
        self._organization_lock = threading.Lock()

    def organization(self) -> OrganizationItem | None:
        """Return the organisation of the credentials; None if they lack the permission to read it.

        The first call sends a request, and concurrent calls wait for the response. Further calls
        return the same result, or raise the same error.
        """
        with self._organization_lock:
            if self._organization is None:
                self._organization = Future()
                try:
                    self._organization.set_result(self.users.organization())
                except (Forbidden, NotFound):
                    # A proxy may forward only the paths of Case Management. This request then
                    # fails with NotFound.
                    self._organization.set_result(None)
                except Exception as error:  # noqa: BLE001 - raised below
                    self._organization.set_exception(error)
        return self._organization.result()

    @property
    def organization_label(self) -> str:
        """A file name for this site and organisation; see `Settings.organization_label`."""
        return self._transport.settings.organization_label

    @property
    def base_url(self) -> str:
        """The URL of the API; see `Settings.base_url`."""
        return self._transport.settings.base_url

    @property
    def web_url(self) -> str:
        """The URL of the site's web pages; see `Settings.web_url`."""
        return self._transport.settings.web_url

    @property
    def clock_offset(self) -> float:
        """Seconds to add to this machine's Unix time to get the server's time.

        The offset is computed from the Date header of the latest response. It is 0.0 before the
        first response. A time that is computed with the offset is never later than the server's
        real time. It may be earlier, for two reasons. The header has no fractions of a second, so
        up to a second is lost. The header is written before the response arrives, so the response
        time is lost too.
        """
        return self._transport.clock_offset

    @property
    def writes(self) -> int:
        """The number of write requests that have ended so far.

        If this number has changed since a response arrived, that response may be outdated.
        """
        return self._transport.writes

    def close(self) -> None:
        """Close the connections, as the end of a `with` block does."""
        self._transport.close()

    def __enter__(self) -> Self:
        """Use the client as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()
