"""The exceptions with which a deployment fails. The API client and the lookups have their own."""

from pulumi_datadog_cases.engine.imports import ImportRefusedError
from pulumi_datadog_cases.engine.interruption import RunInterruptedError
from pulumi_datadog_cases.engine.lifecycle import ObjectGoneError
from pulumi_datadog_cases.engine.operations import HiddenObjectError, ObjectNotFoundError
from pulumi_datadog_cases.engine.program import InvalidProgramError
from pulumi_datadog_cases.engine.safety.adoption import AdoptionError
from pulumi_datadog_cases.engine.safety.create_once import (
    CreateIncompleteError,
    CreateRolledBackError,
)
from pulumi_datadog_cases.engine.safety.delete_guard import DeleteRefusedError
from pulumi_datadog_cases.engine.safety.organization import WrongOrganizationError
from pulumi_datadog_cases.engine.safety.ownership import ManagedTwiceError
from pulumi_datadog_cases.engine.safety.recovery import CreateOutcomeUnknownError
from pulumi_datadog_cases.resources._shared.case_ids import CaseKeyError
from pulumi_datadog_cases.resources._shared.external_ticket import ExternalTicketFailedError
from pulumi_datadog_cases.resources.project import KeyNotReleasedError, ProjectRejectedError

__all__ = [
    "AdoptionError",
    "CaseKeyError",
    "CreateIncompleteError",
    "CreateOutcomeUnknownError",
    "CreateRolledBackError",
    "DeleteRefusedError",
    "ExternalTicketFailedError",
    "HiddenObjectError",
    "ImportRefusedError",
    "InvalidProgramError",
    "KeyNotReleasedError",
    "ManagedTwiceError",
    "ObjectGoneError",
    "ObjectNotFoundError",
    "ProjectRejectedError",
    "RunInterruptedError",
    "WrongOrganizationError",
]
