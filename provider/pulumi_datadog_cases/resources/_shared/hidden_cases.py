"""Finds cases that a search does not find, by trying the keys that they may have."""

import itertools
from collections.abc import Collection, Iterator

from pulumi_datadog_cases.api import Client, Item, NotFound

#: The search for hidden cases ends after this many consecutive numbers that belong to no case.
_MAX_MISSES = 3


def hidden_cases(client: Client, project_key: str, found: Collection[str]) -> Iterator[Item]:
    """Yield cases of a project that a search has not found.

    It is assumed that a search for `archived:true` finds archived cases. This assumption may be
    wrong, so call this function if such a search has found no cases. A project numbers its cases
    from 1 (documented). So each number that is missing among the found cases may belong to an
    archived case. If no number is missing, this function sends one request, for the number after
    the highest.

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
        # A request with the old key of a moved case may return that case (assumed).
        if case.raw_attributes.get("key") == key:
            yield case
