# SPDX-License-Identifier: Apache-2.0
"""From a fault at a provider to the pager and back, all of it real: the right alert and no other.

simulator → exporter → Prometheus with the shipped rules → Alertmanager with the shipped routes → webhook receiver.
"""

import pytest

from grafana import get
from pager import Alertmanager, Pager
from stack import Exporter, Prometheus, Simulator, scaled, strike, until

# A week of the rules is a minute.
FACTOR = 10_080
# The world turns faster still, so that every window holds working days, whatever the day is, and messages enough to
# leave nothing to chance. No campaign of this seed bounces much, and there is no mailbox to be in trouble.
WORLD = [f"--simulator.speed={50 * FACTOR}", "--simulator.campaigns=6", "--simulator.mailboxes=0", "--simulator.seed=4"]
# A drought takes longest, so it lasts behind the others, at a provider of its own.
DROUGHT = "lemlist:reply-drought"
ENOUGH = 'account:outreach_campaign_leads_replied:increase7d{account="globex"} >= 60'


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """The simulator's address and the pager of a line that is some days old, in a drought."""
    directory, pager = tmp_path_factory.mktemp("pager"), Pager()
    simulator = Simulator(directory, *WORLD)
    exporter = Exporter(directory, simulator.address)
    alertmanager = Alertmanager(directory, pager)
    prometheus = Prometheus(directory, exporter.target, lambda text: scaled(text, FACTOR), alertmanager=alertmanager.target)
    until(lambda: get(prometheus.url, "query", query=ENOUGH)["result"], 60, "replies enough to miss them")
    strike(simulator.address, DROUGHT)
    yield simulator.address, pager
    for program in [prometheus, alertmanager, exporter, simulator, pager]:
        program.stop()


# A collection comes every four seconds here: on a machine that is busy with something else these tell the truth.
LATE = {"OutreachDataStale", "OutreachCollectionSlow"}


def told(pager, account):
    """What was heard of an account, but for the pace of the machine."""
    return [(receiver, name, *rest) for receiver, name, *rest in pager.about(account) if name not in LATE]


def rung(pager, account, receivers, severity):
    """Waits until all of these have heard of an account."""
    def heard():
        return receivers <= {receiver for receiver, _, level, *_ in told(pager, account) if level == severity}
    until(heard, 150, lambda: f"{receivers}: {told(pager, account)}")


def taken_back(pager, account):
    """Waits until everything that was said of an account is taken back."""
    def quiet():
        last = {(receiver, alert): status for receiver, _, _, alert, status in told(pager, account)}
        return set(last.values()) == {"resolved"}
    until(quiet, 150, lambda: told(pager, account))


@pytest.mark.parametrize("fault, alert, severity, receivers", [
    ("unauthorized", "OutreachKeyRefused", "critical", {"on-call"}),
    ("campaign-vanishes", "OutreachCampaignVanished", "warning", {"acme"}),
    ("bounce-storm", "OutreachBounceRateHigh", "critical", {"on-call", "acme"}),
])
def test_a_fault_rings_its_alert_and_no_other_and_is_taken_back(line, fault, alert, severity, receivers):
    simulator, pager = line
    pager.heard[:] = [message for message in pager.heard if message[1]["groupLabels"].get("account") != "acme"]
    strike(simulator, DROUGHT, f"instantly:{fault}")
    rung(pager, "acme", receivers, severity)
    strike(simulator, DROUGHT)
    taken_back(pager, "acme")
    assert {name for _, name, *_ in told(pager, "acme")} == {alert}
    assert {receiver for receiver, *_ in told(pager, "acme")} == receivers


def test_a_drought_rings_its_alert_and_no_other_and_is_taken_back(line):
    simulator, pager = line
    rung(pager, "globex", {"on-call", "deliverability"}, "critical")
    strike(simulator)
    taken_back(pager, "globex")
    assert {name for _, name, *_ in told(pager, "globex")} == {"OutreachReplyDrought"}


def test_nobody_hears_of_an_account_without_faults(line):
    _, pager = line
    assert told(pager, "initech") == []
    heard = {message["groupLabels"].get("account") for _, message in pager.heard
             if message["groupLabels"]["alertname"] not in LATE}
    assert heard <= {"acme", "globex"}
