"""`CaseJiraIssue`: the Jira issue that a case is linked to."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

import pulumi

from pulumi_datadog_cases.api import NotFound
from pulumi_datadog_cases.engine import (
    KnownInputs,
    LiveObject,
    Prop,
    Values,
    Violations,
    arg,
    computed,
    warn,
)
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, CaseResource, text
from pulumi_datadog_cases.resources._shared.external_ticket import (
    ExternalTicketFailedError,
    counterpart,
    heard,
    made,
)
from pulumi_datadog_cases.resources._shared.types import Text

_CREATES = ("jira_account_id", "jira_project_id", "issue_type_id")


class CaseJiraIssue(CaseResource):
    """A Jira issue linked to a case: one that is there, by its URL, or a new one.

    Jira makes a new issue by and by: creation waits for it for a minute at most. If Jira fails,
    creation fails. If it takes longer, creation ends with a warning and `status` IN_PROGRESS, and
    a later refresh shows the issue.

    Import id: `<case_id>`.

    Destroy: the link is removed; the issue stays in Jira. A link to another issue, that somebody
    has made since the last refresh, stays, and a warning says so.

    Somebody linking another issue shows in `issue_url`, and is left alone.

    Errors: 404 where the case does not exist; 409 where the case or the issue is linked already;
    403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/jira_issues`; the issue is read from the case.
    """

    delete_before_replace = True  # a case has one Jira issue at most

    case_id: Prop[Text] = arg(replace_on_changes=True)
    """UUID or key of the case, which has one Jira issue at most. A change replaces."""
    jira_issue_url: Prop[Text | None] = arg(default=None, replace_on_changes=True, write_only=True)
    """URL of an issue that is there. A change replaces."""
    jira_account_id: Prop[Text | None] = arg(default=None, replace_on_changes=True, write_only=True)
    """For a new issue: the Jira account that Datadog is connected to. A change replaces."""
    jira_project_id: Prop[Text | None] = arg(default=None, replace_on_changes=True, write_only=True)
    """For a new issue: the Jira project. A change replaces."""
    issue_type_id: Prop[Text | None] = arg(default=None, replace_on_changes=True, write_only=True)
    """For a new issue: its type in Jira. A change replaces."""
    fields: Prop[Mapping[str, pulumi.Input[object]] | None] = arg(
        default=None, replace_on_changes=True, write_only=True
    )
    """For a new issue: further fields by their name in Jira. A change replaces."""

    status: Prop[str | None] = computed()
    """`IN_PROGRESS`, `COMPLETED` or `FAILED`."""
    issue_id: Prop[str | None] = computed()
    """The issue's id in Jira."""
    issue_key: Prop[str | None] = computed()
    """The issue's key in Jira."""
    issue_url: Prop[str | None] = computed()
    """The issue's URL in Jira."""

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Either there is an issue, or there is all that a new one needs."""
        by_url = "jira_issue_url" in declared
        for name in (*_CREATES, "fields"):
            if by_url and name in declared:
                yield name, "is for a new issue: give either it or jira_issue_url"
        if not by_url:
            for name in _CREATES:
                if name not in declared:
                    yield name, "is missing: a new issue needs it (or give jira_issue_url)"

    class Lifecycle(CaseLifecycle):
        """How links to Jira live at the API."""

        ids_are_unique = False
        parent_property = "case_id"

        def create(self, new: Values) -> LiveObject:
            """Link the issue, or have one made and wait for it."""
            cases, case_id = self.client.cases, text(new["case_id"])
            if "jira_issue_url" in new:
                cases.link_jira_issue(case_id, text(new["jira_issue_url"]))
                with heard():
                    return self.read(case_id, new) or LiveObject(case_id, new)
            attributes = {
                "jira_account_id": new["jira_account_id"],
                "project_id": new["jira_project_id"],
                "issue_type_id": new["issue_type_id"],
            }
            if "fields" in new:
                attributes["fields"] = new["fields"]
            cases.create_jira_issue(case_id, attributes)
            return self._made(case_id)

        def _made(self, case_id: str) -> LiveObject:
            """The issue, when Jira has made it."""
            try:
                return made(f"the Jira issue of case {case_id}", lambda: self.read(case_id, {}))
            except ExternalTicketFailedError as failure:
                # A failed one would stand in the way of the next (assumed).
                with suppress(NotFound):
                    self.client.cases.unlink_jira_issue(case_id)
                raise ExternalTicketFailedError(
                    f"{failure}; nothing of it is left there"
                ) from failure

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The case's Jira issue: it has one."""
            return filter(None, [parent and counterpart(parent.id, parent.values, "jira_issue")])

        def candidates(self, new: Values, age: float) -> Iterable[LiveObject]:
            """The case's issue, waited for as in a create."""
            del age
            case_id = text(new["case_id"])
            return [self._made(case_id)] if self.read(case_id, new) else []

        def importable(self, live: LiveObject) -> Values:
            """A link to the issue; how Datadog had it made is not told."""
            return {"case_id": live.id, "jira_issue_url": live.values.get("issue_url")}

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Look at the case's Jira issue."""
            del known
            return counterpart(id_, self.client.cases.get(id_).attributes, "jira_issue")

        def delete(self, id_: str, known: Values) -> None:
            """Remove the link, unless it is not the one that is known."""
            there = self.read(id_, known)
            seen, ours = there and there.values.get("issue_url"), known.get("issue_url")
            if seen and ours and seen != ours:
                warn(f"case {id_} stays linked to {seen}: it is not {ours}, which this stack knew")
            else:
                self.client.cases.unlink_jira_issue(id_)
