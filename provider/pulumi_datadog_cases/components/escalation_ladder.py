"""`EscalationLadder`: the more urgent a case, the more people are told."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NotRequired, TypeAlias

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.components.component import Component
from pulumi_datadog_cases.engine.validation import did_you_mean
from pulumi_datadog_cases.resources import NotificationRule
from pulumi_datadog_cases.resources.notification_rule import (
    NotificationRecipientArgs,
    NotificationTriggerArgs,
)

EscalationPriority: TypeAlias = Literal["P1", "P2", "P3", "P4", "P5", "NOT_DEFINED"]

#: From the most urgent down. What is not defined is neither more nor less urgent than others.
_LADDER: Final[tuple[EscalationPriority, ...]] = ("P1", "P2", "P3", "P4", "P5")
_PRIORITIES: Final = (*_LADDER, "NOT_DEFINED")

#: A case that appears with the priority, or is given it later (assumed: `priority` is a field
#: whose changes the API watches; which ones it does is undocumented).
_TRIGGERS: Final[Sequence[NotificationTriggerArgs]] = (
    {"type": "CASE_CREATED"},
    {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "priority"}},
)


class EscalationRungArgs(TypedDict):
    """The properties of the `NotificationRule` of one priority."""

    recipients: Sequence[pulumi.Input[NotificationRecipientArgs]]
    triggers: NotRequired[pulumi.Input[Sequence[pulumi.Input[NotificationTriggerArgs]]]]
    """By default those of the ladder."""
    query: NotRequired[pulumi.Input[str]]
    """By default the priority and the ladder's own `query`; this one is taken instead."""
    is_enabled: NotRequired[pulumi.Input[bool]]
    opts: NotRequired[pulumi.ResourceOptions]


class EscalationLadder(Component):
    """Who is told how of cases in one project, by priority: one `NotificationRule` for each.

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

    With `inherits=True` whoever is told of a priority is told of all that are more urgent, too:
    here a P1 pages *and* goes to the channel. Each case then still falls under one rule, so that
    nobody who stands on several rungs is told twice. `NOT_DEFINED` has no place in that order.

    By default people are told of a case that is created with the priority, or gets it later. The
    search syntax `priority:P1` and that `priority` is a field whose changes the API watches are
    assumed; give `triggers` and `query` of your own where your organisation shows otherwise.

    Destroy: the rules are deleted.

    Errors: `ComponentError` for a rung that is no priority, or on which nobody is told; for the
    rest those of `NotificationRule`, at preview.

    Type token: `datadog-cases:components:EscalationLadder`, which states remember, so it never
    changes. A rule is known to Pulumi by its priority: `payments-P1`.
    """

    token = "datadog-cases:components:EscalationLadder"  # noqa: S105 - a type token

    rules: Mapping[EscalationPriority, NotificationRule]
    """The rules, by priority."""

    def __init__(  # noqa: PLR0913 - what a ladder is made of
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        project_id: pulumi.Input[str],
        rungs: Mapping[EscalationPriority, EscalationRungArgs],
        triggers: pulumi.Input[Sequence[pulumi.Input[NotificationTriggerArgs]]] = _TRIGGERS,
        query: pulumi.Input[str] | None = None,
        inherits: bool = False,
    ) -> None:
        """Declare the ladder.

        Args:
            resource_name: its name in this program, with which those of its rules begin.
            opts: Pulumi's options, for its rules too.
            project_id: UUID of the project whose cases it is about. A change replaces the rules.
            rungs: who is told, by priority: `P1` to `P5`, `NOT_DEFINED`.
            triggers: what they are told of, where a rung says nothing else.
            query: which cases of the project it is about, as in the search bar; by default all.
            inherits: whether those who are told of a priority are told of the more urgent ones.

        Raises:
            ComponentError: a rung is no priority, or nobody is told on it.
        """
        super().__init__(resource_name, opts)
        rungs = self.by_key("rungs", rungs)
        self._refuse_unknown_priorities(rungs)
        told = {priority: _told(priority, rungs, inherits=inherits) for priority in rungs}
        if silent := [priority for priority, recipients in told.items() if not recipients]:
            raise self.error(
                *(f"rungs.{p}.recipients: nobody is told; name somebody" for p in silent)
            )
        self.rules = {
            priority: self.declare(
                NotificationRule,
                priority,
                {**rung, "recipients": told[priority]},
                project_id=project_id,
                triggers=triggers,
                query=_query(priority, query),
            )
            for priority, rung in rungs.items()
        }
        self.register_outputs({})

    def _refuse_unknown_priorities(self, rungs: Mapping[EscalationPriority, object]) -> None:
        if unknown := [priority for priority in rungs if priority not in _PRIORITIES]:
            raise self.error(
                *(
                    f'rungs: "{priority}" is not one of {", ".join(_PRIORITIES)}'
                    + did_you_mean(priority, _PRIORITIES)
                    for priority in unknown
                )
            )


def _told(
    priority: EscalationPriority,
    rungs: Mapping[EscalationPriority, EscalationRungArgs],
    *,
    inherits: bool,
) -> list[pulumi.Input[NotificationRecipientArgs]]:
    """Who is told of a priority: those of its rung, and those of the rungs below."""
    below = _LADDER[_LADDER.index(priority) + 1 :] if inherits and priority in _LADDER else ()
    heard: list[EscalationPriority] = [priority, *(each for each in below if each in rungs)]
    return [recipient for each in heard for recipient in rungs[each]["recipients"]]


def _query(priority: str, query: pulumi.Input[str] | None) -> pulumi.Input[str]:
    if query is None:
        return f"priority:{priority}"
    # In parentheses: `OR` binds less than what stands side by side.
    return pulumi.Output.concat(f"priority:{priority} (", query, ")")
