"""`read_ics`: the events of a calendar as maintenance windows."""

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
        "read_ics needs icalendar and recurring-ical-events: "
        "pip install 'pulumi-datadog-cases[calendar]'"
    ) from error

#: What of an event says when it takes place.
_WHEN: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"})
_NO_CALENDAR: Final = "a calendar begins with BEGIN:VCALENDAR (a web page often asks for a login)"
_NO_ZONE: Final = 'names no time zone: give read_ics one, such as timezone="Europe/Berlin"'


def read_ics(
    source: Path | str, *, first_day: date, last_day: date, timezone: str | None = None
) -> dict[str, MaintenanceCalendarWindowArgs]:
    """Read a calendar (RFC 5545: what others call ICS or iCal) for a `MaintenanceCalendar`.

    An event becomes a window under its UID, with its summary as the name; where it recurs, each
    time that it takes place, under UID and date, which a single one that is moved or renamed keeps.
    Cancelled events are left out. No calendar says which cases a window is about: give the
    `MaintenanceCalendar` a query for all of them, or each its own:

        windows = components.read_ics(path, first_day=date(2027, 1, 1), last_day=date(2027, 3, 31))
        for window in windows.values():
            window["query"] = ...

    Times are those that the calendar shows: from 01:00 to 04:00 are two hours or four in the nights
    in which clocks change, and an event in the hour that they skip takes place right after it.
    Whole days, and times without a zone, are in `timezone`. A series that is moved as a whole is
    another one, with windows of its own.

    Needs the extra `calendar`: `pip install 'pulumi-datadog-cases[calendar]'`.

    Args:
        source: the calendar's file, or its text.
        first_day: what has ended before this day (in UTC) is left out. State a day: with
            `date.today()` every deployment deletes the windows that have ended since the last.
        last_day: what begins after this day (in UTC) is left out.
        timezone: name of a zone, `Europe/Berlin`; by default the calendar's own, if it says one
            (`X-WR-TIMEZONE`).

    Raises:
        ComponentError: it is no calendar, or has events that cannot be windows: all of these are
            named, with what is wrong and what to do.
    """
    if last_day < first_day:
        raise ComponentError(f"read_ics: last_day {last_day} is before first_day {first_day}")
    calendar, where = _parse(source)
    reader = _Reader(
        begin=datetime.combine(first_day, time.min, UTC),
        end=datetime.combine(last_day, time.max, UTC),
        zone=_zone(timezone or calendar.get("X-WR-TIMEZONE"), where),
    )
    by_uid: defaultdict[str, list[icalendar.Event]] = defaultdict(list)
    for event in calendar.events:
        by_uid[str(event.get("UID", ""))].append(event)
    windows: dict[str, MaintenanceCalendarWindowArgs] = {}
    faults: list[str] = []
    for series in by_uid.values():
        try:
            windows.update(reader.windows(series))
        except ValueError as fault:
            faults.append(f"{where}: {_label(series[0])}: {fault}")
    if faults:
        raise ComponentError(*faults)
    return windows


class _Reader:
    """Windows of the events that take place in a span of time."""

    def __init__(self, begin: datetime, end: datetime, zone: ZoneInfo | None) -> None:
        self._begin, self._end, self._zone = begin, end, zone

    def windows(
        self, series: Sequence[icalendar.Event]
    ) -> Iterator[tuple[str, MaintenanceCalendarWindowArgs]]:
        """The windows of all events with one UID, by key.

        Raises:
            ValueError: they cannot be windows, and why.
        """
        for event in series:
            _examine(event)
        recurs = any({"RRULE", "RDATE", "RECURRENCE-ID"} & event.keys() for event in series)
        is_measured = any("DURATION" in event for event in series)
        # By itself, so that what cannot be read in it is known to be in this one.
        alone = icalendar.Calendar()
        for event in series:
            alone.add_component(event)
        found = recurring_ical_events.of(alone).between(self._begin, self._end)
        occurrences = cast("list[icalendar.Event]", found)
        for occurrence in occurrences:
            if str(occurrence.get("STATUS")).upper() == "CANCELLED":
                continue
            uid = str(occurrence["UID"])
            start, end = self._span(occurrence, is_measured=is_measured)
            yield (
                f"{uid}-{self._which(occurrence)}" if recurs else uid,
                {
                    "name": str(occurrence.get("SUMMARY", "")).strip() or uid,
                    "start_at": _spelt(start),
                    "end_at": _spelt(end),
                },
            )

    def _span(self, occurrence: icalendar.Event, *, is_measured: bool) -> tuple[datetime, datetime]:
        begins, ends = _shown(occurrence.start), _shown(occurrence.end)
        lasts = ends - begins
        if not lasts:
            raise ValueError("ends when it begins: give it an end")
        start, end = self._instant(begins), self._instant(ends)
        # Hours of a duration are exact (RFC 5545, 3.3.6), where an end is what clocks show then;
        # and clocks that skip an hour may leave nothing of an event.
        if end <= start or (is_measured and lasts < timedelta(days=1)):
            end = start + lasts
        return start, end

    def _which(self, occurrence: icalendar.Event) -> str:
        """Which one of a series it is: the time at which it was to take place, whenever it does."""
        identity: icalendar.vDDDTypes = occurrence.get("RECURRENCE-ID")
        # "This and all that follow" are told by the time of the first.
        at = occurrence.start if "RANGE" in identity.params else identity.dt
        if isinstance(at, datetime):
            return f"{self._instant(at):%Y%m%dT%H%M%SZ}"
        return f"{at:%Y%m%d}"

    def _instant(self, at: datetime) -> datetime:
        """A time that the calendar shows, in UTC."""
        if at.tzinfo is None:
            if self._zone is None:
                raise ValueError(_NO_ZONE)
            at = at.replace(tzinfo=self._zone)
        return at.astimezone(UTC)


def _shown(at: date) -> datetime:
    """A time that the calendar shows; of a day its beginning."""
    return at if isinstance(at, datetime) else datetime.combine(at, time.min)


def _examine(event: icalendar.Event) -> None:
    """Refuse what the libraries would read somehow, or with an error that nobody understands."""
    if not event.get("UID"):
        raise ValueError("has no UID, by which the stack could know it: give it one that stays")
    for name, problem in event.errors:
        if name in _WHEN or name == "RECURRENCE-ID":
            raise ValueError(f"{name} cannot be read: {problem}")
    for name in ("DTSTART", "DTEND"):
        at: icalendar.vDDDTypes | None = event.get(name)
        zone = at.params.get("TZID") if at else None
        if at and zone and getattr(at.dt, "tzinfo", None) is None:
            raise ValueError(
                f'{name} is in the time zone "{zone}", which is not known: name another'
            )
    begins, ends = _shown(event.start), _shown(event.end)
    if (begins.tzinfo is None) is not (ends.tzinfo is None):
        raise ValueError("has a time zone at one end only: give both one")
    if ends < begins:
        raise ValueError(f"ends at {ends}, before it begins at {begins}: swap them")


def _parse(source: Path | str) -> tuple[icalendar.Calendar, str]:
    """A calendar, and what to call it in errors."""
    where = str(source) if isinstance(source, Path) else "calendar"
    try:
        text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
        calendar = icalendar.Calendar.from_ical(text)
    except OSError as error:
        raise ComponentError(f"{where} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ComponentError(f"{where} is no calendar: {error}; {_NO_CALENDAR}") from error
    if calendar.name != "VCALENDAR":
        raise ComponentError(f"{where} is no calendar, but a {calendar.name}; {_NO_CALENDAR}")
    return calendar, where


def _zone(name: str | None, where: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, KeyError):  # KeyError is what an unknown zone is
        raise ComponentError(
            f'{where}: there is no time zone "{name}": give read_ics one, such as '
            'timezone="Europe/Berlin"'
        ) from None


def _label(event: icalendar.Event) -> str:
    """An event as people know it, as far as it says anything."""
    told = [f'event "{event.get("SUMMARY", "")}"']
    if uid := event.get("UID"):
        told.append(f"(UID {uid})")
    elif "DTSTART" in event:
        told.append(f"of {event.get('DTSTART').to_ical().decode()}")
    return " ".join(told)


def _spelt(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
