# SPDX-License-Identifier: Apache-2.0
"""rules.yml: every recording rule, from what identifies a thing to verdicts."""

from . import costs, identity, incidents, mailboxes, runway, variants, verdicts, windows
from .recording import record, rendered

HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# Written by dashboards/generate from dashboards/generator/: change it there. docs/dashboards.md explains the layers.
"""


def groups():
    """All groups in the order in which they build on one another. No interval reaches five minutes: Prometheus forgets a
    sample that is older than that."""
    return [identity.state(), identity.totals(), *windows.groups(), verdicts.group(), *mailboxes.groups(), runway.group(), costs.group(), variants.group(),
            incidents.group(), identity.measures()]


def recorded():
    """Every recorded name and its expression."""
    return [rule for _, _, rules in groups() for rule in rules]


def text():
    """The text of rules.yml."""
    return rendered(HEADER, [(name, interval, [record(*rule) for rule in rules]) for name, interval, rules in groups()])
