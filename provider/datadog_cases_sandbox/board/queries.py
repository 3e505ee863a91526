"""Queries for the board's pages. They read the store and combine related objects."""

import json
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from datadog_cases_sandbox import clock
from datadog_cases_sandbox.endpoints import case_types, cases
from datadog_cases_sandbox.endpoints.automation_rules import AutomationRule
from datadog_cases_sandbox.endpoints.case_links import CaseLink
from datadog_cases_sandbox.endpoints.case_types import CaseType
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.comments import Comment
from datadog_cases_sandbox.endpoints.custom_attributes import CustomAttribute
from datadog_cases_sandbox.endpoints.maintenance_windows import MaintenanceWindow
from datadog_cases_sandbox.endpoints.notification_rules import NotificationRule
from datadog_cases_sandbox.endpoints.project_favorites import ProjectFavorite
from datadog_cases_sandbox.endpoints.projects import Project
from datadog_cases_sandbox.endpoints.users import User
from datadog_cases_sandbox.endpoints.views import CaseView
from datadog_cases_sandbox.endpoints.watchers import Watcher
from datadog_cases_sandbox.rules import triggers
from datadog_cases_sandbox.rules.evaluator import RuleOutcome
from datadog_cases_sandbox.rules.recorder import RuleEvaluation
from datadog_cases_sandbox.store import Store

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

GROUPS: Final = [*case_types.DEFAULT_STATUSES]

COLORS: Final = 6
"""The number of avatar colours."""

LINK_TEXTS: Final = {
    "RELATES_TO": ("relates to", "relates to"),
    "CAUSES": ("causes", "is caused by"),
    "BLOCKS": ("blocks", "is blocked by"),
    "DUPLICATES": ("duplicates", "is duplicated by"),
    "PARENT_OF": ("is the parent of", "is a child of"),
    "SUCCESSOR_OF": ("comes after", "comes before"),
    "ESCALATES_TO": ("escalates to", "is escalated from"),
}
"""Two texts for each relationship: for the page of the parent and for that of the child."""


class Person(NamedTuple):
    """A user on a page.

    Attributes:
        id: The user's id.
        name: The user's name. Without a name, it is the email; for an unknown user, it is the id.
        initials: One or two letters.
        color: The number of the avatar's colour.
    """

    id: str
    name: str
    initials: str
    color: int


class Column(NamedTuple):
    """A column of the board: the cases of a status.

    Attributes:
        status: The status.
        group: `open`, `in_progress` or `closed`.
        cases: The cases, sorted by priority. Among cases with the same priority, newer cases come
            first. All archived cases come after the cases that are not archived.
    """

    status: str
    group: str
    cases: list[Case]


class TimelineEntry(NamedTuple):
    """An entry of a case's timeline.

    Attributes:
        at: The time of the entry.
        text: What happened.
        actor: The user who caused the event, if known.
        comment: The comment, if the entry is a comment.
        outcomes: The outcomes of the rules that were evaluated for the event.
    """

    at: str
    text: str
    actor: Person | None = None
    comment: Comment | None = None
    outcomes: Sequence[RuleOutcome] = ()


class LinkRow(NamedTuple):
    """A link of a case on its page.

    Attributes:
        id: The link's id.
        text: The description of the relationship for the page of the case; see `LINK_TEXTS`.
        other: Type and id of the entity at the other end.
        case: The case at the other end; None if that entity is not a case.
    """

    id: str
    text: str
    other: str
    case: Case | None


class Queries:
    """Queries of the store for one page.

    Attributes:
        projects: All projects by id, oldest first.
        types: All case types by id, including deleted ones.
        users: All users by id.

    Args:
        store: The store.
    """

    priorities: Final = cases.PRIORITIES

    def __init__(self, store: Store) -> None:
        self._store = store
        self.projects = {project.id: project for project in store.list(Project)}
        self.types = {case_type.id: case_type for case_type in store.list(CaseType)}
        self.users = {user.id: user for user in store.list(User)}

    # --- cases ---------------------------------------------------------------------------------

    def cases(self, project: Project | None = None) -> list[Case]:
        """All cases, or those of a project, oldest first."""
        return self._store.list(Case, project.id if project else None)

    def case(self, name: str) -> Case | None:
        """The case with this key or id."""
        return self._store.find(Case, name)

    def project(self, key: str | None) -> Project | None:
        """The project with this key."""
        return next((project for project in self.projects.values() if project.key == key), None)

    def project_of(self, record: Case | AutomationRule | NotificationRule | CaseView) -> Project:
        """The project of a record."""
        return self.projects[record.project_id]

    def type_of(self, case: Case) -> CaseType:
        """The type of a case."""
        return self.types[case.type_id]

    def statuses(self, case: Case) -> list[str]:
        """The statuses that a case can have."""
        return [name for names in self.type_of(case).statuses.values() for name in names]

    def group(self, case: Case) -> str:
        """The group of a case's status."""
        return cases.status_group(self.type_of(case), case.status_name)

    def columns(self, selected: list[Case]) -> list[Column]:
        """The columns of the board.

        There is a column for each default status, and for each other status that the types of the
        selected cases have.
        """
        types = {case.type_id: self.types[case.type_id].statuses for case in selected}
        statuses = {
            name: group
            for each in (case_types.DEFAULT_STATUSES, *types.values())
            for group, names in each.items()
            for name in names
        }
        by_status: dict[str, list[Case]] = {name: [] for name in statuses}
        for case in reversed(selected):
            by_status[case.status_name].append(case)
        columns = [
            Column(name, group, sorted(by_status[name], key=_sort_key))
            for name, group in statuses.items()
        ]
        return sorted(columns, key=lambda column: GROUPS.index(column.group))

    def case_choices(self) -> dict[str, list[tuple[str, str]]]:
        """The values among which a person chooses for a new case, each with its text."""
        types = [each for each in self.types.values() if each.deleted_at is None]
        statuses = {
            name: name for each in types for names in each.statuses.values() for name in names
        }
        return {
            "type_id": [(each.id, f"{each.emoji} {each.name}".strip()) for each in types],
            "priority": [(name, name) for name in self.priorities],
            "status_name": [*statuses.items()],
        }

    def event_choices(self) -> dict[str, list[str]]:
        """The values among which a person chooses for the event of a simulation."""
        return {
            "event": [name.lower() for name in triggers.BY_NAME],
            "project": [project.key for project in self.projects.values()],
            "type": [each.name for each in self.types.values() if each.deleted_at is None],
            "priority": [*self.priorities],
        }

    def is_overdue(self, case: Case) -> bool:
        """Whether a case is not closed and its due date has passed."""
        due = case.due_date
        return due is not None and due < clock.microseconds()[:10] and self.group(case) != "closed"

    # --- related objects of a case -------------------------------------------------------------

    def timeline(self, case: Case) -> list[TimelineEntry]:
        """The events of a case that the store knows, oldest first."""
        creator = self.person(case.created_by)
        entries = [TimelineEntry(case.created_at, "created the case", creator)]
        for comment in self._store.list(Comment, case.id):
            if comment.deleted_at is None:
                author = self.person(comment.author_id)
                entries.append(TimelineEntry(comment.created_at, "commented", author, comment))
        entries.extend(
            TimelineEntry(evaluation.at, evaluation.change, outcomes=evaluation.outcomes)
            for evaluation in self._store.list(RuleEvaluation, case.id)
        )
        if case.closed_at is not None:
            entries.append(TimelineEntry(case.closed_at, "the case was closed"))
        if case.archived_at is not None:
            entries.append(TimelineEntry(case.archived_at, "the case was archived"))
        return sorted(entries, key=lambda entry: _comparable(entry.at))

    def assignable_people(self, case: Case) -> list[Person]:
        """The users to whom a case can be assigned, and the current assignee."""
        ids = dict.fromkeys([*self.users, *filter(None, [case.assignee_id])])
        return [self.person(user_id) for user_id in ids]

    def watchers(self, case: Case) -> list[Person]:
        """The watchers of a case."""
        return [self.person(watcher.user_id) for watcher in self._store.list(Watcher, case.id)]

    def other_people(self, case: Case) -> list[Person]:
        """The users who do not watch a case."""
        watching = {person.id for person in self.watchers(case)}
        return [self.person(user_id) for user_id in self.users if user_id not in watching]

    def links(self, case: Case) -> list[LinkRow]:
        """The links of a case."""
        return [
            self._link_row(link, ("CASE", case.id)) for link in self._store.list(CaseLink, case.id)
        ]

    def _link_row(self, link: CaseLink, this_end: tuple[str, str]) -> LinkRow:
        from_parent, from_child = LINK_TEXTS[link.relationship]
        text, other = (
            (from_parent, link.child) if link.parent == this_end else (from_child, link.parent)
        )
        entity_type, entity_id = other
        case = self.case(entity_id) if entity_type == "CASE" else None
        return LinkRow(link.id, text, f"{entity_type.replace('_', ' ').lower()} {entity_id}", case)

    def names(self, path: str) -> list[str]:
        """The keys or names of the existing objects whose ids are in a path."""
        stored = [self._store.stored(step) for step in UUID.findall(path)]
        objects = [json.loads(body) for _resource_type, body in filter(None, stored)]
        names = [
            each.get("key") or each.get("name") or each.get("display_name") for each in objects
        ]
        return [name for name in names if name]

    # --- other objects -------------------------------------------------------------------------

    def person(self, user_id: str) -> Person:
        """The user with this id, as shown on pages. The store need not have this user."""
        user = self.users.get(user_id)
        name = (user.name or user.email) if user else user_id
        initials = "".join(word[0] for word in name.split()[:2]).upper()
        return Person(user_id, name, initials, sum(user_id.encode()) % COLORS)

    def rules(self, project: Project) -> list[AutomationRule]:
        """The automation rules of a project."""
        return self._store.list(AutomationRule, project.id)

    def notification_rules(self, project: Project) -> list[NotificationRule]:
        """The notification rules of a project."""
        return self._store.list(NotificationRule, project.id)

    def views(self, project: Project) -> list[CaseView]:
        """The saved views of a project."""
        return self._store.list(CaseView, project.id)

    def is_favorite(self, project: Project) -> bool:
        """Whether a project is a favourite of the sandbox's service account."""
        return bool(self._store.list(ProjectFavorite, project.id))

    def attributes(self, case_type: CaseType) -> list[CustomAttribute]:
        """The custom attributes of a case type."""
        return self._store.list(CustomAttribute, case_type.id)

    def label(self, case_type: CaseType, key: str) -> str:
        """The display name of a custom attribute, or its key if the attribute is not defined."""
        definitions = self.attributes(case_type)
        return next((each.display_name for each in definitions if each.key == key), key)

    def windows(self) -> list[tuple[MaintenanceWindow, str]]:
        """The maintenance windows, latest first, each with `over`, `active` or `upcoming`."""
        now = clock.microseconds()
        windows = sorted(
            self._store.list(MaintenanceWindow),
            key=lambda window: _comparable(window.start_at),
            reverse=True,
        )
        return [(window, _phase(window, now)) for window in windows]


def _sort_key(case: Case) -> tuple[bool, int]:
    return case.archived_at is not None, cases.PRIORITIES.index(case.priority)


def _phase(window: MaintenanceWindow, now: str) -> str:
    if _comparable(window.end_at) <= _comparable(now):
        return "over"
    return "active" if _comparable(window.start_at) <= _comparable(now) else "upcoming"


def _comparable(timestamp: str) -> str:
    # All timestamps are in UTC, so they are compared as texts. The `Z` is removed, because `45Z`
    # would sort after `45.5Z`.
    return timestamp.removesuffix("Z")
