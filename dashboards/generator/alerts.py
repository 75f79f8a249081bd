# SPDX-License-Identifier: Apache-2.0
"""alerts.yml: every alert, its severities and texts.

A name is no label of an alert: it is looked up when the text is rendered, so that a name which changes or is missing
neither ends nor silences an alert.
"""

from . import campaign_alerts, exporter_alerts, mailbox_alerts
from .recording import block, mapping, rendered
from .settings import GRAFANA, RUNBOOK

HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# Written by dashboards/generate from dashboards/generator/: change it there.
# Alerts. docs/dashboards.md has the thresholds and their sources, docs/runbook.md says what to do.
#
# severity: critical = act now, warning = act today, info = explains other alerts.
# team:     deliverability = campaigns and mailboxes, operations = the exporter and its collections.
#
# A missed scrape neither fires nor resolves an alert: every expression looks back over several scrapes. A restart of the
# exporter fires nothing: it serves the providers' totals, which do not start again at zero.
"""


def rule(alert, severity, expression, pending, threshold):
    """The lines of an alerting rule."""
    links = {"dashboard_url": f"{GRAFANA}/d/{alert.dashboard}", "runbook_url": f"{RUNBOOK}#{alert.name.lower()}"}
    texts = {"summary": alert.summary, "description": alert.description} | alert.annotations
    return ([f"      - alert: {alert.name}"] + block("expr", expression)
            + ([f"        for: {pending}"] if pending else [])
            + ([f"        keep_firing_for: {alert.keep_firing_for}"] if alert.keep_firing_for else [])
            + [f"        labels: {{severity: {severity}, team: {alert.team}}}"]
            + mapping("annotations", texts | ({"threshold": threshold} if threshold else {}) | links))


def everything():
    """All alerts by group, with the group's interval: what campaigns do is recorded every four minutes, only their status every minute."""
    return [("outreach-campaign-alerts", "2m", campaign_alerts.alerts()), ("outreach-mailbox-alerts", "1m", mailbox_alerts.alerts()),
            ("outreach-exporter-alerts", "1m", exporter_alerts.alerts())]


def text():
    """The text of alerts.yml."""
    return rendered(HEADER, [(group, interval, [rule(alert, *case) for alert in alerts for case in alert.cases])
                             for group, interval, alerts in everything()])
