"""The kinds of quirks, and the explanation of each.

To add a kind, write its class, list the class in `AnyQuirk`, and add its row to `EXPLANATIONS`.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

from pydantic import Field

from datadog_cases_sandbox.quirks import responses, searches, texts, writes


class Explanation(NamedTuple):
    """What a quirk does, and how we know that the API may do the same.

    Attributes:
        evidence: How we know that the API may do this. BEHAVIOUR.md defines the four values.
        sentence: The behaviour, in one to three sentences.
    """

    evidence: Literal["documented", "recorded", "observed", "assumed"]
    sentence: str


EXPLANATIONS: Final[Mapping[str, Explanation]] = {
    "trim_strings": Explanation(
        "assumed",
        "The API removes white space at the beginning and end of texts before it stores them.",
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
        "The API stores the keys of projects and custom attributes in upper case. It finds"
        " objects by keys in upper or lower case.",
    ),
    "slugify_keys": Explanation(
        "assumed",
        "The API stores the keys of projects and custom attributes as slugs, such as `env-name`"
        " for `Env Name`. A request can name an object by its key or by the slug of its key.",
    ),
    "reorder_lists": Explanation(
        "assumed",
        "The API sorts each list that it stores. The order is ascending or, if `descending` is"
        " true, descending.",
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
    "round_timestamps": Explanation(
        "recorded",
        "A search shows `created_at`, `modified_at` and `closed_at` of a case with nanoseconds."
        " All other responses round these times up or down to microseconds.",
    ),
    "swap_symmetric_links": Explanation(
        "assumed", "The API shows a link `RELATES_TO` with its parent and its child swapped."
    ),
    "zero_counts": Explanation(
        "observed", "The API shows each counter of an object, such as `comment_count`, as 0."
    ),
    "count_comments": Explanation(
        "assumed", "The API shows the number of comments of a case as `comment_count`."
    ),
    "lag_search": Explanation(
        "assumed",
        "Searches, counts and aggregations show writes late. A new case appears after `new`"
        " seconds, a change of a case after `changed` seconds, and archiving or unarchiving after"
        " `archived` seconds.",
    ),
    "hide_archived_cases": Explanation(
        "assumed",
        "Searches, counts and aggregations never find archived cases, not even with"
        " `archived:true`.",
    ),
    "limit_hits": Explanation(
        "assumed",
        "The pages of a search end after `max_hits` cases. A later page is empty or, if `beyond`"
        " is `error`, rejected with 400. If `capped_total` is true, the totals count only these"
        " cases.",
    ),
    "unknown_members": Explanation(
        "recorded",
        "Each object in a response has the additional member `new_member`. A request may send the"
        " member back unchanged.",
    ),
    "unknown_enum_values": Explanation(
        "recorded",
        "Attributes that only the API writes, such as `creation_source`, have the value `NEW_WORD`,"
        " which the reference does not list.",
    ),
    "unknown_types": Explanation(
        "assumed",
        "Each object has relationships to objects of the type `new_type`. If a response has"
        " `included`, it contains these objects. If all entries of a timeline fit on its first page"
        " with room for one more, this page has an entry of the type `NEW_WORD`.",
    ),
    "responses_before_write": Explanation(
        "assumed",
        "The response to a change shows the object before the change. If `omit` is true, the"
        " response omits the changed members instead. The response to a request that creates an"
        " object always omits the members of the request.",
    ),
    "inaccessible_projects": Explanation(
        "assumed",
        "The response to a request for one of the `projects`, or for an object in one of them, has"
        " the status `status`. Lists and searches omit these projects and objects.",
    ),
    "conflict_on_duplicates": Explanation(
        "assumed",
        "A request that creates something that already exists is rejected with 409. This applies to"
        " watchers, favourites, links, incidents, notebooks, and the keys of projects and custom"
        " attributes.",
    ),
    "assignees_watch": Explanation(
        "assumed", "The API makes the assignee of a case one of its watchers."
    ),
    "reserve_deleted_keys": Explanation(
        "assumed", "The key of a deleted project cannot be used again for `seconds` seconds."
    ),
    "limit_lengths": Explanation(
        "assumed",
        "A request with a text of more than `max_length` characters is rejected with 400.",
    ),
    "bot_edits": Explanation(
        "assumed",
        "After each response, a bot edits the cases, automation rules and views in the response."
        " The bot sets `modified_at` and `modified_by`. On a case, it also sets the label `bot`.",
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
    | texts.DatesAsInstants
    | responses.RoundTimestamps
    | responses.SwapSymmetricLinks
    | responses.ZeroCounts
    | responses.CountComments
    | searches.LagSearch
    | searches.HideArchivedCases
    | responses.LimitHits
    | responses.UnknownMembers
    | responses.UnknownEnumValues
    | responses.UnknownTypes
    | responses.ResponsesBeforeWrite
    | writes.InaccessibleProjects
    | writes.ConflictOnDuplicates
    | writes.AssigneesWatch
    | writes.ReserveDeletedKeys
    | writes.LimitLengths
    | writes.BotEdits,
    Field(discriminator="kind"),
]
