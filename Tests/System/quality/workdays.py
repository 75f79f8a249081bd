# SPDX-License-Identifier: Apache-2.0
"""The calendar of the simulated year, in days and hours (UTC) since 1970-01-01: promtool's time begins at the epoch."""

from datetime import date, timedelta

# What the rules must know before the year that counts: four weeks, and the week that the first of them looks back to.
HISTORY = 36
DAYS = HISTORY + 365
HOURS = 24 * DAYS

# Those of several countries at once, the days between Christmas and New Year among them.
HOLIDAYS = {date(1970, 1, 1), date(1970, 3, 27), date(1970, 3, 30), date(1970, 5, 1), date(1970, 5, 7), date(1970, 5, 18),
            date(1970, 9, 7), date(1970, 11, 26), date(1971, 1, 1)} | {date(1970, 12, day) for day in range(24, 32)}
HOLIDAY_DAYS = {(day - date(1970, 1, 1)).days for day in HOLIDAYS}


def weekday(day):
    """0 is Monday."""
    return (day + 3) % 7


def holiday(day):
    """Whether most recipients are away."""
    return day in HOLIDAY_DAYS


def works(day):
    """Whether recipients work."""
    return weekday(day) < 5 and not holiday(day)


def named(hour):
    """A moment as people read it."""
    return f"{date(1970, 1, 1) + timedelta(hour // 24)} {hour % 24:02}:00"


def working_hour(hour):
    """The first hour from one on at which recipients read and answer messages: 8:00 to 18:00 on working days."""
    while not (works(hour // 24) and 8 <= hour % 24 < 18):
        hour += 1 if works(hour // 24) and hour % 24 < 18 else 24 - hour % 24
    return hour
