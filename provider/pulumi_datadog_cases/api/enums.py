"""The documented values of the API's enums.

The enums grow: the API may also have values that this release does not know. So most types also
accept any other string.
"""

from typing import Literal, TypeAlias

CasePriority: TypeAlias = Literal["NOT_DEFINED", "P1", "P2", "P3", "P4", "P5"]

CaseStatusGroup: TypeAlias = Literal["SG_OPEN", "SG_IN_PROGRESS", "SG_CLOSED"] | str

CaseInsightType: TypeAlias = (
    Literal[
        "SECURITY_SIGNAL",
        "MONITOR",
        "EVENT_CORRELATION",
        "ERROR_TRACKING",
        "CLOUD_COST_RECOMMENDATION",
        "INCIDENT",
        "SENSITIVE_DATA_SCANNER_ISSUE",
        "EVENT",
        "WATCHDOG_STORY",
        "WIDGET",
        # Datadog's official client has the following types; the API reference lacks them.
        "SECURITY_FINDING",
        "INSIGHT_SCORECARD_CAMPAIGN",
        "RESOURCE_POLICY",
        "APM_RECOMMENDATION",
        "SCM_URL",
        "PROFILING_DOWNSIZING_EXPERIMENT",
    ]
    | str
)

CaseLinkEntityType: TypeAlias = Literal["CASE", "INCIDENT", "PAGE", "AGENT_CONVERSATION"] | str

CaseLinkRelationship: TypeAlias = (
    Literal[
        "RELATES_TO",
        "CAUSES",
        "BLOCKS",
        "DUPLICATES",
        "PARENT_OF",
        "SUCCESSOR_OF",
        "ESCALATES_TO",
    ]
    | str
)

TicketStatus: TypeAlias = Literal["IN_PROGRESS", "COMPLETED", "FAILED"] | str
"""The status of the creation of a Jira issue or a ServiceNow ticket."""

CustomAttributeType: TypeAlias = Literal["URL", "TEXT", "NUMBER", "SELECT"] | str

AutomationRuleActionType: TypeAlias = Literal["EXECUTE_WORKFLOW", "ASSIGN_AGENT"] | str

AutomationRuleState: TypeAlias = Literal["ENABLED", "DISABLED"]

AutomationRuleChangeType: TypeAlias = Literal["VALUE_ADDED", "VALUE_DELETED", "ANY_CHANGES"] | str
