# SPDX-License-Identifier: Apache-2.0
"""What silences what: alerts given to a real Alertmanager with the shipped configuration."""

import datetime
import json
import urllib.request

import pytest

from pager import Alertmanager, Pager
from stack import until

PLACE = {"job": "outreach", "instance": "a", "provider": "lemlist", "account": "acme"}
ELSEWHERE = PLACE | {"account": "globex"}
CRITICAL, WARNING = {"severity": "critical"}, {"severity": "warning"}


@pytest.fixture(scope="module")
def alertmanager(tmp_path_factory):
    """Base URL of one that tells a pager."""
    pager = Pager()
    running = Alertmanager(tmp_path_factory.mktemp("alertmanager"), pager)
    yield f"http://{running.target}/api/v2/alerts"
    running.stop()
    pager.stop()


def give(url, names, ends):
    """Lets alerts fire or end."""
    alerts = [{"labels": {"alertname": name, "team": "any"} | labels, "endsAt": ends.isoformat()} for name, labels in names]
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(alerts).encode(), headers)).read()


def silenced(url):
    """The alerts that are active, and whether they are inhibited."""
    found = json.load(urllib.request.urlopen(url))
    return {(alert["labels"]["alertname"], alert["labels"].get("account"), alert["labels"]["severity"]):
            bool(alert["status"]["inhibitedBy"]) for alert in found if alert["status"]["state"] != "unprocessed"}


@pytest.mark.parametrize("cause, victim, expected", [
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachCampaignStalled", PLACE | WARNING | {"campaign": "1"}), True),
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachReplyDrought", PLACE | WARNING), True),
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachCampaignStalled", ELSEWHERE | WARNING | {"campaign": "1"}), False),
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachBounceRateHigh", PLACE | CRITICAL | {"campaign": "1"}), False),
    (("OutreachKeyRefused", PLACE | CRITICAL), ("OutreachAccountDown", PLACE | CRITICAL), True),
    (("OutreachKeyRefused", PLACE | CRITICAL), ("OutreachDataStale", PLACE | WARNING), True),
    (("OutreachExporterDown", {"job": "outreach", "instance": "a"} | CRITICAL), ("OutreachDataStale", PLACE | WARNING), True),
    (("OutreachExporterDown", {"job": "outreach", "instance": "b"} | CRITICAL), ("OutreachDataStale", PLACE | WARNING), False),
    (("OutreachApiThrottled", PLACE | WARNING), ("OutreachCollectionSlow", PLACE | WARNING), True),
    (("OutreachBounceRateHigh", PLACE | CRITICAL | {"campaign": "1"}),
     ("OutreachBounceRateHigh", PLACE | WARNING | {"campaign": "1"}), True),
    (("OutreachBounceRateHigh", PLACE | CRITICAL | {"campaign": "1"}),
     ("OutreachBounceRateHigh", PLACE | WARNING | {"campaign": "2"}), False),
])
def test_a_cause_silences_its_consequence_and_nothing_else(alertmanager, cause, victim, expected):
    name, labels = victim
    now = datetime.datetime.now(datetime.timezone.utc)
    give(alertmanager, [cause], now + datetime.timedelta(minutes=5))
    until(lambda: silenced(alertmanager), 10, "the cause")
    give(alertmanager, [victim], now + datetime.timedelta(minutes=5))
    key = (name, labels["account"], labels["severity"])
    until(lambda: silenced(alertmanager).get(key) is expected, 10, lambda: f"{expected}: {silenced(alertmanager)}")
    give(alertmanager, [cause, victim], now)
    until(lambda: not silenced(alertmanager), 10, "the end")
