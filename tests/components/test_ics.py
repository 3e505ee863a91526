"""Tests of `read_ics`.

Some calendars are handwritten. Others contain lines in the styles of Google, Outlook and Apple.
"""

from datetime import date
from pathlib import Path

import pytest

from pulumi_datadog_cases.components import ComponentError, read_ics

BERLIN = "TZID=Europe/Berlin"
UTC_HOURS = ("DTSTART:20270311T100000Z", "DTEND:20270311T120000Z")


def block(name: str, *lines: str) -> str:
    return "\r\n".join([f"BEGIN:{name}", *lines, f"END:{name}"])


def event(*lines: str) -> str:
    return block("VEVENT", *lines)


def calendar(*parts: str) -> str:
    return block("VCALENDAR", "VERSION:2.0", *parts)


def read(*parts: str, timezone: str | None = None) -> dict[str, tuple[object, object]]:
    """Return the start and end of each window in 2027, by the window's key."""
    windows = read_ics(
        calendar(*parts), first_day=date(2027, 1, 1), last_day=date(2027, 12, 31), timezone=timezone
    )
    return {key: (window["start_at"], window["end_at"]) for key, window in windows.items()}


def error_of(*parts: str) -> str:
    with pytest.raises(ComponentError) as error:
        read(*parts)
    return str(error.value)


# --- windows ---------------------------------------------------------------------------------


def test_event_becomes_window_by_uid() -> None:
    text = calendar(event("UID:a@acme", "SUMMARY:Network\\, all of it", *UTC_HOURS))
    assert read_ics(text, first_day=date(2027, 3, 11), last_day=date(2027, 3, 11)) == {
        "a@acme": {
            "name": "Network, all of it",
            "start_at": "2027-03-11T10:00:00Z",
            "end_at": "2027-03-11T12:00:00Z",
        }
    }


def test_event_without_summary_is_named_by_uid() -> None:
    text = calendar(event("UID:a@acme", *UTC_HOURS))
    windows = read_ics(text, first_day=date(2027, 1, 1), last_day=date(2027, 12, 31))
    assert windows["a@acme"].get("name") == "a@acme"


def test_file_with_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "maintenance.ics"
    text = calendar(event("UID:a", "SUMMARY:Wartung für alle", *UTC_HOURS))
    file.write_text(text, "utf-8-sig")  # "utf-8-sig" writes a byte order mark, as Windows does
    windows = read_ics(file, first_day=date(2027, 1, 1), last_day=date(2027, 12, 31))
    assert windows["a"].get("name") == "Wartung für alle"


def test_events_outside_days_are_omitted() -> None:
    text = calendar(
        event("UID:over", "DTSTART:20270309T100000Z", "DTEND:20270310T000000Z"),
        event("UID:lasting", "DTSTART:20270309T100000Z", "DTEND:20270310T000100Z"),
        event("UID:last", "DTSTART:20270311T235900Z", "DTEND:20270312T010000Z"),
        event("UID:later", "DTSTART:20270312T000000Z", "DTEND:20270312T010000Z"),
    )
    windows = read_ics(text, first_day=date(2027, 3, 10), last_day=date(2027, 3, 11))
    assert set(windows) == {"lasting", "last"}


def test_cancelled_events_and_occurrences_are_omitted() -> None:
    daily = event("UID:a", "RRULE:FREQ=DAILY;COUNT=3", *UTC_HOURS)
    off = event(
        "UID:a",
        "STATUS:CANCELLED",
        "RECURRENCE-ID:20270312T100000Z",
        "DTSTART:20270312T100000Z",
        "DTEND:20270312T120000Z",
    )
    assert set(read(daily, off, event("UID:b", "STATUS:Cancelled", *UTC_HOURS))) == {
        "a-20270311T100000Z",
        "a-20270313T100000Z",
    }


def test_other_calendar_components_are_ignored() -> None:
    assert read(block("VTODO", "UID:todo", "SUMMARY:Call")) == {}


# --- keys ------------------------------------------------------------------------------------


def weekly(*more: str, start: str = "20270311T100000Z", end: str = "20270311T120000Z") -> str:
    return event("UID:a", f"DTSTART:{start}", f"DTEND:{end}", "RRULE:FREQ=WEEKLY;COUNT=3", *more)


def test_occurrence_keys_survive_exceptions_and_moves() -> None:
    before = read(weekly())
    assert set(before) == {"a-20270311T100000Z", "a-20270318T100000Z", "a-20270325T100000Z"}
    moved = event(
        "UID:a",
        "RECURRENCE-ID:20270325T100000Z",
        "DTSTART:20270326T080000Z",
        "DTEND:20270326T090000Z",
    )
    after = read(weekly("EXDATE:20270311T100000Z"), moved)
    assert after == {
        "a-20270318T100000Z": before["a-20270318T100000Z"],
        "a-20270325T100000Z": ("2027-03-26T08:00:00Z", "2027-03-26T09:00:00Z"),
    }


def test_moved_occurrence_matches_any_recurrence_id_spelling() -> None:
    local = event(
        "UID:a",
        f"DTSTART;{BERLIN}:20270311T100000",
        f"DTEND;{BERLIN}:20270311T120000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )
    for identity in ("RECURRENCE-ID:20270318T090000Z", f"RECURRENCE-ID;{BERLIN}:20270318T100000"):
        moved = event("UID:a", identity, "DTSTART:20270319T080000Z", "DTEND:20270319T090000Z")
        assert set(read(local, moved)) == {"a-20270311T090000Z", "a-20270318T090000Z"}


def test_keys_do_not_depend_on_first_day() -> None:
    text = calendar(weekly())
    all_windows = read_ics(text, first_day=date(2027, 1, 1), last_day=date(2027, 12, 31))
    later = read_ics(text, first_day=date(2027, 3, 17), last_day=date(2028, 12, 31))
    assert later == {key: all_windows[key] for key in list(all_windows)[1:]}


def test_this_and_future_moves_have_distinct_keys() -> None:
    moved = event(
        "UID:a",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20270318T100000Z",
        "DTSTART:20270318T200000Z",
        "DTEND:20270318T210000Z",
    )
    assert set(read(weekly(), moved)) == {
        "a-20270311T100000Z",
        "a-20270318T200000Z",
        "a-20270325T200000Z",
    }


# --- time zones ------------------------------------------------------------------------------


def test_local_times_use_offset_of_their_day() -> None:
    assert read(
        event("UID:w", f"DTSTART;{BERLIN}:20270111T100000", f"DTEND;{BERLIN}:20270111T110000"),
        event("UID:s", f"DTSTART;{BERLIN}:20270711T100000", f"DTEND;{BERLIN}:20270711T110000"),
    ) == {
        "w": ("2027-01-11T09:00:00Z", "2027-01-11T10:00:00Z"),
        "s": ("2027-07-11T08:00:00Z", "2027-07-11T09:00:00Z"),
    }


def test_series_keeps_local_hour_across_clock_change() -> None:
    nights = event(
        "UID:n",
        f"DTSTART;{BERLIN}:20270321T010000",
        f"DTEND;{BERLIN}:20270321T040000",
        "RRULE:FREQ=WEEKLY;COUNT=3",
    )
    assert list(read(nights).values()) == [
        ("2027-03-21T00:00:00Z", "2027-03-21T03:00:00Z"),
        ("2027-03-28T00:00:00Z", "2027-03-28T02:00:00Z"),  # an hour shorter, because clocks change
        ("2027-04-03T23:00:00Z", "2027-04-04T02:00:00Z"),
    ]


def test_event_in_skipped_hour_starts_an_hour_later() -> None:
    skipped = event(
        "UID:n",
        f"DTSTART;{BERLIN}:20270321T023000",
        f"DTEND;{BERLIN}:20270321T030000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )
    assert list(read(skipped).values())[1] == ("2027-03-28T01:30:00Z", "2027-03-28T02:00:00Z")


def test_durations_in_hours_are_exact() -> None:
    start = f"DTSTART;{BERLIN}:20270328T010000"
    assert read(event("UID:h", start, "DURATION:PT3H"), event("UID:d", start, "DURATION:P1D")) == {
        "h": ("2027-03-28T00:00:00Z", "2027-03-28T03:00:00Z"),
        "d": ("2027-03-28T00:00:00Z", "2027-03-28T23:00:00Z"),
    }


def test_whole_days_use_given_or_calendar_zone() -> None:
    day = event("UID:d", "DTSTART;VALUE=DATE:20270327", "DTEND;VALUE=DATE:20270329")
    floating = event("UID:f", "DTSTART:20270701T100000", "DTEND:20270701T110000")
    in_berlin = {
        "d": ("2027-03-26T23:00:00Z", "2027-03-28T22:00:00Z"),
        "f": ("2027-07-01T08:00:00Z", "2027-07-01T09:00:00Z"),
    }
    assert read(day, floating, timezone="Europe/Berlin") == in_berlin
    assert read("X-WR-TIMEZONE:Europe/Berlin", day, floating) == in_berlin
    assert read("X-WR-TIMEZONE:Asia/Tokyo", day, floating, timezone="Europe/Berlin") == in_berlin


def test_whole_day_without_end_lasts_one_day() -> None:
    assert read(event("UID:d", "DTSTART;VALUE=DATE:20270310"), timezone="UTC") == {
        "d": ("2027-03-10T00:00:00Z", "2027-03-11T00:00:00Z")
    }


def test_recurring_whole_days_are_keyed_by_day() -> None:
    days = event("UID:d", "DTSTART;VALUE=DATE:20270310", "RRULE:FREQ=DAILY;COUNT=2")
    assert set(read(days, timezone="Europe/Berlin")) == {"d-20270310", "d-20270311"}


def test_microsoft_and_custom_time_zones_are_known() -> None:
    named = event(
        "UID:w",
        "DTSTART;TZID=W. Europe Standard Time:20270711T100000",
        "DTEND;TZID=W. Europe Standard Time:20270711T110000",
    )
    assert read(named)["w"] == ("2027-07-11T08:00:00Z", "2027-07-11T09:00:00Z")
    offsets = ("DTSTART:16010101T000000", "TZOFFSETFROM:+0330", "TZOFFSETTO:+0330")
    standard = block("STANDARD", *offsets)
    rules = block("VTIMEZONE", "TZID:Ours", standard)
    ours = event("UID:o", "DTSTART;TZID=Ours:20270711T100000", "DTEND;TZID=Ours:20270711T110000")
    assert read(rules, ours)["o"] == ("2027-07-11T06:30:00Z", "2027-07-11T07:30:00Z")


# --- errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["UID:a", "DTSTART:soon"], "DTSTART cannot be read: "),
        (["UID:a", *UTC_HOURS, "RRULE:FREQ=SOMETIMES"], "RRULE cannot be read: "),
        (["UID:a", *UTC_HOURS, "EXDATE:never"], "EXDATE cannot be read: "),
        (["UID:a"], "No DTSTART given"),
        (["UID:a", "DTSTART:20270311T100000Z"], "ends when it begins: set a later end"),
        (
            ["UID:a", "DTSTART:20270311T100000Z", "DTEND:20270311T090000Z"],
            "ends at 2027-03-11 09:00:00+00:00, before it begins at 2027-03-11 10:00:00+00:00: ",
        ),
        (
            ["UID:a", "DTSTART;TZID=Mars/Olympus:20270311T100000", "DTEND:20270311T120000Z"],
            'DTSTART is in the time zone "Mars/Olympus", which is unknown: ',
        ),
        (
            ["UID:a", "DTSTART:20270311T100000", "DTEND:20270311T120000Z"],
            "has a time zone at one end only: ",
        ),
        (
            ["UID:a", "DTSTART;VALUE=DATE:20270311"],
            'has no time zone: pass one to read_ics, such as timezone="Europe/Berlin"',
        ),
    ],
)
def test_invalid_event_is_reported_with_reason(lines: list[str], reason: str) -> None:
    assert error_of(event("SUMMARY:Network", *lines)).startswith(
        f'calendar: event "Network" (UID a): {reason}'
    )


def test_event_without_uid_is_reported_by_time() -> None:
    assert error_of(event("SUMMARY:Network", *UTC_HOURS)) == (
        'calendar: event "Network" of 20270311T100000Z: has no UID, which identifies its '
        "window in the stack: add a permanent one"
    )


def test_all_invalid_events_are_reported() -> None:
    found = error_of(event("UID:a"), event("UID:b", *UTC_HOURS), event("UID:c\x1b[31m"))
    assert [line.split(":")[1] for line in found.splitlines()] == [
        ' event "" (UID a)',
        ' event "" (UID c\\x1b[31m)',  # control characters are escaped
    ]


def test_incomplete_events_outside_days_are_ignored() -> None:
    reminder = event("UID:a", "DTSTART:20200311T100000Z")
    birthday = event("UID:b", "DTSTART;VALUE=DATE:20200311")
    assert read(reminder, birthday) == {}


@pytest.mark.parametrize("text", ["", "<html>", event("UID:a")])
def test_non_calendar_is_rejected(text: str) -> None:
    with pytest.raises(ComponentError, match="a calendar begins with BEGIN:VCALENDAR"):
        read_ics(text, first_day=date(2027, 1, 1), last_day=date(2027, 12, 31))


def test_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ComponentError, match=r"none\.ics cannot be read: No such file"):
        read_ics(tmp_path / "none.ics", first_day=date(2027, 1, 1), last_day=date(2027, 12, 31))


def test_unknown_time_zone_is_reported() -> None:
    assert 'unknown time zone "Berlin"' in error_of("X-WR-TIMEZONE:Berlin")


def test_last_day_before_first_is_rejected() -> None:
    with pytest.raises(ComponentError, match="last_day 2027-01-01 is before first_day 2027-12-31"):
        read_ics(calendar(), first_day=date(2027, 12, 31), last_day=date(2027, 1, 1))
