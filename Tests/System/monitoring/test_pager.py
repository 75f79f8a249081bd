# SPDX-License-Identifier: Apache-2.0
"""From a fault at a provider to the notification and its resolution: the right alert and no other.

simulator → exporter → Prometheus with the shipped rules → Alertmanager with the shipped routes → webhook receiver.
"""

import pytest

from harness.exporter import QUICK, Simulator, set_faults
from harness.waiting import wait_for
from monitoring.pager import Alertmanager, Pager
from monitoring.stack import scaled, start_exporter, start_prometheus

# A week of the rules is a minute.
FACTOR = 10_080
# The simulated world runs faster still, so that every window holds working days, whatever the day is, and enough messages
# for every threshold. No campaign of this seed bounces much, and there are no mailboxes to alert about.
WORLD = {"speed": 50 * FACTOR, "campaigns": 6, "mailboxes": 0, "seed": 4}
# The drought takes longest to be noticed, so it lasts during the other faults, at a provider of its own.
DROUGHT = "lemlist:reply-drought"
ENOUGH = 'account:outreach_replies_expected:increase2d{account="globex"} >= 60'
# A collection starts every four seconds here, and a day of the rules takes nine: on a busy machine a collection, a day's messages
# and new leads come too late, and these fire with reason. A key that is refused in the middle of a collection leaves it incomplete, and
# parts of it failed, for longer than the alerts wait here.
LATE = {"OutreachDataStale", "OutreachCollectionSlow", "OutreachCollectionIncomplete", "OutreachPartFailing",
        "OutreachCampaignStalled", "OutreachLeadsRunningOut"}
# A drought of weeks is also a week with fewer replies, and nobody replies to messages that bounce in a storm.
REPLIES = {"OutreachReplyDrought", "OutreachRepliesFalling"}


@pytest.fixture(scope="module")
def stack(program, tmp_path_factory):
    """The simulator's URL and the pager of a stack that has some days of data, and a drought since."""
    folder = tmp_path_factory.mktemp("pager")

    def rules(text):
        return scaled(text, FACTOR)

    with (
        Pager() as pager,
        Simulator(program, **WORLD) as simulator,
        start_exporter(program, folder, simulator, providers=QUICK) as exporter,
        Alertmanager(folder, pager) as alertmanager,
        start_prometheus(folder, exporter.target, rules=rules, alertmanager=alertmanager.target) as prometheus,
    ):
        wait_for(lambda: prometheus.query(ENOUGH), "two weeks and enough replies to miss them", 300)
        set_faults(simulator.url, DROUGHT)
        yield simulator.url, pager


def notified(pager, account):
    """The notifications about an account that do not depend on the speed of the machine."""
    late = LATE | REPLIES if account == "acme" else LATE
    return [(receiver, name, *rest) for receiver, name, *rest in pager.about(account) if name not in late]


def wait_for_alert(pager, account, receivers, severity):
    """Waits until all of these receivers have been notified of an account."""
    def all_notified():
        return receivers <= {receiver for receiver, _, level, *_ in notified(pager, account) if level == severity}
    wait_for(all_notified, lambda: f"{receivers}: {notified(pager, account)}", 150)


def wait_for_resolution(pager, account):
    """Waits until every alert about an account is resolved."""
    def all_resolved():
        last = {(receiver, alert): status for receiver, _, _, alert, status in notified(pager, account)}
        return set(last.values()) == {"resolved"}
    wait_for(all_resolved, lambda: notified(pager, account), 150)


@pytest.mark.parametrize("fault, alert, severity, receivers", [
    ("unauthorized", "OutreachKeyRefused", "critical", {"on-call"}),
    ("campaign-vanishes", "OutreachCampaignVanished", "warning", {"acme"}),
    ("bounce-storm", "OutreachBounceRateHigh", "critical", {"on-call", "acme"}),
])
def test_a_fault_fires_its_alert_and_no_other_and_is_resolved(stack, fault, alert, severity, receivers):
    simulator, pager = stack
    pager.notifications[:] = [each for each in pager.notifications if each[1]["groupLabels"].get("account") != "acme"]
    set_faults(simulator, DROUGHT, f"instantly:{fault}")
    wait_for_alert(pager, "acme", receivers, severity)
    set_faults(simulator, DROUGHT)
    wait_for_resolution(pager, "acme")
    assert {name for _, name, *_ in notified(pager, "acme")} == {alert}
    assert {receiver for receiver, *_ in notified(pager, "acme")} == receivers


def test_a_drought_fires_its_alert_and_no_other_and_is_resolved(stack):
    simulator, pager = stack
    wait_for_alert(pager, "globex", {"on-call", "deliverability"}, "critical")
    set_faults(simulator)
    wait_for_resolution(pager, "globex")
    assert {"OutreachReplyDrought"} <= {name for _, name, *_ in notified(pager, "globex")} <= REPLIES


def test_nobody_is_notified_of_an_account_without_faults(stack):
    _, pager = stack
    assert notified(pager, "initech") == notified(pager, "umbrella") == []
    accounts = {message["groupLabels"].get("account") for _, message in pager.notifications
                if message["groupLabels"]["alertname"] not in LATE}
    assert accounts <= {"acme", "globex"}
