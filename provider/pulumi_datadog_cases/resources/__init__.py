"""All resource classes, one file per class. Written by `make generate`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
else:
    # Imported on first use: a program uses few resources, and every import delays its start.
    from importlib import import_module

    _MODULES = {
        "AutomationRule": "automation_rule",
        "Case": "case",
        "CaseComment": "case_comment",
        "CaseCustomAttribute": "case_custom_attribute",
        "CaseIncident": "case_incident",
        "CaseInsight": "case_insight",
        "CaseJiraIssue": "case_jira_issue",
        "CaseLink": "case_link",
        "CaseNotebook": "case_notebook",
        "CaseServiceNowTicket": "case_service_now_ticket",
        "CaseType": "case_type",
        "CaseView": "case_view",
        "CaseWatcher": "case_watcher",
        "CustomAttribute": "custom_attribute",
        "MaintenanceWindow": "maintenance_window",
        "NotificationRule": "notification_rule",
        "Project": "project",
        "ProjectFavorite": "project_favorite",
        "Provider": "provider",
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_MODULES[name]}")
        return globals().setdefault(name, getattr(module, name))


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
