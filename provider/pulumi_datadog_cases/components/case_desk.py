"""`CaseDesk`: a team's project with its case types, views and rules."""

from collections.abc import Mapping, Sequence
from typing import NotRequired

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.api.enums import AutomationRuleState, CustomAttributeType
from pulumi_datadog_cases.components.component import Component, words
from pulumi_datadog_cases.engine import Input
from pulumi_datadog_cases.engine.validation import closest
from pulumi_datadog_cases.resources import (
    AutomationRule,
    CaseType,
    CaseView,
    CustomAttribute,
    NotificationRule,
    Project,
)
from pulumi_datadog_cases.resources.automation_rule import (
    AutomationRuleActionArgs,
    AutomationRuleTriggerArgs,
)
from pulumi_datadog_cases.resources.notification_rule import (
    NotificationRecipientArgs,
    NotificationTriggerArgs,
)
from pulumi_datadog_cases.resources.project import ColumnsConfigArgs, ProjectSettingsArgs


class CaseDeskProjectArgs(TypedDict):
    """The properties of the desk's `Project`."""

    key: Input[str]
    name: NotRequired[Input[str]]
    """By default derived from the desk's name."""
    team_uuid: NotRequired[Input[str]]
    enabled_custom_case_types: NotRequired[Sequence[Input[str]]]
    """UUIDs of case types to enable besides the desk's own, which are always enabled."""
    columns_config: NotRequired[Input[ColumnsConfigArgs]]
    settings: NotRequired[Input[ProjectSettingsArgs]]
    adopt: NotRequired[Input[bool | str]]
    force_destroy: NotRequired[Input[bool]]
    opts: NotRequired[pulumi.ResourceOptions]


class CaseDeskAttributeArgs(TypedDict, total=False):
    """The properties of a `CustomAttribute`."""

    key: Input[str]
    """Key under which cases hold the value; by default the key in `custom_attributes`."""
    display_name: Input[str]
    """By default derived from the attribute's key in `custom_attributes`."""
    type: Input[CustomAttributeType]
    """By default `SELECT` if there are `options`, otherwise `TEXT`."""
    is_multi: Input[bool]
    description: Input[str]
    options: Sequence[Input[str]]
    """The values that a case can have, in display order; sets `type_data`."""
    map_from: Input[str]
    adopt: Input[bool | str]
    force_destroy: Input[bool]
    opts: pulumi.ResourceOptions


class CaseDeskTypeArgs(TypedDict, total=False):
    """The properties of a `CaseType`, and the custom attributes of its cases."""

    name: Input[str]
    """By default derived from the case type's key."""
    description: Input[str]
    emoji: Input[str]
    custom_attributes: Mapping[str, CaseDeskAttributeArgs]
    """The custom attributes of the case type, by key."""
    opts: pulumi.ResourceOptions


class CaseDeskNotificationRuleArgs(TypedDict):
    """The properties of a `NotificationRule`."""

    recipients: Input[Sequence[Input[NotificationRecipientArgs]]]
    triggers: NotRequired[Input[Sequence[Input[NotificationTriggerArgs]]]]
    """By default `CASE_CREATED`."""
    query: NotRequired[Input[str]]
    is_enabled: NotRequired[Input[bool]]
    opts: NotRequired[pulumi.ResourceOptions]


class CaseDeskViewArgs(TypedDict):
    """The properties of a `CaseView`."""

    query: Input[str]
    name: NotRequired[Input[str]]
    """By default derived from the view's key."""
    notification_rule: NotRequired[str]
    """Key of one of the desk's notification rules; sets `np_rule_id`."""
    np_rule_id: NotRequired[Input[str]]
    opts: NotRequired[pulumi.ResourceOptions]


class CaseDeskAutomationRuleArgs(TypedDict):
    """The properties of an `AutomationRule`."""

    trigger: Input[AutomationRuleTriggerArgs]
    action: Input[AutomationRuleActionArgs]
    name: NotRequired[Input[str]]
    """By default derived from the rule's key."""
    state: NotRequired[Input[AutomationRuleState]]
    opts: NotRequired[pulumi.ResourceOptions]


class CaseDesk(Component):
    """A team's case desk: a project with its case types, views and rules.

        desk = components.CaseDesk(
            "payments",
            project={"key": "PAY", "opts": ResourceOptions(protect=True)},
            case_types={
                "chargeback": {
                    "emoji": "💳",
                    "custom_attributes": {
                        "scheme": {"options": ["visa", "mastercard"]},
                        "amount": {"type": "NUMBER"},
                    },
                }
            },
            views={"urgent": {"query": "status:open priority:(P1 OR P2)"}},
            notification_rules={
                "new": {"recipients": [{"type": "EMAIL", "data": {"email": "pay@acme.example"}}]}
            },
        )
        cases.Case("first", project_id=desk.project_id, title="Try the desk", ...)

    You choose the keys of each mapping. Each value is a mapping of the properties of one resource.
    Pulumi identifies a child by its name. The name consists of the desk's name and the child's key,
    as in `payments-urgent`. The order of the keys does not matter. If you change a key, Pulumi
    deletes the object and creates a new one. Display names are derived from the keys, but you can
    set your own at any time. Properties that are not declared are not managed.

    The properties of a child override the desk's defaults. The `opts` of a child are its Pulumi
    resource options: `{"opts": ResourceOptions(protect=True)}` protects this child. To protect all
    children, pass `opts=ResourceOptions(protect=True)` to the desk. To move an existing resource of
    the stack into the desk, use
    `ResourceOptions(aliases=[Alias(name="its-name", parent=ROOT_STACK_RESOURCE)])`.

    Destroy: see the class of each child. **The project's cases are deleted permanently.**

    Errors: `ComponentError` if a view's `notification_rule` is not a rule of the desk. The preview
    reports all other errors, as documented for the class of each child.

    Type token: `datadog-cases:components:CaseDesk`. It is stored in states and never changes.
    """

    token = "datadog-cases:components:CaseDesk"  # noqa: S105 - a type token

    project: Project
    """The project."""
    project_id: pulumi.Output[str]
    """UUID of the project."""
    case_types: Mapping[str, CaseType]
    """The case types, by key."""
    custom_attributes: Mapping[str, Mapping[str, CustomAttribute]]
    """The custom attributes: by the key of the case type, then by the attribute's key."""
    notification_rules: Mapping[str, NotificationRule]
    """The notification rules, by key."""
    views: Mapping[str, CaseView]
    """The views, by key."""
    automation_rules: Mapping[str, AutomationRule]
    """The automation rules, by key."""

    def __init__(  # noqa: PLR0913 - one for each type of child
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        project: CaseDeskProjectArgs,
        case_types: Mapping[str, CaseDeskTypeArgs] | None = None,
        views: Mapping[str, CaseDeskViewArgs] | None = None,
        notification_rules: Mapping[str, CaseDeskNotificationRuleArgs] | None = None,
        automation_rules: Mapping[str, CaseDeskAutomationRuleArgs] | None = None,
    ) -> None:
        """Declare the desk.

        Args:
            resource_name: the desk's name in this program. The children's names begin with it.
            opts: Pulumi's resource options. The children inherit them.
            project: the project; only `key` is required, as in `{"key": "PAY"}`.
            case_types: case types with their custom attributes, by key.
            views: saved searches, by key.
            notification_rules: notification rules, by key.
            automation_rules: automation rules, by key.

        Raises:
            ComponentError: a view names a notification rule that the desk does not have.
        """
        super().__init__(resource_name, opts)
        case_types = self.by_key("case_types", case_types)
        views = self.by_key("views", views)
        notification_rules = self.by_key("notification_rules", notification_rules)
        automation_rules = self.by_key("automation_rules", automation_rules)
        self._reject_unknown_rules(views, notification_rules)

        self._declare_case_types(case_types)
        self.project = self._declare_project(project)
        self.project_id = self.project.id
        in_project = {"project_id": self.project_id}
        self.notification_rules = {
            key: self.declare(
                NotificationRule, key, rule, triggers=[{"type": "CASE_CREATED"}], **in_project
            )
            for key, rule in notification_rules.items()
        }
        self.views = {key: self._declare_view(key, view) for key, view in views.items()}
        self.automation_rules = {
            key: self.declare(AutomationRule, key, rule, name=words(key), **in_project)
            for key, rule in automation_rules.items()
        }
        self.register_outputs({"project_id": self.project_id})

    def _declare_project(self, args: CaseDeskProjectArgs) -> Project:
        own = dict[str, object](args)
        if types := [each.id for each in self.case_types.values()]:
            others = args.get("enabled_custom_case_types", ())
            own["enabled_custom_case_types"] = [*types, *others]
        return self.declare(Project, "", own, name=words(self.pulumi_resource_name))

    def _declare_case_types(self, case_types: Mapping[str, CaseDeskTypeArgs]) -> None:
        attributes = {
            key: self.by_key(f"case_types.{key}.custom_attributes", args.get("custom_attributes"))
            for key, args in case_types.items()
        }
        self.case_types = {
            key: self.declare(CaseType, key, _without(args, "custom_attributes"), name=words(key))
            for key, args in case_types.items()
        }
        self.custom_attributes = {
            type_key: {
                key: self._declare_attribute(type_key, key, args) for key, args in own.items()
            }
            for type_key, own in attributes.items()
        }

    def _declare_attribute(
        self, type_key: str, key: str, args: CaseDeskAttributeArgs
    ) -> CustomAttribute:
        own, type_ = _without(args, "options"), "TEXT"
        if "options" in args:
            own["type_data"] = {"options": [{"value": value} for value in args["options"]]}
            type_ = "SELECT"
        return self.declare(
            CustomAttribute,
            f"{type_key}-{key}",
            own,
            case_type_id=self.case_types[type_key].id,
            key=key,
            display_name=words(key),
            type=type_,
        )

    def _declare_view(self, key: str, args: CaseDeskViewArgs) -> CaseView:
        own = _without(args, "notification_rule")
        if "notification_rule" in args:
            own["np_rule_id"] = self.notification_rules[args["notification_rule"]].id
        return self.declare(CaseView, key, own, project_id=self.project_id, name=words(key))

    def _reject_unknown_rules(
        self, views: Mapping[str, CaseDeskViewArgs], rules: Mapping[str, object]
    ) -> None:
        named = {
            k: view["notification_rule"] for k, view in views.items() if "notification_rule" in view
        }
        if unknown := {key: rule for key, rule in named.items() if rule not in rules}:
            known = ", ".join(rules) or "none"
            raise self.error(
                *(
                    f'views.{key}.notification_rule: there is no notification rule "{rule}"'
                    + (closest(rule, rules) or f"; known rules: {known}")
                    for key, rule in unknown.items()
                )
            )


def _without(args: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in args.items() if key != name}
