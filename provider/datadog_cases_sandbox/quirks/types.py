"""The kinds of quirks, and the explanation of each.

To add a kind, write its class, list the class in `AnyQuirk`, and add its row to `EXPLANATIONS`.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

from pydantic import Field

from datadog_cases_sandbox.quirks import texts


class Explanation(NamedTuple):
    """What a quirk does, and why we believe that the API may do the same.

    Attributes:
        evidence: How we know; BEHAVIOUR.md explains the words.
        sentence: The behaviour, in one sentence of which the API is the subject.
    """

    evidence: Literal["documented", "recorded", "observed", "assumed"]
    sentence: str


EXPLANATIONS: Final[Mapping[str, Explanation]] = {
    "trim_strings": Explanation(
        "assumed", "The API stores texts without white space at their beginning and end."
    ),
    "truncate_strings": Explanation(
        "assumed", "The API silently stores only the first `max_length` characters of a text."
    ),
    "lower_case_labels": Explanation(
        "assumed", "The API stores the names and values of labels in lower case."
    ),
    "lower_case_addresses": Explanation(
        "assumed", "The API stores the email addresses of recipients and users in lower case."
    ),
    "upper_case_keys": Explanation(
        "assumed",
        "The API stores the keys of projects and custom attributes in upper case, and finds objects"
        " by keys in any case.",
    ),
    "slugify_keys": Explanation(
        "assumed",
        "The API stores the keys of projects and custom attributes as slugs, such as `env-name` for"
        " `Env Name`, and finds objects by both forms.",
    ),
    "reorder_lists": Explanation(
        "assumed", "The API stores each list in ascending or, if `descending`, descending order."
    ),
    "ids_for_names": Explanation(
        "assumed",
        "The API stores an id, such as `C0A1B2C3D4E`, in place of the name of a recipient's"
        " channel, workspace, team, service or webhook.",
    ),
    "dates_as_instants": Explanation(
        "assumed",
        "The API shows the due date of a case as the instant at which the day begins, such as"
        " `2026-01-02T00:00:00Z`.",
    ),
}
"""The explanation of each kind of quirk."""

AnyQuirk: TypeAlias = Annotated[
    texts.TrimStrings
    | texts.TruncateStrings
    | texts.LowerCaseLabels
    | texts.LowerCaseAddresses
    | texts.UpperCaseKeys
    | texts.SlugifyKeys
    | texts.ReorderLists
    | texts.IdsForNames
    | texts.DatesAsInstants,
    Field(discriminator="kind"),
]
