# SPDX-License-Identifier: Apache-2.0
"""The dashboards: generated, in Grafana's classic form, and clean by the linter's rules."""

import importlib.machinery
import importlib.util
import json
import re
import sys

import pytest
import yaml

from harness import DASHBOARDS
from harness.exporter import PATHS
from monitoring import cells, lint
from monitoring.grafana import dashboards

sys.path.insert(0, str(DASHBOARDS))
from generator import identity, tables  # noqa: E402

ALL = pytest.mark.parametrize("dashboard", dashboards().values(), ids=dashboards().keys())


def generator():
    """`dashboards/generate`, as a module."""
    loader = importlib.machinery.SourceFileLoader("generate", str(DASHBOARDS / "generate"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("generate", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("path, text", list(generator().files()), ids=lambda value: value if "\n" not in value else "")
def test_the_committed_file_is_what_the_generator_writes(path, text):
    assert (DASHBOARDS / path).read_text() == text, "run dashboards/generate"


def test_there_are_six():
    assert sorted(dashboards()) == ["outreach-ab", "outreach-campaign", "outreach-deliverability", "outreach-exporter",
                                    "outreach-overview", "outreach-senders"]


@ALL
@pytest.mark.parametrize("rule", lint.RULES, ids=lambda rule: rule.__name__)
def test_the_linter_finds_nothing(dashboard, rule):
    assert not list(rule(dashboard) or [])


@pytest.mark.parametrize("exclusion", lint.EXCLUSIONS, ids=lambda exclusion: exclusion[0])
def test_an_exclusion_is_needed(monkeypatch, exclusion):
    monkeypatch.setattr(lint, "EXCLUSIONS", [other for other in lint.EXCLUSIONS if other != exclusion])
    assert any(list(rule(dashboard) or []) for dashboard in dashboards().values() for rule in lint.RULES)


@ALL
def test_grafana_can_import_it(dashboard):
    assert re.fullmatch(r"outreach-\w+", dashboard["uid"]) and dashboard["id"] is None
    assert dashboard["schemaVersion"] == 39 and dashboard["tags"] == ["outreach"]
    assert "__inputs" not in dashboard and "version" not in dashboard
    assert dashboard["description"].endswith("?"), "the description is the question that the dashboard answers"
    assert dashboard["links"][0]["keepTime"] and dashboard["links"][0]["includeVars"]
    assert any("ALERTS" in item.get("expr", "") for item in dashboard["annotations"]["list"])


@ALL
def test_variables_go_from_wide_to_narrow(dashboard):
    names = [item["name"] for item in dashboard["templating"]["list"]]
    exporter = ["job", "instance"] if dashboard["uid"] == "outreach-exporter" else []
    assert names[:4 + len(exporter)] == ["datasource", *exporter, "provider", "client", "account"]
    used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps([panel["targets"] for panel in dashboard["panels"]])))
    assert used - {"datasource", "__rate_interval", "__interval"} <= set(names)


@ALL
def test_panels_fill_the_grid_without_overlap(dashboard):
    taken = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken and place["x"] + place["w"] <= 24, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def test_links_lead_to_dashboards_that_exist():
    text = json.dumps(list(dashboards().values()))
    assert set(re.findall(r"/d/([\w-]+)", text)) <= set(dashboards())


class Reporting:
    """A viewer of what a provider reports: answers to some queries of a panel, by their letters."""

    def __init__(self, answers):
        self.answers = answers

    def now(self, target):
        return [{"metric": labels, "value": [0, value]} for labels, value in self.answers.get(target["refId"], [])]


@ALL
def test_a_column_without_any_value_disappears(dashboard):
    for panel in [panel for panel in dashboard["panels"] if panel["type"] == "table"]:
        assert panel["fieldConfig"]["overrides"][-1] == tables.EMPTY, "the last override counts"


def test_what_a_provider_does_not_report_is_no_column():
    panels = dashboards()["outreach-deliverability"]["panels"]
    panel = next(panel for panel in panels if (panel["type"], panel["title"]) == ("table", "Mailboxes"))
    mailbox = {"mailbox": "a@b.example", "account": "acme", "provider": "lemlist"}
    answers = {"A": [(mailbox | {"status": "connected"}, "1")], "B": [(mailbox, "0.5")]}
    titles, rows = cells.rows_of_table(panel, Reporting(answers))
    assert titles == ["Mailbox", "Account", "Provider", "Status", "Sends", "Health"]
    assert [text for text, _ in rows[0]] == ["a@b.example", "acme", "lemlist", "connected", "yes", "50%"]


def recordings():
    """Every recorded name and its expression."""
    groups = yaml.safe_load((DASHBOARDS / "prometheus/rules.yml").read_text())["groups"]
    return {rule["record"]: rule["expr"] for group in groups for rule in group["rules"]}


def test_recorded_names_exist():
    recorded = recordings()
    for dashboard in dashboards().values():
        for _, target in lint.queries(dashboard):
            for name in re.findall(r"\b(?:step|campaign|account|provider|mailbox|mailbox_service|domain):[\w:]+", lint.parseable(target["expr"])):
                assert name in recorded, name


@pytest.mark.parametrize("name", recordings())
def test_something_reads_a_recording(name):
    # A dashboard of variants fills in the outcome.
    pattern = re.compile(rf"(?<![\w:]){re.sub('_(opened|clicked|replied)_', '_(?:[$]{outcome}|[a-z]+)_', name)}(?![\w:])")
    readers = [expression for other, expression in recordings().items() if other != name]
    readers += [(DASHBOARDS / "prometheus/alerts.yml").read_text(), json.dumps(list(dashboards().values()))]
    assert any(pattern.search(text) for text in readers)


def test_the_past_of_the_demo_is_that_of_its_accounts_and_of_the_first_layer():
    accounts = yaml.safe_load((DASHBOARDS / "demo.yml").read_text())["accounts"]
    assert {each["name"]: each["base_url"] for each in accounts} == {
        f"demo-{name}": f"http://127.0.0.1:10448{path}" for name, path in PATHS.items()}
    document = (DASHBOARDS.parent / "docs/dashboards.md").read_text()
    pattern = re.search(r"sed -nE 's/\^\((.+)\)_total\(\.\*\),job", document)[1]
    catalogue = (DASHBOARDS.parent / "docs/metrics.md").read_text()
    written = [name for name in re.findall(r"`outreach_campaign_(\w+)_total", catalogue) if re.fullmatch(pattern, f"outreach_campaign_{name}")]
    assert sorted(set(written)) == sorted(identity.TOTALS)
