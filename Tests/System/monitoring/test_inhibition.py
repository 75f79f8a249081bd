# SPDX-License-Identifier: Apache-2.0
"""Which alert inhibits which: alerts sent to a real Alertmanager with the shipped configuration."""

import datetime
import json

import pytest

from harness.scrape import fetch, post
from harness.waiting import wait_for
from monitoring.pager import Alertmanager, Pager

PLACE = {"provider": "lemlist", "account": "acme"}
ELSEWHERE = PLACE | {"account": "globex"}
CRITICAL, WARNING = {"severity": "critical"}, {"severity": "warning"}


@pytest.fixture(scope="module")
def alertmanager(tmp_path_factory):
    """The URL of an Alertmanager's alerts."""
    with Pager() as pager, Alertmanager(tmp_path_factory.mktemp("alertmanager"), pager) as running:
        yield f"{running.url}/api/v2/alerts"


def send(url, names, ends):
    """Sends alerts that fire until a time."""
    alerts = [{"labels": {"alertname": name, "team": "any"} | labels, "endsAt": ends.isoformat()} for name, labels in names]
    post(url, alerts)


def inhibited(url):
    """The alerts that are active, and whether they are inhibited."""
    found = json.loads(fetch(url))
    return {(alert["labels"]["alertname"], alert["labels"].get("account"), alert["labels"]["severity"]):
            bool(alert["status"]["inhibitedBy"]) for alert in found if alert["status"]["state"] != "unprocessed"}


@pytest.mark.parametrize("cause, consequence, expected", [
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachCampaignStalled", PLACE | WARNING | {"campaign": "1"}), True),
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachReplyDrought", PLACE | WARNING), True),
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachCampaignStalled", ELSEWHERE | WARNING | {"campaign": "1"}), False),
    (("OutreachAccountDown", PLACE | CRITICAL), ("OutreachBounceRateHigh", PLACE | CRITICAL | {"campaign": "1"}), False),
    (("OutreachKeyRefused", PLACE | CRITICAL), ("OutreachAccountDown", PLACE | CRITICAL), True),
    (("OutreachKeyRefused", PLACE | CRITICAL), ("OutreachDataStale", PLACE | WARNING), True),
    (("OutreachCampaignNotSending", PLACE | WARNING | {"campaign": "1"}),
     ("OutreachCampaignStalled", PLACE | WARNING | {"campaign": "1"}), True),
    (("OutreachReplyDrought", PLACE | WARNING), ("OutreachRepliesFalling", PLACE | WARNING), True),
    (("OutreachApiThrottled", PLACE | WARNING), ("OutreachCollectionSlow", PLACE | WARNING), True),
    (("OutreachBounceRateHigh", PLACE | CRITICAL | {"campaign": "1"}),
     ("OutreachBounceRateHigh", PLACE | WARNING | {"campaign": "1"}), True),
    (("OutreachBounceRateHigh", PLACE | CRITICAL | {"campaign": "1"}),
     ("OutreachBounceRateHigh", PLACE | WARNING | {"campaign": "2"}), False),
    (("OutreachDomainBounceRateHigh", PLACE | CRITICAL | {"domain": "a.org"}),
     ("OutreachDomainBounceRateHigh", PLACE | WARNING | {"domain": "a.org"}), True),
    (("OutreachDomainBounceRateHigh", PLACE | CRITICAL | {"domain": "a.org"}),
     ("OutreachDomainBounceRateHigh", PLACE | WARNING | {"domain": "b.org"}), False),
    (("OutreachSpamPlacementHigh", PLACE | CRITICAL | {"mailbox": "a@a.org"}),
     ("OutreachSpamPlacementHigh", PLACE | WARNING | {"mailbox": "b@a.org"}), False),
])
def test_a_cause_inhibits_its_consequence_and_nothing_else(alertmanager, cause, consequence, expected):
    name, labels = consequence
    now = datetime.datetime.now(datetime.timezone.utc)
    send(alertmanager, [cause], now + datetime.timedelta(minutes=5))
    wait_for(lambda: inhibited(alertmanager), "the cause", 10)
    send(alertmanager, [consequence], now + datetime.timedelta(minutes=5))
    key = (name, labels["account"], labels["severity"])
    wait_for(lambda: inhibited(alertmanager).get(key) is expected, lambda: f"{expected}: {inhibited(alertmanager)}", 10)
    send(alertmanager, [cause, consequence], now)
    wait_for(lambda: not inhibited(alertmanager), "the end", 10)
