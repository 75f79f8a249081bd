# SPDX-License-Identifier: Apache-2.0
"""The Alertmanager's configuration and the texts of its notifications against Debian's amtool."""

import json
import re
import subprocess

import pytest
import yaml

from harness import DASHBOARDS
from monitoring.promtool import alerts, run

ALERTMANAGER = DASHBOARDS / "alertmanager/alertmanager.yml"


@pytest.mark.parametrize("name", ["alertmanager.yml", "receivers.yml"])
def test_amtool_accepts_the_configuration(name):
    assert "SUCCESS" in run("amtool", "check-config", str(ALERTMANAGER.parent / name))


def notification(template, status="firing", count=2):
    """A text for two campaigns whose bounces fire or are resolved."""
    labels = {"alertname": "OutreachBounceRateHigh", "severity": "critical", "team": "deliverability", "provider": "lemlist",
              "account": "acme"}
    annotations = {"campaign": "Name <b>", "description": "6% of what campaign Name <b> sent bounced.", "threshold": "5 %",
                   "dashboard_url": "http://grafana/d/outreach-campaign?var-campaign=7", "runbook_url": "http://book#bounce"}
    alerts = [{"status": status, "labels": labels | {"campaign": str(7 + index)}, "annotations": annotations,
               "startsAt": "2026-03-02T09:30:00Z", "endsAt": "2026-03-02T11:00:00Z"} for index in range(count)]
    return rendered(template, alerts, labels)


def rendered(template, alerts, labels):
    """A text about some alerts with these labels in common."""
    status = "firing" if "firing" in {alert["status"] for alert in alerts} else "resolved"
    data = {"status": status, "alerts": alerts, "groupLabels": labels, "commonLabels": labels}
    done = subprocess.run(["amtool", "template", "render", f"--template.glob={ALERTMANAGER.parent}/templates/*.tmpl",
                           f"--template.text={{{{ template \"{template}\" . }}}}", "--template.data=/dev/stdin"],
                          input=json.dumps(data), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("template", ["outreach.slack", "outreach.html", "outreach.text"])
def test_a_notification_says_what_where_since_when_and_links_on(template):
    text = notification(template)
    for part in ["6% of what campaign", "5 %", "09:30", "/d/outreach-campaign?var-campaign=7", "http://book#bounce"]:
        assert part in text
    assert template == "outreach.text" or "[7]" in text and "[8]" in text


def test_titles_and_severities():
    assert notification("outreach.title").strip() == "CRITICAL: OutreachBounceRateHigh, acme (lemlist), 2 alerts"
    assert notification("outreach.title", "resolved", 1).strip() == "RESOLVED: OutreachBounceRateHigh, acme (lemlist)"
    assert notification("outreach.severity").strip() == "critical"
    assert notification("outreach.color", "resolved").strip() == "good"
    assert "Ten of 12 are shown." in notification("outreach.slack", count=12)


def mixed(*severities):
    """Alerts of a group without a common severity, each (severity, status)."""
    common = {"alertname": "OutreachReplyDrought", "account": "acme", "provider": "lemlist"}
    times = {"startsAt": "2026-03-02T09:30:00Z", "endsAt": "2026-03-02T11:00:00Z"}
    return [{"status": status, "labels": common | {"severity": severity}, "annotations": {"description": "Few."}} | times
            for severity, status in severities], common


@pytest.mark.parametrize("group, title, color, severity", [
    ([("warning", "firing"), ("critical", "firing"), ("info", "firing")], "CRITICAL", "danger", "critical"),
    ([("info", "firing"), ("warning", "firing")], "WARNING", "warning", "warning"),
    ([("critical", "resolved"), ("warning", "firing")], "WARNING", "warning", "warning"),
    ([("warning", "resolved"), ("critical", "resolved")], "RESOLVED", "good", "critical"),
])
def test_a_group_of_several_severities_is_as_bad_as_the_worst_that_fires(group, title, color, severity):
    alerts, common = mixed(*group)
    assert rendered("outreach.title", alerts, common).startswith(f"{title}: OutreachReplyDrought, acme (lemlist), ")
    assert rendered("outreach.color", alerts, common) == color
    assert rendered("outreach.severity", alerts, common) == severity


@pytest.mark.parametrize("labels, subject", [
    ({"account": "acme", "mailbox": "a@b.example"}, "a@b.example"), ({"account": "acme", "resource": "leads"}, "leads"),
    ({"account": "acme"}, "acme"), ({"job": "outreach", "instance": "exporter:10447"}, "exporter:10447"), ({}, "OutreachSome"),
])
def test_an_alert_is_about_something(labels, subject):
    (alert,), _ = mixed(("critical", "firing"))
    alert |= {"labels": {"alertname": "OutreachSome", "severity": "critical"} | labels}
    assert rendered("outreach.slack", [alert], {}).startswith(f"*{subject}* Few.")


def test_receivers_use_templates_that_exist():
    defined = re.findall(r'define "(outreach\.\w+)"', (ALERTMANAGER.parent / "templates/outreach.tmpl").read_text())
    assert set(re.findall(r'template "([\w.]+)"', (ALERTMANAGER.parent / "receivers.yml").read_text())) <= set(defined)


@pytest.mark.parametrize("receivers, labels", [
    ("on-call,deliverability", "alertname=OutreachBounceRateHigh severity=critical team=deliverability account=globex"),
    ("on-call,acme", "alertname=OutreachBounceRateHigh severity=critical team=deliverability account=acme"),
    ("acme", "alertname=OutreachCampaignStalled severity=warning team=deliverability account=acme"),
    ("deliverability", "alertname=OutreachCampaignStalled severity=warning team=deliverability account=globex"),
    ("on-call", "alertname=OutreachExporterDown severity=critical team=operations"),
    ("on-call", "alertname=OutreachAccountDown severity=critical team=operations account=acme"),
    ("operations", "alertname=OutreachDataStale severity=warning team=operations account=acme"),
    ("watchdog", "alertname=Watchdog severity=none team=operations"),
    ("nobody", "alertname=OutreachCounterReset severity=info team=operations account=acme"),
    ("deliverability", "alertname=SomethingElse"),
])
def test_alerts_reach_their_receivers(receivers, labels):
    run("amtool", "config", "routes", "test", f"--config.file={ALERTMANAGER}", f"--verify.receivers={receivers}",
        *labels.split())


def test_inhibitions_name_alerts_that_exist():
    known = {rule["alert"] for rule in alerts()}
    for rule in yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            label, pattern = re.match(r'(\w+)(?:=~|!=|=)"(.*)"', matcher).groups()
            if label == "alertname":
                for name in pattern.split("|"):
                    assert any(re.fullmatch(name, alert) for alert in known), name


def test_critical_inhibits_a_warning_about_the_same_thing_alone():
    texts = [text for rule in alerts() for text in [rule["expr"], *rule["annotations"].values()]]
    told = set(re.findall(r"\$labels\.(\w+)", " ".join(texts)))
    inhibition = yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"][0]
    assert inhibition["source_matchers"] == ['severity="critical"'] and told | {"alertname"} <= set(inhibition["equal"])
