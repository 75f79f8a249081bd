# SPDX-License-Identifier: Apache-2.0
"""The rules and every panel's query against a real Prometheus that scrapes."""

import time

import pytest

from grafana import Viewer, dashboards, get

PANELS = [(name, panel["title"]) for name, dashboard in dashboards().items() for panel in dashboard["panels"]]


@pytest.fixture(scope="session")
def viewers(prometheus):
    """Somebody in front of each dashboard who looks at the last two days."""
    base, factor = prometheus
    end = time.time()
    return {name: Viewer(base, dashboard, end - 2 * 86_400 / factor, end, factor) for name, dashboard in dashboards().items()}


@pytest.mark.parametrize("name, title", PANELS, ids=lambda value: value.replace("outreach-", ""))
def test_a_panel_has_data(viewers, name, title):
    viewer = viewers[name]
    panel = next(panel for panel in viewer.dashboard["panels"] if panel["title"] == title)
    answers = [viewer.now(target) if target["instant"] else viewer.history(target) for target in panel["targets"]]
    assert any(answers), [viewer.expression(target) for target in panel["targets"]]


def test_variables_have_values(viewers):
    for viewer in viewers.values():
        for variable in viewer.dashboard["templating"]["list"]:
            if variable["type"] == "query":
                assert viewer.options(variable), variable["name"]


def test_a_campaign_is_chosen_by_name_and_found_by_id(viewers):
    viewer = viewers["outreach-campaign"]
    found = get(viewer.base, "query", query=f'outreach_campaign_info{{campaign="{viewer.values["campaign"]}"}}')["result"]
    assert len({row["metric"]["name"] for row in found}) == 1


def test_no_rule_fails(prometheus):
    for group in get(prometheus[0], "rules")["groups"]:
        for rule in group["rules"]:
            assert rule["health"] == "ok", f"{rule['name']}: {rule.get('lastError')}"


def test_alerts_have_no_broken_text(prometheus):
    for alert in get(prometheus[0], "alerts")["alerts"]:
        for text in alert["annotations"].values():
            assert "<error" not in text and "<no value>" not in text, alert
