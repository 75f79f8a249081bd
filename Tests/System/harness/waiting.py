# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition, and for no fixed time."""

import time


def until(condition, seconds=60, pause=0.1):
    """Evaluates a condition until it is true or the time is over; returns its last value."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(pause)
    return value


def wait_for(condition, what, seconds=60, pause=0.2):
    """Like `until`, but raises `TimeoutError` where the time is over; `what` is a text, or a function that returns one."""
    if not (value := until(condition, seconds, pause)):
        raise TimeoutError(f"not within {seconds} s: {what() if callable(what) else what}")
    return value
