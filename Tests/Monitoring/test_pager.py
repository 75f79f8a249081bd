# SPDX-License-Identifier: Apache-2.0
"""From a fault to the pager and back: the right alert and no other, through a real Prometheus and a real Alertmanager."""

import time

import pytest

from grafana import get
from pager import Alertmanager, Pager
from stack import Exporter, Prometheus, free_port

# A week in a minute: a drought needs two of them.
FACTOR = 10_080
LOUD = 'ALERTS{alertstate="firing", severity!="info"}'
WEEKS = "count(account:outreach_replied_per_sent:ratio_week_over_week) >= 4"


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """Exporter, Prometheus, Alertmanager, pager; two weeks old."""
    directory = tmp_path_factory.mktemp("pager")
    exporter, pager = Exporter(FACTOR, troubled=False), Pager()
    alertmanager = Alertmanager(directory, pager, free_port())
    prometheus = Prometheus(directory, exporter.target, free_port(), FACTOR, alertmanager.target)
    until(lambda: get(prometheus.url, "query", query=WEEKS)["result"], 240, "two weeks")
    yield exporter.world, pager, prometheus.url
    prometheus.stop()
    alertmanager.stop()


def until(condition, seconds, what):
    """Waits for something."""
    deadline = time.time() + seconds
    while not condition():
        assert time.time() < deadline, f"waited in vain for {what() if callable(what) else what}"
        time.sleep(0.5)


@pytest.mark.parametrize("fault, alert, receivers", [
    ("unauthorized", "OutreachKeyRefused", {"on-call"}),
    ("campaign-vanishes", "OutreachCampaignVanished", {"acme"}),
    ("bounce-storm", "OutreachBounceRateHigh", {"on-call", "acme", "deliverability"}),
    ("reply-drought", "OutreachReplyDrought", {"on-call", "acme", "deliverability"}),
])
def test_a_fault_rings_its_alert_and_no_other_and_is_taken_back(line, fault, alert, receivers):
    world, pager, prometheus = line
    pager.heard.clear()
    world.faults = {fault}
    until(lambda: receivers <= {receiver for receiver, _ in pager.heard}, 120, lambda: f"{receivers}: {pager.heard}")
    world.faults = set()
    until(lambda: not get(prometheus, "query", query=LOUD)["result"], 240,
          lambda: get(prometheus, "query", query=LOUD)["result"])
    until(lambda: {state for _, state in pager.states().values()} == {"resolved"}, 60, lambda: pager.states())
    assert {name for name, _ in pager.states().values()} == {alert}
