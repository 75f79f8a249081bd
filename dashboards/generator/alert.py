# SPDX-License-Identifier: Apache-2.0
"""What an alert consists of, and the parts of its texts."""

from dataclasses import dataclass, field

from .settings import FURTHER_LABELS

ACCOUNT = "{{ $labels.account }} ({{ $labels.provider }})"


@dataclass(frozen=True)
class Alert:
    """An alert. Each case is (severity, expression, time it must hold, threshold as text); the worst comes first."""

    name: str
    cases: list
    team: str
    summary: str
    description: str
    dashboard: str = "outreach-exporter"
    keep_firing_for: str = ""
    annotations: dict = field(default_factory=dict)


def percent(share):
    """A share as people read it."""
    return f"{share * 100:g} %"


def by_severity(expression, limits, pending=("5m", "15m"), sign=">"):
    """The cases of an alert that is critical over one limit and a warning over a lower one; `{limit}` is replaced."""
    warning, critical = limits
    return [(severity, expression.replace("{limit}", str(limit)), time, percent(limit))
            for severity, limit, time in [("critical", critical, pending[0]), ("warning", warning, pending[1])]]


def campaign_name(listed=True):
    """The template that looks up a campaign's name, its last within two hours if it is not listed any more; its id where it has none."""
    labels = FURTHER_LABELS + ("provider", "account", "campaign")
    selector = ",".join(f"{label}=%q" for label in labels)
    values = " ".join(f"$labels.{label}" for label in labels)
    info = f"campaign:outreach_campaign_info:last10m{{{selector}}}"
    lookup = info if listed else f"topk(1, max_over_time(timestamp({info})[2h:1m]))"
    return (f'{{{{ with printf `{lookup}` {values} | query }}}}'
            '{{ . | first | label "name" }}{{ else }}{{ $labels.campaign }}{{ end }}')


def campaign(text="Campaign", listed=True):
    """The campaign as a text names it."""
    return f"{text} {campaign_name(listed)} of {ACCOUNT}"


def dashboard(name, *variables):
    """A dashboard with its variables set by the alert's labels; a variable without a label keeps the dashboard's own value."""
    query = "".join(f"{{{{ with $labels.{name} }}}}{{{{ $next }}}}var-{name}={{{{ . | urlquery }}}}{{{{ $next = `&` }}}}{{{{ end }}}}"
                    for name in variables)
    return f"outreach-{name}{{{{ $next := `?` }}}}{query}"


CAMPAIGN_PAGE = dashboard("campaign", "provider", "account", "campaign")
# For alerts about a campaign or all of an account's.
WHOSE_PAGE = dashboard("{{ if $labels.campaign }}campaign{{ else }}overview{{ end }}", "provider", "account", "campaign")
SENDER_PAGE = dashboard("senders", "provider", "account")
MAILBOX_PAGE = dashboard("deliverability", "provider", "account")
ACCOUNT_PAGE = dashboard("overview", "provider", "account")
COLLECTION_PAGE = dashboard("exporter", "provider", "account")
