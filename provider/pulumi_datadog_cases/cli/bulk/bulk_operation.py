"""`BulkOperation`: a change that `datadog-cases bulk` can apply to many cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pulumi_datadog_cases.api import CaseItem
from pulumi_datadog_cases.cli.output import counted

#: What `BulkOperation.state` returns if the API does not return the value.
NOT_SHOWN = "not shown by the API"


@dataclass(frozen=True)
class BulkOperation:
    """A change that can be applied to many cases.

    Attributes:
        template: a description with `{}` for the number of cases, such as `archive {}`.
        send: applies the change to at most `batch_size` cases. It is called from several threads
            if `batch_size` is 1.
        state: describes in words the current value of the property that the change sets, such as
            a case's priority. It equals `wanted` exactly if the case needs no change. It may send
            requests to read the value, and is called from several threads.
        wanted: what `state` returns after the change; None if the API does not return the value.
        idempotent: whether applying the change twice has the same effect as once.
        obstacle: says why the API would refuse the change of a case; None if nothing is known that
            prevents it.
        batch_size: the maximum number of cases per call of `send`. Datadog documents no limit for
            bulk requests, so the default is the maximum size of a page of search results.
    """

    template: str
    send: Callable[[Sequence[CaseItem]], None]
    state: Callable[[CaseItem], str]
    wanted: str | None
    idempotent: bool = True
    obstacle: Callable[[CaseItem], str | None] = lambda _: None
    batch_size: int = 100

    def describe(self, cases: int) -> str:
        """Describe the change of a number of cases, such as `archive 2 cases`."""
        return self.template.replace("{}", counted(cases, "case"))


def one_by_one(change: Callable[[CaseItem], object]) -> Callable[[Sequence[CaseItem]], None]:
    """Return a function for `BulkOperation.send` that changes each case with its own request."""

    def send(cases: Sequence[CaseItem]) -> None:
        for case in cases:
            change(case)

    return send
