# SPDX-License-Identifier: Apache-2.0
"""Where a number turns from fine to worrying to bad: the alerts' own limits, so that colour and pager agree."""

from .settings import AGE, BOUNCED, DURATION, SPAM, THROTTLED, UNSUBSCRIBED  # noqa: F401


def rising(limits):
    """Green below the first limit, orange from it on, red from the second on."""
    return steps("green", (limits[0], "orange"), (limits[1], "red"))


def falling(warning, critical):
    """Red below the second limit, orange below the first."""
    return steps("red", (critical, "orange"), (warning, "green"))


def any_is_bad():
    """Green at 0, red from 1 on."""
    return steps("green", (1, "red"))


def steps(base, *rest):
    """Grafana's threshold object."""
    return {"mode": "absolute", "steps": [{"color": base, "value": None}]
            + [{"color": color, "value": value} for value, color in rest]}


NEUTRAL = steps("text")
