"""`CaseJiraIssue`: the Jira issue that a case is linked to."""

from collections.abc import Mapping
from contextlib import suppress

from pulumi_datadog_cases.api import NotFound
from pulumi_datadog_cases.engine import (
    Input,
    KnownInputs,
    LiveObject,
    Prop,
    Values,
    Violations,
    arg,
    computed,
    warn,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource, text
from pulumi_datadog_cases.resources._shared.external_ticket import (
    ExternalTicketFailedError,
    ExternalTicketLifecycle,
    after_accepted_request,
)
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr

_REQUIRED_FOR_NEW = ("jira_account_id", "jira_project_id", "issue_type_id")
_ONLY_FOR_NEW = (
    "cannot be declared together with jira_issue_url: it describes a new issue. Remove one of the "
    "two"
)


class CaseJiraIssue(CaseResource):
    """A Jira issue that is linked to a case: an existing issue, or a new issue.

    Jira creates a new issue some time after the request. `pulumi up` waits for the issue for up to
    a minute. If Jira fails, the creation of this resource fails. If Jira takes longer, the creation
    succeeds with a warning and `status` IN_PROGRESS. A later refresh then shows the issue.

    If someone links the case to another issue, `issue_url` shows that issue after a refresh. The
    provider does not restore the old link.

    If the case moves to another project, Datadog removes the link (documented). If a `Case`
    resource moves the case, that resource also links the issue again. After a move outside Pulumi,
    run `pulumi up --refresh`. If the program declares `jira_issue_url`, this links the same issue
    again. Otherwise, it creates a new issue.

    Import id: `<case_id>`.

    Destroy: the link is removed; the issue stays in Jira. If someone has linked the case to another
    issue since the last refresh, the new link stays, and a warning says so.

    Errors: 404 if the case does not exist; 409 if the case or the issue is already linked; 403 if
    the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/relationships/jira_issues`; the issue is read from the case.
    """

    delete_before_replace = True  # a case has at most one Jira issue

    identity = ("case_id",)

    case_id: Prop[NonEmptyStr] = arg(replace_on_changes=True, reference=True)
    """UUID or key of the case, which has at most one Jira issue. Naming another case replaces the
    link."""
    jira_issue_url: Prop[NonEmptyStr | None] = arg(
        default=None, replace_on_changes=True, write_only=True
    )
    """URL of an existing issue. Changing it replaces the link."""
    jira_account_id: Prop[NonEmptyStr | None] = arg(
        default=None, replace_on_changes=True, write_only=True
    )
    """For a new issue: the Jira account that Datadog is connected to. Changing it replaces the
    link."""
    jira_project_id: Prop[NonEmptyStr | None] = arg(
        default=None, replace_on_changes=True, write_only=True
    )
    """For a new issue: the id of the Jira project. Changing it replaces the link."""
    issue_type_id: Prop[NonEmptyStr | None] = arg(
        default=None, replace_on_changes=True, write_only=True
    )
    """For a new issue: the id of the issue's type in Jira. Changing it replaces the link."""
    fields: Prop[Mapping[str, Input[object]] | None] = arg(
        default=None, replace_on_changes=True, write_only=True
    )
    """For a new issue: further fields by their name in Jira. Changing them replaces the link."""

    status: Prop[str | None] = computed()
    """`IN_PROGRESS`, `COMPLETED` or `FAILED`."""
    issue_id: Prop[str | None] = computed()
    """The issue's id in Jira."""
    issue_key: Prop[str | None] = computed()
    """The issue's key in Jira."""
    project_key: Prop[str | None] = computed()
    """The key of the issue's project in Jira."""
    issue_url: Prop[str | None] = computed()
    """The issue's URL in Jira."""

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Require either the URL of an existing issue, or all properties that a new issue needs."""
        by_url = "jira_issue_url" in declared
        for name in (*_REQUIRED_FOR_NEW, "fields"):
            if by_url and name in declared:
                yield name, _ONLY_FOR_NEW
        if not by_url:
            for name in _REQUIRED_FOR_NEW:
                if name not in declared:
                    yield name, "is missing: a new issue requires it (or declare jira_issue_url)"

    class Lifecycle(ExternalTicketLifecycle):
        """Links an existing issue, or requests a new issue. Reads the issue from the case."""

        attribute = "jira_issue"
        label = "Jira issue"

        def create(self, new: Values) -> LiveObject:
            """Link the existing issue, or request a new one and wait for it."""
            cases, case_id = self.client.cases, text(new["case_id"])
            if "jira_issue_url" in new:
                cases.link_jira_issue(case_id, text(new["jira_issue_url"]))
                with after_accepted_request():
                    return self.read(case_id, new) or LiveObject(case_id, new)
            attributes = {
                "jira_account_id": new["jira_account_id"],
                "project_id": new["jira_project_id"],
                "issue_type_id": new["issue_type_id"],
            }
            if "fields" in new:
                attributes["fields"] = new["fields"]
            cases.create_jira_issue(case_id, attributes)
            return self.wait_until_created(case_id)

        def wait_until_created(self, case_id: str) -> LiveObject:
            """Wait until Jira has created the issue. If Jira fails, unlink the failed issue."""
            try:
                return super().wait_until_created(case_id)
            except ExternalTicketFailedError as failure:
                # A failed issue on the case would block the next attempt (assumed).
                with suppress(NotFound):
                    self.client.cases.unlink_jira_issue(case_id)
                raise ExternalTicketFailedError(
                    f"{failure}; the failed issue was removed from the case"
                ) from failure

        def importable(self, live: LiveObject) -> Values:
            """The issue's URL. The API does not return the properties that are for a new issue."""
            return {"case_id": live.id, "jira_issue_url": live.values.get("issue_url")}

        def delete(self, id_: str, known: Values) -> None:
            """Remove the link. If the case is now linked to another issue, only warn."""
            live = self.read(id_, known)
            linked, managed = live and live.values.get("issue_url"), known.get("issue_url")
            if linked and managed and linked != managed:
                warn(f"case {id_} stays linked to {linked}: this stack manages only {managed}")
            else:
                self.client.cases.unlink_jira_issue(text(known["case_id"]))
