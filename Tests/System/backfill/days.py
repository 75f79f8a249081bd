# SPDX-License-Identifier: Apache-2.0
"""Days and times by UTC, in seconds of Unix time and in the forms that flags and APIs take."""

import datetime
import time

DAY = 86_400


def midnight():
    """The first second of today."""
    return int(time.time()) // DAY * DAY


def date(seconds):
    """The day of a second: `2026-01-31`."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d")


def timestamp(seconds):
    """A second as the APIs take it: `2026-01-31T00:00:00Z`."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
