# SPDX-License-Identifier: Apache-2.0
"""Campaigns with the same name, and campaigns that are renamed: no rule, no join and no panel breaks.

Two servers serve the demo's page, rewritten at each scrape: totals grow, and all campaigns have one name. They are one account's
two exporters: nothing counts twice.
"""

import re
import time

import pytest

from harness.exporter import PATHS, Demo
from harness.local_server import LocalServer
from harness.prometheus import api
from harness.scrape import scrape, values
from harness.waiting import wait_for
from monitoring.grafana import Viewer, busiest, dashboards
from monitoring.stack import start_prometheus


def named(name, campaigns):
    """Whether so many campaigns have a name and no other, in the rules that look back too."""
    info = "campaign:outreach_campaign_info:last10m"
    return (f'count({info}{{name="{name}"}}) == {campaigns} unless on () count({info}{{name!="{name}"}})'
            f" and on () count(campaign:outreach_bounced_per_sent:ratio_increase7d) > {campaigns / 2}"
            " and on () count(mailbox_service:outreach_mailbox_leads_replied:increase7d)")


# One account has a client, two are told to have none, and of the rest nothing is told.
CLIENT = "".join(f'outreach_account_info{{provider="{name}",account="demo-{name}",client="{client}"}} 1\n'
                 for name, client in {"lemlist": "Wile & Co", "sendkit": "", "instantly": ""}.items())


class RewrittenPage(LocalServer):
    """A page whose totals grow by a hundredth per scrape, and whose campaigns all have one name."""

    def __init__(self, page):
        self.name, self.page, self.scrapes = "Before", page, 0
        super().__init__(self.rewritten)

    def rewritten(self, *_):
        """The page of this scrape."""
        self.scrapes += 1
        page = re.sub(r'(outreach_campaign_info\{.*name=)"(?:\\.|[^"\\])*"', rf'\1"{self.name}"', self.page)
        return re.sub(r"^(outreach_(?:campaign|step|mailbox)_\w+_total\{.*\}) (\S+)$",
                      lambda line: f"{line[1]} {float(line[2]) * (1 + self.scrapes / 100)}", page, flags=re.M).encode()


@pytest.fixture(scope="module")
def prometheus(program, tmp_path_factory):
    """A Prometheus that has seen all campaigns named `Before` and then `Now`, the time when it started, and their number."""
    began = time.time()
    with Demo(program, speed=0) as demo:
        demo.ready()
        wait_for(lambda: values(scrape(demo), "outreach_account_up") == [1] * len(PATHS), "all accounts")
        page = re.sub(r"^outreach_account_info.*\n", "", scrape(demo), flags=re.M) + CLIENT
    campaigns = len(values(page, "outreach_campaign_info"))
    with (
        RewrittenPage(page) as first, RewrittenPage(page) as second,
        start_prometheus(tmp_path_factory.mktemp("names"), first.target, second.target) as own,
    ):
        wait_for(lambda: own.query(named("Before", campaigns)), "the first name")
        first.name = second.name = "Now"
        wait_for(lambda: own.query(named("Now", campaigns)), "the second name")
        yield own, began, campaigns


def test_every_panel_answers(prometheus):
    own, began, _ = prometheus
    for dashboard in dashboards().values():
        viewer = Viewer(own.url, dashboard, began, time.time(), **busiest(own.url, dashboard))
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                viewer.now(target)
                viewer.history(target)


def test_every_query_about_senders_has_data(prometheus):
    own, began, _ = prometheus
    viewer = Viewer(own.url, dashboards()["outreach-senders"], began, time.time())
    for panel in viewer.dashboard["panels"]:
        for target in panel["targets"]:
            assert viewer.answer(target), viewer.expression(target)


@pytest.mark.parametrize("name", dashboards())
def test_a_client_leaves_its_accounts(prometheus, name):
    own, began, _ = prometheus
    viewer = Viewer(own.url, dashboards()[name], began, time.time(), client="Wile & Co")
    assert viewer.values["account"] == "demo-lemlist"
    viewer = Viewer(own.url, dashboards()[name], began, time.time())
    account = next(item for item in viewer.dashboard["templating"]["list"] if item["name"] == "account")
    assert len(viewer.options(account)) == len(PATHS)


def test_no_rule_failed(prometheus):
    own, *_ = prometheus
    assert set(values(scrape(own), "prometheus_rule_evaluation_failures_total")) == {0}


def test_a_campaign_has_one_name_at_any_time(prometheus):
    own, began, _ = prometheus
    found = api(own.url, "query_range", query="max(count by (provider, account, campaign) (campaign:outreach_campaign_info:last10m))",
                start=began, end=time.time(), step=1)["result"]
    assert {value for row in found for _, value in row["values"]} == {"1"}


def test_campaigns_with_the_same_name_can_be_chosen_separately(prometheus):
    own, began, campaigns = prometheus
    viewer = Viewer(own.url, dashboards()["outreach-campaign"], began, time.time(), account=".+")
    variable = next(item for item in viewer.dashboard["templating"]["list"] if item["name"] == "campaign")
    texts = [text for text, _ in viewer.choices(variable)]
    assert len(texts) == len(set(texts)) == campaigns
    assert all(text.startswith("Now · demo-") for text in texts)


def test_a_table_has_a_row_per_campaign(prometheus):
    own, began, _ = prometheus
    viewer = Viewer(own.url, dashboards()["outreach-overview"], began, time.time())
    panel = next(panel for panel in viewer.dashboard["panels"] if panel["title"] == "Most replies")
    for target in panel["targets"]:
        rows = [(row["metric"]["account"], row["metric"]["campaign"]) for row in viewer.now(target)]
        assert rows and len(set(rows)) == len(rows)
