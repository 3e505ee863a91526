"""`OrganizationGuard`: keeps each object in the organization in which it was created.

If a run has the keys of another organization, the API responds as if the object had been deleted. A
refresh would then forget the object, and `pulumi up` would create it again. To prevent this, a
hidden output in the state of each object records the object's organization.
"""

import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Self

from pulumi_datadog_cases.engine.lifecycle import Organization
from pulumi_datadog_cases.engine.plugin_host import urn_of_call
from pulumi_datadog_cases.engine.resource_type import AnyLifecycle, ResourceType
from pulumi_datadog_cases.engine.safety.intent_log import IntentLog
from pulumi_datadog_cases.engine.values import Value, Values

#: The name of the hidden output. Pulumi stores an output whose name begins with two underscores,
#: but does not show it. A new value of such an output does not count as a change (tried).
RECORD = "__organization"


class WrongOrganizationError(Exception):
    """An object was not changed: it may belong to another organization than the keys."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class _Record:
    """The value of the hidden output."""

    #: None if the API did not reveal the organization of the keys.
    organization: Organization | None
    #: The account name of the lifecycle that wrote the record. Equal names mean one organization.
    account: str

    @classmethod
    def of(cls, known: Values) -> Self | None:
        """Return the record in a state; None if there is none, as in states of release 0.1.0."""
        match known.get(RECORD):
            case {"id": str(id_), "label": str(label), "account": str(account)}:
                return cls(Organization(id_, label), account)
            case {"account": str(account)}:
                return cls(None, account)
            case _:
                return None

    def output(self) -> dict[str, Value]:
        """Return the hidden output by its name."""
        organization = asdict(self.organization) if self.organization else {}
        return {RECORD: {**organization, "account": self.account}}


@dataclass(frozen=True)
class OrganizationGuard:
    """Checks that objects of one resource type belong to the organization of the keys.

    The state records the organization, and the account name (`Lifecycle.account`) of the run that
    wrote the record. If this run has the same account name, no request is needed. Otherwise the
    keys are of another organization, or are new keys of the same organization. To tell these cases
    apart, the lifecycle requests the organization of the keys. This organization stays unknown if,
    for example, the keys lack the permission to read it. In this case, an object that the keys can
    read belongs to their organization. An object that they cannot find may exist in another one.
    """

    resource_type: ResourceType
    lifecycle: AnyLifecycle
    intents: IntentLog
    #: The URNs for which `check_plan` could not request the organization.
    unchecked: set[str] = field(default_factory=set[str])

    def check(self, id_: str, known: Values) -> None:
        """Refuse to read, change or delete an object of another organization.

        Args:
            id_: the object's id.
            known: the outputs in the state.

        Raises:
            WrongOrganizationError: the object belongs to another organization.
            Exception: the request for the organization failed.
        """
        record = _Record.of(known)
        if record is None or record.account == self.lifecycle.account:
            return
        current = self.lifecycle.organization()
        if current and record.organization and current.id != record.organization.id:
            urn = urn_of_call()
            raise WrongOrganizationError(
                f"{self.resource_type.name} {id_} was not touched: it belongs to the organisation "
                f"{record.organization.label}, but the keys belong to {current.label}. Set the "
                "keys and the site of the first one (`provider=`, stack config or environment) "
                "and run `pulumi up`, or select the stack of the second one with `pulumi stack "
                "select`. To leave the object where it is and not manage it any more, run `pulumi "
                f"state delete '{urn or '<urn>'}'`"
            )

    def absence_is_certain(self, known: Values) -> bool:
        """Whether an object that the keys cannot find is certainly deleted. Call `check` first.

        A state without a record, as of release 0.1.0, counts as certain.

        Args:
            known: the outputs in the state.
        """
        record = _Record.of(known)
        if record is None or record.account == self.lifecycle.account:
            return True
        return bool(record.organization and self.lifecycle.organization())

    def check_absence(self, id_: str, known: Values) -> None:
        """Refuse to treat an object as deleted that may exist in another organization.

        Raises:
            WrongOrganizationError: the object may belong to another organization.
        """
        if not self.absence_is_certain(known):
            raise WrongOrganizationError(
                f"{self.resource_type.name} {id_} seems to be deleted, but it may belong to "
                "another organisation: the state was written with other keys, and the organisation "
                "of those or of the current keys is unknown. Set the keys of the last successful "
                "run, or keys with the permission to read their organisation (`datadog-cases "
                "doctor` checks it), and run `pulumi up --refresh`. If the object is deleted, run "
                f"`pulumi state delete '{urn_of_call() or '<urn>'}'`"
            )

    def check_plan(self, urn: str | None, id_: str, known: Values) -> None:
        """Check an object for a preview, which has to work without a connection.

        This method checks the same as `check`, but raises no error if the request for the
        organization fails. The operation after the preview checks again.

        Raises:
            WrongOrganizationError: the object belongs to another organization.
        """
        try:
            self.check(id_, known)
        except WrongOrganizationError:
            raise
        except Exception:  # noqa: BLE001 - the operation after the preview raises it
            if urn:
                self.unchecked.add(urn)

    def prepare_create(self, urn: str | None) -> None:
        """Start the request for the organization, usually without waiting for the response.

        Wait for the response only in two cases:

        1. The create replaces an object that `check_plan` could not check.
        2. The log (`IntentLog`) does not know the organization of the keys yet. A killed run may
           have logged creates with other keys of the same organization.

        Raises:
            Exception: the request for the organization failed.
        """
        if urn in self.unchecked:
            self.lifecycle.organization()
        first_request = self._first_request
        if not self.intents.is_identified:
            first_request.join()

    def record_created(self) -> dict[str, Value]:
        """Return the hidden output to store for a new object."""
        self._first_request.join()
        return self.record({}, found=True)

    @cached_property
    def _first_request(self) -> threading.Thread:
        """The thread that requests the organization. It starts when this property is first read."""

        def request() -> None:
            with suppress(Exception):
                if organization := self.lifecycle.organization():
                    self.intents.identify(organization.id)

        thread = threading.Thread(target=request, name="organization", daemon=True)
        thread.start()
        return thread

    def record(self, known: Values, *, found: bool) -> dict[str, Value]:
        """Return the hidden output to store for an object that was created, read or updated.

        Args:
            known: the outputs that the state contains now.
            found: whether a request with the current keys has found or changed the object.
        """
        record = _Record.of(known)
        if record is None or record.account != self.lifecycle.account:
            with suppress(Exception):  # the next refresh tries again
                current = self.lifecycle.organization()
                if current or found:
                    recorded = record.organization if record else None
                    record = _Record(current or recorded, self.lifecycle.account)
        return record.output() if record else {}
