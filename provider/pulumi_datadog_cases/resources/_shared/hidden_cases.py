"""Finds cases that a search does not find."""

import itertools
from collections.abc import Collection, Iterator

from pulumi_datadog_cases.api import Client, Item, NotFound

#: When this many numbers in a row belong to no case, the search for hidden cases ends.
_MAX_MISSES = 3


def hidden_cases(client: Client, project_key: str, found: Collection[str]) -> Iterator[Item]:
    """Yield cases of a project that a search has not found.

    That a search for `archived:true` finds archived cases is assumed. Call this function if such a
    search has found none. A project numbers its cases from 1 (documented), so each number that is
    missing among the found cases may belong to an archived case. In a project without gaps, one
    request is sent: for the number after the highest.

    Args:
        client: the organisation's client.
        project_key: the project's key, such as `SEC`.
        found: the keys of the found cases, such as `SEC-12`.
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
            misses += 1
            if number > highest or misses == _MAX_MISSES:
                return
            continue
        misses = 0
        highest = max(highest, number)
        if case.attributes.get("key") == key:  # an old key may still find a moved case (assumed)
            yield case
