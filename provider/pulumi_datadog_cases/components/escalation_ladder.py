"""`EscalationLadder`: a notification rule for each priority of the cases in a project."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NotRequired, TypeAlias

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.components.component import Component
from pulumi_datadog_cases.engine import Input
from pulumi_datadog_cases.engine.validation import did_you_mean
from pulumi_datadog_cases.resources import NotificationRule
from pulumi_datadog_cases.resources.notification_rule import (
    NotificationRecipientArgs,
    NotificationTriggerArgs,
)

EscalationPriority: TypeAlias = Literal["P1", "P2", "P3", "P4", "P5", "NOT_DEFINED"]

#: The priorities in order, the most urgent first. `NOT_DEFINED` and priorities that this release
#: does not know have no place in this order.
_LADDER: Final[tuple[EscalationPriority, ...]] = ("P1", "P2", "P3", "P4", "P5")
_PRIORITIES: Final = (*_LADDER, "NOT_DEFINED")

#: A rule is triggered when a case is created with the priority or gets it later. It is not
#: documented which fields trigger rules when they change. `priority` is assumed to be one of these
#: fields.
_TRIGGERS: Final[Sequence[NotificationTriggerArgs]] = (
    {"type": "CASE_CREATED"},
    {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "priority"}},
)


class EscalationRungArgs(TypedDict):
    """The properties of the `NotificationRule` of one priority."""

    recipients: Sequence[Input[NotificationRecipientArgs]]
    triggers: NotRequired[Input[Sequence[Input[NotificationTriggerArgs]]]]
    """By default the triggers of the ladder."""
    query: NotRequired[Input[str]]
    """By default `priority:<the rung's priority>`, combined with the ladder's `query`, if any."""
    is_enabled: NotRequired[Input[bool]]
    opts: NotRequired[pulumi.ResourceOptions]


class EscalationLadder(Component):
    """Notifies recipients about a project's cases, with one `NotificationRule` for each priority.

        components.EscalationLadder(
            "payments",
            project_id=desk.project_id,
            rungs={
                "P1": {"recipients": [
                    {"type": "PAGERDUTY_SERVICE", "data": {"service_name": "payments"}},
                ]},
                "P2": {"recipients": [
                    {"type": "SLACK_CHANNEL", "data": {"workspace": "acme", "channel": "#pay"}},
                ]},
            },
            inherits=True,
        )

    A rung is the rule of one priority. With `inherits=True`, the recipients of a priority are also
    notified of cases with a more urgent priority. In the example, a P1 case pages *and* notifies
    the channel. Each case still matches one rule, so a recipient on several rungs is notified once.
    The rung `NOT_DEFINED` is separate: it gets no recipients from other rungs, and gives none to
    other rungs. The rung of a priority that this release does not know, such as `P0`, is separate
    too.

    By default a notification is sent when a case is created with the priority, or gets it later.
    Two things are assumed: the search syntax `priority:P1`, and that changes of `priority` trigger
    rules. If your organisation behaves differently, set `triggers` and `query`.

    Destroy: the rules are deleted.

    Errors: `ComponentError` if the key of a rung is misspelt, or if a rung has no recipients.
    The preview reports all other errors, as documented for `NotificationRule`.

    Type token: `datadog-cases:components:EscalationLadder`. It is stored in states and never
    changes. Pulumi identifies a rule by its priority: `payments-P1`.
    """

    token = "datadog-cases:components:EscalationLadder"  # noqa: S105 - a type token

    rules: Mapping[EscalationPriority, NotificationRule]
    """The rules, by priority."""

    def __init__(  # noqa: PLR0913 - one for each property
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        project_id: Input[str],
        rungs: Mapping[EscalationPriority, EscalationRungArgs],
        triggers: Input[Sequence[Input[NotificationTriggerArgs]]] = _TRIGGERS,
        query: pulumi.Input[str] | None = None,
        inherits: bool = False,
    ) -> None:
        """Declare the ladder.

        Args:
            resource_name: the ladder's name in this program. The rules' names begin with it.
            opts: Pulumi's resource options. The rules inherit them.
            project_id: UUID of the project. Changing it replaces the rules.
            rungs: the rungs by priority: `P1` to `P5` and `NOT_DEFINED`.
            triggers: the triggers of all rungs that do not declare `triggers`.
            query: a query as in the search bar, which restricts all rungs that do not declare
                `query`. By default these rungs match all cases of the project with their priority.
            inherits: whether the recipients of a priority are also notified of cases with a more
                urgent priority.

        Raises:
            ComponentError: the key of a rung is misspelt, or a rung has no recipients.
        """
        super().__init__(resource_name, opts)
        rungs = self.by_key("rungs", rungs)
        self._check_priorities(rungs)
        recipients = {
            priority: _recipients(priority, rungs, inherits=inherits) for priority in rungs
        }
        if empty := [priority for priority in rungs if not recipients[priority]]:
            raise self.error(*(f"rungs.{p}.recipients is empty: add a recipient" for p in empty))
        self.rules = {
            priority: self.declare(
                NotificationRule,
                priority,
                {**rung, "recipients": recipients[priority]},
                project_id=project_id,
                triggers=triggers,
                query=_query(priority, query),
            )
            for priority, rung in rungs.items()
        }
        self.register_outputs({})

    def _check_priorities(self, rungs: Mapping[EscalationPriority, object]) -> None:
        """Reject misspelt priorities. Warn about priorities that this release does not know."""
        hints = {
            f'rungs: "{priority}" is not one of {", ".join(_PRIORITIES)}': did_you_mean(
                priority, _PRIORITIES
            )
            for priority in rungs
            if priority not in _PRIORITIES
        }
        if typos := [text + hint for text, hint in hints.items() if hint]:
            raise self.error(*typos)
        for text in hints:
            pulumi.log.warn(f"{self.error(text)}; sent as is", self)


def _recipients(
    priority: EscalationPriority,
    rungs: Mapping[EscalationPriority, EscalationRungArgs],
    *,
    inherits: bool,
) -> list[Input[NotificationRecipientArgs]]:
    """Return the recipients of a priority's rung and, if `inherits`, of the less urgent rungs."""
    below = _LADDER[_LADDER.index(priority) + 1 :] if inherits and priority in _LADDER else ()
    notified: list[EscalationPriority] = [priority, *(each for each in below if each in rungs)]
    return [recipient for each in notified for recipient in rungs[each]["recipients"]]


def _query(priority: str, query: pulumi.Input[str] | None) -> pulumi.Input[str]:
    if query is None:
        return f"priority:{priority}"
    # The query may contain `OR`. Without parentheses, the space before the query, which means AND,
    # would bind more strongly than this `OR`.
    return pulumi.Output.concat(f"priority:{priority} (", query, ")")
