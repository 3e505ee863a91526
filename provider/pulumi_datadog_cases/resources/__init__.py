"""The catalogue: one file per resource."""

from pulumi_datadog_cases.resources.automation_rule import AutomationRule
from pulumi_datadog_cases.resources.case import Case
from pulumi_datadog_cases.resources.case_type import CaseType
from pulumi_datadog_cases.resources.custom_attribute import CustomAttribute
from pulumi_datadog_cases.resources.project import Project
from pulumi_datadog_cases.resources.provider import Provider

__all__ = ["AutomationRule", "Case", "CaseType", "CustomAttribute", "Project", "Provider"]
