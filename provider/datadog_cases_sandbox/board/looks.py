"""What pages show of the store: read anew for each page, with what belongs together joined."""

import json
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from datadog_cases_sandbox import clock
from datadog_cases_sandbox.families import case_types, cases
from datadog_cases_sandbox.families.automation_rules import Rule
from datadog_cases_sandbox.families.case_links import Link
from datadog_cases_sandbox.families.case_types import CaseType
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.families.comments import Comment
from datadog_cases_sandbox.families.custom_attributes import Config
from datadog_cases_sandbox.families.maintenance_windows import Window
from datadog_cases_sandbox.families.notification_rules import NotificationRule
from datadog_cases_sandbox.families.project_favorites import Favorite
from datadog_cases_sandbox.families.projects import Project
from datadog_cases_sandbox.families.users import User
from datadog_cases_sandbox.families.views import View
from datadog_cases_sandbox.families.watchers import Watcher
from datadog_cases_sandbox.rules.firings import Happening
from datadog_cases_sandbox.rules.judging import Verdict
from datadog_cases_sandbox.store import Store

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

GROUPS: Final = [*case_types.TRIO]

TONES: Final = 6
"""How many colours there are to tell people apart."""

MEANINGS: Final = {
    "RELATES_TO": ("relates to", "relates to"),
    "CAUSES": ("causes", "is caused by"),
    "BLOCKS": ("blocks", "is blocked by"),
    "DUPLICATES": ("duplicates", "is duplicated by"),
    "PARENT_OF": ("is the parent of", "is a child of"),
    "SUCCESSOR_OF": ("comes after", "comes before"),
    "ESCALATES_TO": ("escalates to", "is escalated from"),
}
"""What a link says of its parent, and of its child."""


class Person(NamedTuple):
    """A user, as shown beside what they did.

    Attributes:
        id: Their id.
        name: Their name, or what there is in its place.
        initials: One or two letters.
        tone: The number of their colour.
    """

    id: str
    name: str
    initials: str
    tone: int


class Column(NamedTuple):
    """The cases of a status.

    Attributes:
        status: Its name.
        group: `open`, `in_progress` or `closed`.
        cases: The archived last; of the others the most urgent first, and then the newest.
    """

    status: str
    group: str
    cases: list[Case]


class Event(NamedTuple):
    """Something that has happened to a case.

    Attributes:
        at: When.
        what: What it was.
        who: Whose doing it was, where that is known.
        comment: The comment, if it was one.
        verdicts: What became of the rules that looked at it.
    """

    at: str
    what: str
    who: Person | None = None
    comment: Comment | None = None
    verdicts: Sequence[Verdict] = ()


class Tie(NamedTuple):
    """A link, seen from one of its ends.

    Attributes:
        id: The link's id.
        meaning: What it says of this end.
        other: The other end: its type and id.
        case: The other end, if it is a case.
    """

    id: str
    meaning: str
    other: str
    case: Case | None


class Look:
    """The store at one moment.

    Attributes:
        projects: All projects by id, oldest first.
        types: All case types by id, the deleted included.
        users: All users by id.

    Args:
        store: What to look at.
    """

    priorities: Final = cases.PRIORITIES

    def __init__(self, store: Store) -> None:
        self._store = store
        self.projects = {one.id: one for one in store.list(Project)}
        self.types = {one.id: one for one in store.list(CaseType)}
        self.users = {one.id: one for one in store.list(User)}

    # --- cases ---------------------------------------------------------------------------------

    def cases(self, project: Project | None = None) -> list[Case]:
        """All cases, or those of a project, oldest first."""
        return self._store.list(Case, project.id if project else None)

    def case(self, name: str) -> Case | None:
        """The case of this key or id."""
        return self._store.find(Case, name)

    def project(self, key: str | None) -> Project | None:
        """The project of this key."""
        return next((one for one in self.projects.values() if one.key == key), None)

    def project_of(self, owned: Case | Rule | NotificationRule | View) -> Project:
        """The project that something is in."""
        return self.projects[owned.project_id]

    def type_of(self, case: Case) -> CaseType:
        """Its type."""
        return self.types[case.type_id]

    def statuses(self, case: Case) -> list[str]:
        """The statuses it can have."""
        return [name for names in self.type_of(case).statuses.values() for name in names]

    def group(self, case: Case) -> str:
        """The group its status is in."""
        return cases.group_of(self.type_of(case), case.status_name)

    def columns(self, found: list[Case]) -> list[Column]:
        """Cases by status: every status that one of them can have, and those most cases have."""
        types = {one.type_id: self.types[one.type_id].statuses for one in found}
        statuses = {
            name: group
            for each in (case_types.TRIO, *types.values())
            for group, names in each.items()
            for name in names
        }
        by_status: dict[str, list[Case]] = {name: [] for name in statuses}
        for case in reversed(found):
            by_status[case.status_name].append(case)
        columns = [
            Column(name, group, sorted(by_status[name], key=_place))
            for name, group in statuses.items()
        ]
        return sorted(columns, key=lambda column: GROUPS.index(column.group))

    def is_late(self, case: Case) -> bool:
        """Whether it should have been closed before today."""
        due = case.due_date
        return due is not None and due < clock.microseconds()[:10] and self.group(case) != "closed"

    # --- what belongs to a case ----------------------------------------------------------------

    def timeline(self, case: Case) -> list[Event]:
        """What is known to have happened to it, oldest first."""
        events = [Event(case.created_at, "created the case", self.person(case.created_by))]
        for comment in self._store.list(Comment, case.id):
            if comment.deleted_at is None:
                who = self.person(comment.author_id)
                events.append(Event(comment.created_at, "commented", who, comment))
        happenings = self._store.list(Happening, case.id)
        events.extend(Event(one.at, one.change, verdicts=one.verdicts) for one in happenings)
        if case.closed_at is not None:
            events.append(Event(case.closed_at, "the case was closed"))
        if case.archived_at is not None:
            events.append(Event(case.archived_at, "the case was archived"))
        return sorted(events, key=lambda event: _in_order(event.at))

    def people(self, case: Case) -> list[Person]:
        """Whom it can be assigned to: everybody, and whoever it is assigned to already."""
        ids = dict.fromkeys([*self.users, *filter(None, [case.assignee_id])])
        return [self.person(user_id) for user_id in ids]

    def watchers(self, case: Case) -> list[Person]:
        """Who watches it."""
        return [self.person(one.user_id) for one in self._store.list(Watcher, case.id)]

    def ties(self, case: Case) -> list[Tie]:
        """What it is linked to."""
        return [self._tie(link, ("CASE", case.id)) for link in self._store.list(Link, case.id)]

    def _tie(self, link: Link, here: tuple[str, str]) -> Tie:
        from_parent, from_child = MEANINGS[link.relationship]
        meaning, other = (
            (from_parent, link.child) if link.parent == here else (from_child, link.parent)
        )
        kind, entity_id = other
        case = self.case(entity_id) if kind == "CASE" else None
        return Tie(link.id, meaning, f"{kind.replace('_', ' ').lower()} {entity_id}", case)

    def names(self, path: str) -> list[str]:
        """What the objects are called whose ids are in a path, as far as they are there."""
        stored = [self._store.stored(step) for step in UUID.findall(path)]
        told = [json.loads(body) for _kind, body in filter(None, stored)]
        names = [one.get("key") or one.get("name") or one.get("display_name") for one in told]
        return [name for name in names if name]

    # --- everything else -----------------------------------------------------------------------

    def person(self, user_id: str) -> Person:
        """A user by id, who may be unknown here."""
        user = self.users.get(user_id)
        name = (user.name or user.email) if user else user_id
        initials = "".join(word[0] for word in name.split()[:2]).upper()
        return Person(user_id, name, initials, sum(user_id.encode()) % TONES)

    def rules(self, project: Project) -> list[Rule]:
        """Its automation rules."""
        return self._store.list(Rule, project.id)

    def notification_rules(self, project: Project) -> list[NotificationRule]:
        """Its notification rules."""
        return self._store.list(NotificationRule, project.id)

    def views(self, project: Project) -> list[View]:
        """Its saved views."""
        return self._store.list(View, project.id)

    def is_favorite(self, project: Project) -> bool:
        """Whether the owner of the keys has marked it."""
        return bool(self._store.list(Favorite, project.id))

    def attributes(self, case_type: CaseType) -> list[Config]:
        """The custom attributes of a case type."""
        return self._store.list(Config, case_type.id)

    def label(self, case_type: CaseType, key: str) -> str:
        """What people call a custom attribute."""
        configs = self.attributes(case_type)
        return next((one.display_name for one in configs if one.key == key), key)

    def windows(self) -> list[tuple[Window, str]]:
        """The maintenance windows, the latest first, each with `over`, `active` or `upcoming`."""
        now = clock.microseconds()
        windows = sorted(
            self._store.list(Window), key=lambda one: _in_order(one.start_at), reverse=True
        )
        return [(one, _phase(one, now)) for one in windows]


def _place(case: Case) -> tuple[bool, int]:
    return case.archived_at is not None, cases.PRIORITIES.index(case.priority)


def _phase(window: Window, now: str) -> str:
    if _in_order(window.end_at) <= _in_order(now):
        return "over"
    return "active" if _in_order(window.start_at) <= _in_order(now) else "upcoming"


def _in_order(moment: str) -> str:
    # All are in UTC; without the zone, a fraction comes after the whole second it belongs to.
    return moment.removesuffix("Z")
