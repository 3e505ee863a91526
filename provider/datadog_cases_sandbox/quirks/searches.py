"""Quirks of the search index, which searches, counts and aggregations read."""

import time
from typing import Annotated, ClassVar, Final, Generic, Literal, Self

from pydantic import Field, model_validator

from datadog_cases_sandbox.behaviours import K_co
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Handler
from datadog_cases_sandbox.quirks.base import Quirk
from datadog_cases_sandbox.store import Record, Store

INDEX_READS: Final = {("GET", "/cases"), ("GET", "/cases/count"), ("POST", "/cases/aggregate")}

Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


class IndexQuirk(Quirk[K_co], Generic[K_co]):
    """A quirk in which the cases in the search index differ from those in the store."""

    def matches(self, request: ApiRequest) -> bool:
        """Whether the request reads the index."""
        return (request.method, request.route) in INDEX_READS and super().matches(request)

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Handles a request that reads the index."""
        differs = False

        def indexed(record: Record) -> Record | None:
            nonlocal differs
            if not isinstance(record, Case):
                return record
            case = self._indexed(request.store, record)
            differs = differs or case != record
            return case

        with request.store.seen_as(indexed):
            response = proceed(request)
        self._applied += differs
        return response

    def _indexed(self, _store: Store, case: Case) -> Case | None:
        """The case in the index, or None if the index does not have it."""
        raise NotImplementedError


class HideArchivedCases(IndexQuirk[Literal["hide_archived_cases"]]):
    """Removes archived cases from the index."""

    def _indexed(self, _store: Store, case: Case) -> Case | None:
        return None if case.archived_at else case


class LagSearch(IndexQuirk[Literal["lag_search"]]):
    """Adds cases to the index, and updates them there, some seconds after the write.

    Attributes:
        new: The number of seconds until the index has a new case.
        changed: The number of seconds until the index has a change of a case.
        archived: The number of seconds until the index shows that a case was archived or
            unarchived.
    """

    needs_history: ClassVar[bool] = True
    new: Seconds = 0
    changed: Seconds = 0
    archived: Seconds = 0

    @model_validator(mode="after")
    def _lags(self) -> Self:
        if not (self.new or self.changed or self.archived):
            raise ValueError("new, changed or archived must be greater than 0")
        return self

    def _indexed(self, store: Store, case: Case) -> Case | None:
        now = time.monotonic()
        history = store.history
        if self.new and history.is_new(now - self.new, case.id):
            return None
        changed, archived = (
            Case.model_validate_json(body) if body else case
            for body in (
                history.body_as_of(now - seconds, case.id)
                for seconds in (self.changed, self.archived)
            )
        )
        return changed.model_copy(update={"archived_at": archived.archived_at})
