"""The types of mappings that are arguments of resources. Written by `make generate`.

A mapping is a plain `dict`. With these types, editors and type checkers know its keys also where a
program stores it in a variable or builds it in a function.
"""

from pulumi_datadog_cases.resources._shared.recipients import NotificationRecipientDataArgs
from pulumi_datadog_cases.resources._shared.rule_triggers import (
    AutomationRuleTriggerDataArgs,
    NotificationTriggerDataArgs,
)
from pulumi_datadog_cases.resources.automation_rule import (
    AutomationRuleActionArgs,
    AutomationRuleActionDataArgs,
    AutomationRuleTriggerArgs,
)
from pulumi_datadog_cases.resources.case import CaseCustomAttributeArgs
from pulumi_datadog_cases.resources.custom_attribute import (
    CustomAttributeOptionArgs,
    CustomAttributeTypeDataArgs,
)
from pulumi_datadog_cases.resources.notification_rule import (
    NotificationRecipientArgs,
    NotificationTriggerArgs,
)
from pulumi_datadog_cases.resources.project import (
    AutoCloseInactiveCasesArgs,
    AutoCreationArgs,
    AutoTransitionAssignedCasesArgs,
    ColumnArgs,
    ColumnsConfigArgs,
    ColumnSortArgs,
    EscalationQueryArgs,
    EscalationTargetArgs,
    IncidentFieldMappingArgs,
    IncidentSeverityConfigArgs,
    IntegrationIncidentArgs,
    IntegrationJiraArgs,
    IntegrationMonitorArgs,
    IntegrationOnCallArgs,
    IntegrationServiceNowArgs,
    JiraCustomFieldSyncArgs,
    JiraDueDateSyncArgs,
    JiraMetadataArgs,
    JiraSyncArgs,
    JiraSyncPropertiesArgs,
    MappedSyncArgs,
    NotificationArgs,
    ProjectSettingsArgs,
    ServiceNowPrioritySyncArgs,
    ServiceNowSyncArgs,
    ServiceNowSyncPropertiesArgs,
    SyncArgs,
)

__all__ = [
    "AutoCloseInactiveCasesArgs",
    "AutoCreationArgs",
    "AutoTransitionAssignedCasesArgs",
    "AutomationRuleActionArgs",
    "AutomationRuleActionDataArgs",
    "AutomationRuleTriggerArgs",
    "AutomationRuleTriggerDataArgs",
    "CaseCustomAttributeArgs",
    "ColumnArgs",
    "ColumnSortArgs",
    "ColumnsConfigArgs",
    "CustomAttributeOptionArgs",
    "CustomAttributeTypeDataArgs",
    "EscalationQueryArgs",
    "EscalationTargetArgs",
    "IncidentFieldMappingArgs",
    "IncidentSeverityConfigArgs",
    "IntegrationIncidentArgs",
    "IntegrationJiraArgs",
    "IntegrationMonitorArgs",
    "IntegrationOnCallArgs",
    "IntegrationServiceNowArgs",
    "JiraCustomFieldSyncArgs",
    "JiraDueDateSyncArgs",
    "JiraMetadataArgs",
    "JiraSyncArgs",
    "JiraSyncPropertiesArgs",
    "MappedSyncArgs",
    "NotificationArgs",
    "NotificationRecipientArgs",
    "NotificationRecipientDataArgs",
    "NotificationTriggerArgs",
    "NotificationTriggerDataArgs",
    "ProjectSettingsArgs",
    "ServiceNowPrioritySyncArgs",
    "ServiceNowSyncArgs",
    "ServiceNowSyncPropertiesArgs",
    "SyncArgs",
]
