# SPDX-License-Identifier: Apache-2.0
"""Every panel's query, as it stands in the dashboard, and the rules that it uses, against a real Prometheus."""

import re
import time

import pytest

from harness import DASHBOARDS
from harness.exporter import PATHS
from harness.prometheus import api, instant
from harness.waiting import wait_for
from monitoring.grafana import Viewer, busiest, dashboards

# Mailboxes are read too seldom for theirs: `test_names` has them.
# Those that may be empty: no account of the demo has a cost, none of its campaigns need stand still, and there is no week before;
# `test_rules` has that one.
EMPTY = ["Cost in the last 4 weeks", "Not sending, and why", "Compared with the week before", "Sent in 24 hours, and a week before"]
PANELS = [(name, panel["title"]) for name, dashboard in dashboards().items() if name != "outreach-senders"
          for panel in dashboard["panels"]
          if panel["title"] not in EMPTY]


@pytest.fixture(scope="session")
def viewers(prometheus):
    """For each dashboard a viewer of everything in the last two days, and one viewer per provider."""
    end = time.time()
    return {name: [Viewer(prometheus, dashboard, end - 2 * 86_400, end, provider=provider, **busiest(prometheus, dashboard, provider))
                   for provider in [".+", *PATHS]] for name, dashboard in dashboards().items()}


@pytest.mark.parametrize("name, title", PANELS, ids=lambda value: value.replace("outreach-", ""))
def test_every_query_of_a_panel_has_data(viewers, name, title):
    everything, *_ = viewers[name]
    for target in next(panel for panel in everything.dashboard["panels"] if panel["title"] == title)["targets"]:
        assert any(viewer.answer(target) for viewer in viewers[name]), everything.expression(target)


def test_variables_have_values(viewers):
    for viewer, *_ in viewers.values():
        for variable in viewer.dashboard["templating"]["list"]:
            # The demo's accounts have no clients: there is only All.
            if variable["type"] == "query" and variable["name"] != "client":
                assert viewer.options(variable), variable["name"]


def test_a_campaign_is_chosen_by_name_and_found_by_id(viewers):
    viewer, *_ = viewers["outreach-campaign"]
    found = instant(viewer.base, f'outreach_campaign_info{{campaign="{viewer.values["campaign"]}"}}')
    assert len({labels["name"] for labels, _ in found}) == 1


def test_no_rule_fails(prometheus):
    for group in api(prometheus, "rules")["groups"]:
        for rule in group["rules"]:
            assert rule["health"] == "ok", f"{rule['name']}: {rule.get('lastError')}"


def test_alerts_have_no_broken_text(prometheus):
    for alert in api(prometheus, "alerts")["alerts"]:
        for text in alert["annotations"].values():
            assert "<error" not in text and "<no value>" not in text, alert


def test_alerts_are_about_the_staged_troubles_and_nothing_else(prometheus):
    text = (DASHBOARDS.parent / "docs/simulator.md").read_text().split("## Staged troubles")[1].split("\n## ")[0]
    staged = {(row[1].lower(), row[2]) for row in re.finditer(r"^\| (\w+) \| .*\| \[(\w+)\]", text, re.M)}
    assert len(staged) == 3

    def active():
        labels = [alert["labels"] for alert in api(prometheus, "alerts")["alerts"]]
        return {(each.get("provider"), each["alertname"]) for each in labels if each["severity"] != "info"}
    # Those about the retries, which other tests need, end with the next collection of the slowest account.
    wait_for(lambda: active() == staged, lambda: active() ^ staged, 300)
