"""Making a change to many cases, and finding out afterwards to which it was not made."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from pulumi_datadog_cases.api import (
    BadRequest,
    Client,
    Conflict,
    DatadogCasesError,
    Item,
    NotFound,
)
from pulumi_datadog_cases.cli.bulk.operations import BulkOperation
from pulumi_datadog_cases.cli.common import INTERRUPTED, CommandError, progress

# How many cases a request names: as many as a page of a search has at most. No limit is documented.
_CHUNK: Final = 100
# After so many cases that were refused it is the change that is wrong, not the cases.
_MOST_REFUSED: Final = 20
_READERS: Final = 8


class _HopelessError(Exception):
    """The API refuses the change to one case after the other."""


def make(client: Client, change: BulkOperation, cases: Sequence[Item]) -> dict[str, str]:
    """Make a change to cases.

    Returns:
        Why it was not made, by the ids of the cases to which it was not.

    Raises:
        CommandError: it was not tried for all, or what came of it cannot be read. Says how far it
            came, and what to do.
    """
    making = _Making(change)
    try:
        with progress(change.words(len(cases)), len(cases)) as advance:
            for start in range(0, len(cases), _CHUNK):
                chunk = cases[start : start + _CHUNK]
                making.make([case.id for case in chunk])
                advance(len(chunk))
        return _unmade(client, change, cases, making.refused)
    except (DatadogCasesError, _HopelessError) as error:
        raise CommandError(making.stopped(len(cases), str(error))) from error
    except KeyboardInterrupt:
        raise CommandError(making.stopped(len(cases), "interrupted."), INTERRUPTED) from None


@dataclass
class _Making:
    """A change on its way.

    Attributes:
        change: it.
        refused: why the API refused it, by the ids of cases.
        accepted: for how many cases it was accepted.
    """

    change: BulkOperation
    refused: dict[str, str] = field(default_factory=dict[str, str])
    accepted: int = 0

    def make(self, ids: Sequence[str]) -> None:
        """Make it to some cases, and where one is refused to all the others.

        A case that is refused keeps the change from all that are named with it, and which one it
        was is not told (assumed). So they are halved until it is alone.
        """
        try:
            self.change.send(ids)
        except (BadRequest, NotFound, Conflict) as error:
            if len(ids) > 1 and self.change.can_be_repeated:
                middle = len(ids) // 2
                self.make(ids[:middle])
                self.make(ids[middle:])
                return
            self.refused |= dict.fromkeys(ids, "; ".join(error.details) or str(error))
            if len(self.refused) > _MOST_REFUSED:
                raise _HopelessError(f"the API refuses it for more and more: {error}") from error
        else:
            self.accepted += len(ids)

    def stopped(self, cases: int, why: str) -> str:
        """What to say where it did not come to an end."""
        if self.change.wanted is None:
            advice = "Look which of them it was made to before you run it again."
        else:
            advice = "It is safe to run it again: cases that are as wanted are left alone."
        return f"stopped after it was accepted for {self.accepted} of {cases} cases: {why} {advice}"


def _unmade(
    client: Client, change: BulkOperation, cases: Sequence[Item], refused: dict[str, str]
) -> dict[str, str]:
    """Read the cases again, as the answer to a bulk update tells of none (documented)."""
    if change.wanted is None:
        return refused

    def read(case: Item) -> Item | None:
        try:
            return client.cases.get(case.id)
        except NotFound:
            return None

    unmade = dict[str, str]()
    with progress("reading back", len(cases)) as advance, ThreadPoolExecutor(_READERS) as readers:
        for case, now in zip(cases, readers.map(read, cases), strict=True):
            advance(1)
            if now is None:
                unmade[case.id] = "it is not there any more"
            elif not change.is_made(now):
                why = f"accepted, but it is as before: {change.state(now)}"
                unmade[case.id] = refused.get(case.id, why)
    return unmade
