"""`read_ics`: reads the events of a calendar as maintenance windows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final, cast
from zoneinfo import ZoneInfo

from pulumi_datadog_cases.components.component import ComponentError
from pulumi_datadog_cases.components.maintenance_calendar import MaintenanceCalendarWindowArgs

try:
    import icalendar
    import recurring_ical_events  # type: ignore[import-untyped] # it has no types
except ImportError as error:
    raise ImportError(
        "read_ics requires icalendar and recurring-ical-events: "
        "pip install 'pulumi-datadog-cases[calendar]'"
    ) from error

#: Properties of an event that define when it takes place.
_TIME_PROPERTIES: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"})
_NO_CALENDAR: Final = (
    "a calendar begins with BEGIN:VCALENDAR; a downloaded file may be a login page instead"
)
_NO_ZONE: Final = 'has no time zone: pass one to read_ics, such as timezone="Europe/Berlin"'


def read_ics(
    source: Path | str, *, first_day: date, last_day: date, timezone: str | None = None
) -> dict[str, MaintenanceCalendarWindowArgs]:
    """Read a calendar (RFC 5545, also called ICS or iCal) for a `MaintenanceCalendar`.

    Each event becomes a window. The window's key is the event's UID, and its name is the event's
    summary. If an event recurs, each occurrence becomes a window. The key is then the UID and the
    original date, so it stays the same if the occurrence is moved or renamed. Cancelled events are
    omitted.

    A calendar does not say which cases a window applies to. Pass a `query` for all windows to the
    `MaintenanceCalendar`, or set one for each window:

        windows = components.read_ics(path, first_day=date(2027, 1, 1), last_day=date(2027, 3, 31))
        for window in windows.values():
            window["query"] = ...

    Times are local times of the calendar. So an event from 01:00 to 04:00 takes two or four hours
    in a night in which the clock changes. An event in an hour that the clock skips takes place
    right after that hour. Whole days, and times without a zone, are in `timezone`. If all
    occurrences of a recurring event are moved at once, their keys change and their windows are
    replaced.

    Requires the extra `calendar`: `pip install 'pulumi-datadog-cases[calendar]'`.

    Args:
        source: the calendar's file, or its text.
        first_day: events that end before this day (in UTC) are omitted. Use a fixed day. With
            `date.today()`, each deployment deletes the windows that have ended since the previous
            deployment.
        last_day: events that begin after this day (in UTC) are omitted.
        timezone: name of a time zone, such as `Europe/Berlin`. By default the time zone of the
            calendar (`X-WR-TIMEZONE`), if it has one.

    Raises:
        ComponentError: the source is not a calendar, or has events that cannot be windows. The
            message lists all such events, with the reason and what to do.
    """
    if last_day < first_day:
        raise ComponentError(f"read_ics: last_day {last_day} is before first_day {first_day}")
    calendar, where = _parse(source)
    converter = _EventConverter(
        begin=datetime.combine(first_day, time.min, UTC),
        end=datetime.combine(last_day, time.max, UTC),
        zone=_zone(timezone or calendar.get("X-WR-TIMEZONE"), where),
    )
    by_uid: defaultdict[str, list[icalendar.Event]] = defaultdict(list)
    for event in calendar.events:
        by_uid[str(event.get("UID", ""))].append(event)
    windows: dict[str, MaintenanceCalendarWindowArgs] = {}
    errors: list[str] = []
    for series in by_uid.values():
        try:
            windows.update(converter.windows(series))
        except ValueError as error:
            errors.append(f"{where}: {_label(series[0])}: {error}")
    if errors:
        raise ComponentError(*errors)
    return windows


class _EventConverter:
    """Converts events to windows. Omits events outside a time span."""

    def __init__(self, begin: datetime, end: datetime, zone: ZoneInfo | None) -> None:
        self._begin, self._end, self._zone = begin, end, zone

    def windows(
        self, series: Sequence[icalendar.Event]
    ) -> Iterator[tuple[str, MaintenanceCalendarWindowArgs]]:
        """Yield the key and the window of each occurrence of the events with one UID.

        Raises:
            ValueError: an event cannot be a window. The message is the reason.
        """
        for event in series:
            _check(event)
        recurs = any({"RRULE", "RDATE", "RECURRENCE-ID"} & event.keys() for event in series)
        has_duration = any("DURATION" in event for event in series)
        # Each series gets its own calendar, so that an error is known to belong to this series.
        single = icalendar.Calendar()
        for event in series:
            single.add_component(event)
        found = recurring_ical_events.of(single).between(self._begin, self._end)
        occurrences = cast("list[icalendar.Event]", found)
        for occurrence in occurrences:
            if str(occurrence.get("STATUS")).upper() == "CANCELLED":
                continue
            uid = str(occurrence["UID"])
            start, end = self._span(occurrence, has_duration=has_duration)
            yield (
                f"{uid}-{self._occurrence_key(occurrence)}" if recurs else uid,
                {
                    "name": str(occurrence.get("SUMMARY", "")).strip() or uid,
                    "start_at": _rfc_3339(start),
                    "end_at": _rfc_3339(end),
                },
            )

    def _span(
        self, occurrence: icalendar.Event, *, has_duration: bool
    ) -> tuple[datetime, datetime]:
        begins, ends = _local_time(occurrence.start), _local_time(occurrence.end)
        duration = ends - begins
        if not duration:
            raise ValueError("ends when it begins: set a later end")
        start, end = self._instant(begins), self._instant(ends)
        # An event with a duration in hours lasts exactly that long (RFC 5545, 3.3.6), even if the
        # clock changes. If an event begins in an hour that the clock skips, its end in UTC may not
        # be after its start. Such an event gets the duration that it has in local time.
        if end <= start or (has_duration and duration < timedelta(days=1)):
            end = start + duration
        return start, end

    def _occurrence_key(self, occurrence: icalendar.Event) -> str:
        """Return the key of an occurrence in its series: the original time of the occurrence."""
        identity: icalendar.vDDDTypes = occurrence.get("RECURRENCE-ID")
        # With RANGE=THISANDFUTURE, all moved occurrences have the same RECURRENCE-ID: the original
        # time of the first of them. So their own times distinguish them.
        at = occurrence.start if "RANGE" in identity.params else identity.dt
        if isinstance(at, datetime):
            return f"{self._instant(at):%Y%m%dT%H%M%SZ}"
        return f"{at:%Y%m%d}"

    def _instant(self, at: datetime) -> datetime:
        """Convert a local time of the calendar to UTC."""
        if at.tzinfo is None:
            if self._zone is None:
                raise ValueError(_NO_ZONE)
            at = at.replace(tzinfo=self._zone)
        return at.astimezone(UTC)


def _local_time(at: date) -> datetime:
    """Convert a whole day to its beginning; return a local time unchanged."""
    return at if isinstance(at, datetime) else datetime.combine(at, time.min)


def _check(event: icalendar.Event) -> None:
    """Reject events that the calendar libraries would misread or report with an unclear error."""
    if not event.get("UID"):
        raise ValueError(
            "has no UID, which identifies its window in the stack: add a permanent one"
        )
    for name, problem in event.errors:
        if name in _TIME_PROPERTIES or name == "RECURRENCE-ID":
            raise ValueError(f"{name} cannot be read: {problem}")
    for name in ("DTSTART", "DTEND"):
        at: icalendar.vDDDTypes | None = event.get(name)
        zone = at.params.get("TZID") if at else None
        if at and zone and getattr(at.dt, "tzinfo", None) is None:
            raise ValueError(f'{name} is in the time zone "{zone}", which is unknown: use another')
    begins, ends = _local_time(event.start), _local_time(event.end)
    if (begins.tzinfo is None) is not (ends.tzinfo is None):
        raise ValueError("has a time zone at one end only: add one to both")
    if ends < begins:
        raise ValueError(f"ends at {ends}, before it begins at {begins}: swap them")


def _parse(source: Path | str) -> tuple[icalendar.Calendar, str]:
    """Parse a calendar; return the calendar, and the name by which errors refer to it."""
    where = str(source) if isinstance(source, Path) else "calendar"
    try:
        text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
        calendar = icalendar.Calendar.from_ical(text)
    except OSError as error:
        raise ComponentError(f"{where} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ComponentError(f"{where} is not a calendar: {error}; {_NO_CALENDAR}") from error
    if calendar.name != "VCALENDAR":
        raise ComponentError(f"{where} is not a calendar, but a {calendar.name}; {_NO_CALENDAR}")
    return calendar, where


def _zone(name: str | None, where: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, KeyError):  # KeyError: the zone is unknown
        raise ComponentError(
            f'{where}: unknown time zone "{name}": pass one to read_ics, such as '
            'timezone="Europe/Berlin"'
        ) from None


def _label(event: icalendar.Event) -> str:
    """Return the text that identifies an event in errors: its summary, and its UID or time."""
    parts = [f'event "{event.get("SUMMARY", "")}"']
    if uid := event.get("UID"):
        parts.append(f"(UID {uid})")
    elif "DTSTART" in event:
        parts.append(f"of {event.get('DTSTART').to_ical().decode()}")
    return " ".join(parts)


def _rfc_3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
