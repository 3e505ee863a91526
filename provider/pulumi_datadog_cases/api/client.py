"""The client: every endpoint of Case Management, by family."""

from collections.abc import Callable
from typing import Self

from pulumi_datadog_cases.api.case_types import CaseTypes, CustomAttributes
from pulumi_datadog_cases.api.cases import Cases
from pulumi_datadog_cases.api.organization import CaseLinks, CaseViews, MaintenanceWindows, Users
from pulumi_datadog_cases.api.projects import AutomationRules, NotificationRules, Projects
from pulumi_datadog_cases.api.settings import Settings
from pulumi_datadog_cases.api.transport import Transport


class Client:
    """One organisation's Case Management.

    Calls may come from any number of threads; they share connections. Attributes go in and come
    out under the API's own names.

    Examples:
        >>> client = Client(Settings.resolve(lambda key: None, os.environ))
        >>> project = client.projects.create({"key": "SEC", "name": "Security"})
        >>> case = client.cases.create(
        ...     {"title": "Odd login", "type_id": "00000000-0000-0000-0000-000000000001"},
        ...     project_id=project.id,
        ... )
        >>> client.cases.set_priority(case.id, "P2").values()["priority"]
        'P2'
    """

    def __init__(
        self, settings: Settings, *, connect: Callable[[Settings], Transport] = Transport
    ) -> None:
        """Connect to nothing yet.

        Args:
            settings: keys and base URL.
            connect: makes the transport, where the default time limits do not fit.
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

    @property
    def organization_label(self) -> str:
        """The site and organisation as a file's name; see `Settings.organization_label`."""
        return self._transport.settings.organization_label

    @property
    def clock_offset(self) -> float:
        """Seconds to add to this machine's Unix time to have the organisation's.

        It is taken from the latest answer, whose date is cut to whole seconds and was written
        before it came: the organisation's time is up to that much later (a second and the time
        an answer takes), never earlier. 0.0 before the first answer.
        """
        return self._transport.clock_offset

    @property
    def writes(self) -> int:
        """How many requests that may have changed something have ended so far.

        What was read while this was another number may be out of date.
        """
        return self._transport.writes

    def close(self) -> None:
        """Close the connections; also at the end of a `with` block."""
        self._transport.close()

    def __enter__(self) -> Self:
        """Use the client as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()
