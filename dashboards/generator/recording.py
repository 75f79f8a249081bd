# SPDX-License-Identifier: Apache-2.0
"""The names of recorded series, and the text of rule files."""

import json


# Levels that are summed from mailboxes; all others are summed from campaigns.
OF_MAILBOXES = ["mailbox", "domain", "mailbox_service"]


def recorded(level, measure, operation):
    """The name of what is recorded of a measure at a level."""
    return f"{level}:outreach_{'mailbox' if level in OF_MAILBOXES else 'campaign'}_{measure}:{operation}"


def increase(level, measure, window):
    """The name of a recorded increase of a measure."""
    return recorded(level, measure, f"increase{window}")


def grown(total, window):
    """What a total grew by in a window.

    Prometheus counts a total that fell anew. Too many bounces and unsubscribes page somebody: a window in which theirs fell says nothing.
    """
    samples = f"{total}[{window}]"
    paged = any(measure in total for measure in ["messages_bounced", "leads_unsubscribed"])
    return f"increase({samples})" + (f" unless resets({samples}) > 0" if paged else "")


def ago(name, days):
    """What a rule recorded at this time some days ago, within an hour."""
    return f"last_over_time({name}[1h] offset {days}d)" if days else name


def ratio(level, outcome, window):
    """The name of a recorded ratio."""
    return f"{level}:outreach_{outcome}_per_sent:ratio_increase{window}"


def lower_bound(level, outcome):
    """The name of the least share of messages that can be said with confidence to have an outcome."""
    return f"{level}:outreach_{outcome}_per_sent:lower_bound"


def block(key, text):
    """An expression on one line or as a block."""
    if "\n" in text:
        return [f"        {key}: |"] + [f"          {line}" for line in text.split("\n")]
    return [f"        {key}: {text}"]


def rendered(header, groups):
    """The text of a rule file: groups of (name, interval, rules), rules as lists of lines."""
    lines = [header + "groups:"]
    for name, interval, rules in groups:
        lines += [f"  - name: {name}", f"    interval: {interval}", "    rules:"]
        for rule in rules:
            lines += rule
    return "\n".join(lines) + "\n"


def record(name, expression):
    """The lines of a recording rule."""
    return [f"      - record: {name}"] + block("expr", expression)


def mapping(key, values):
    """The lines of labels or annotations."""
    return [f"        {key}:"] + [f"          {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
