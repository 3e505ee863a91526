"""All that knows Pulumi's dynamic-provider protocol, and nothing of Datadog.

A resource class (`resource`) declares its properties (`property`) and a `Lifecycle`. Taken
together they are a `Kind`, which validates (`schema`) and compares (`values`); the provider
(`provider`) speaks Pulumi's protocol for it.
"""

from pulumi_datadog_cases.engine.lifecycle import Change, Lifecycle, Live
from pulumi_datadog_cases.engine.process import warn
from pulumi_datadog_cases.engine.property import Prop, arg, computed
from pulumi_datadog_cases.engine.resource import Resource
from pulumi_datadog_cases.engine.schema import Canonical, Known, Refusals, Rule
from pulumi_datadog_cases.engine.values import Value, Values, same

__all__ = [
    "Canonical",
    "Change",
    "Known",
    "Lifecycle",
    "Live",
    "Prop",
    "Refusals",
    "Resource",
    "Rule",
    "Value",
    "Values",
    "arg",
    "computed",
    "same",
    "warn",
]
