"""Finds cases that a search does not find, by trying the keys that they may have."""

import itertools
from collections.abc import Collection, Iterator

from pulumi_datadog_cases.api import Client, Item, NotFound


def hidden_cases(
    client: Client, project_key: str, found: Collection[str], *, max_misses: int
) -> Iterator[Item]:
    """Yield cases of a project that a search has not found.

    It is assumed that a search for `archived:true` finds archived cases. This assumption may be
    wrong, so call this function if such a search has found no cases. A project numbers its cases
    from 1 (documented). So each number that is missing among the found cases may belong to an
    archived case. It may also belong to a case that was moved to another project. If no number is
    missing, this function sends `max_misses` requests, for the numbers after the highest.

    Args:
        client: the organisation's client.
        project_key: the project's key, such as `SEC`.
        found: the keys of the found cases, such as `SEC-12`.
        max_misses: the function ends after this many consecutive numbers above the highest known
            number that belong to no case.
    """
    numbers = (key.rpartition("-")[2] for key in found)
    highest, misses = max((int(n) for n in numbers if n.isdecimal()), default=0), 0
    for number in itertools.count(1):
        key = f"{project_key}-{number}"
        if key in found:
            continue
        try:
            case = client.cases.get(key)
        except NotFound:
            misses += number > highest
            if misses == max_misses:
                return
            continue
        misses = 0
        highest = max(highest, number)
        # A request with the old key of a moved case may return that case (assumed).
        if case.raw_attributes.get("key") == key:
            yield case
