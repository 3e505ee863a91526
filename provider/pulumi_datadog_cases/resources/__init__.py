"""The catalogue: one file per resource. Written by `make generate`."""

from pulumi_datadog_cases.resources.automation_rule import AutomationRule
from pulumi_datadog_cases.resources.case import Case
from pulumi_datadog_cases.resources.case_comment import CaseComment
from pulumi_datadog_cases.resources.case_custom_attribute import CaseCustomAttribute
from pulumi_datadog_cases.resources.case_incident import CaseIncident
from pulumi_datadog_cases.resources.case_insight import CaseInsight
from pulumi_datadog_cases.resources.case_jira_issue import CaseJiraIssue
from pulumi_datadog_cases.resources.case_link import CaseLink
from pulumi_datadog_cases.resources.case_notebook import CaseNotebook
from pulumi_datadog_cases.resources.case_service_now_ticket import CaseServiceNowTicket
from pulumi_datadog_cases.resources.case_type import CaseType
from pulumi_datadog_cases.resources.case_view import CaseView
from pulumi_datadog_cases.resources.case_watcher import CaseWatcher
from pulumi_datadog_cases.resources.custom_attribute import CustomAttribute
from pulumi_datadog_cases.resources.maintenance_window import MaintenanceWindow
from pulumi_datadog_cases.resources.notification_rule import NotificationRule
from pulumi_datadog_cases.resources.project import Project
from pulumi_datadog_cases.resources.project_favorite import ProjectFavorite
from pulumi_datadog_cases.resources.provider import Provider

__all__ = [
    "AutomationRule",
    "Case",
    "CaseComment",
    "CaseCustomAttribute",
    "CaseIncident",
    "CaseInsight",
    "CaseJiraIssue",
    "CaseLink",
    "CaseNotebook",
    "CaseServiceNowTicket",
    "CaseType",
    "CaseView",
    "CaseWatcher",
    "CustomAttribute",
    "MaintenanceWindow",
    "NotificationRule",
    "Project",
    "ProjectFavorite",
    "Provider",
]
