# SPDX-License-Identifier: Apache-2.0
"""Campaigns of one name, and campaigns that get another one: no rule, no join and no panel breaks.

The demo's page as two exporters serve it, told anew at each scrape: totals grow, and a word renames everything.
"""

import http.server
import re
import threading
import time
import urllib.request

import pytest

from grafana import Viewer, busiest, dashboards, get
from stack import Demo, Prometheus, until

# Every campaign of both exporters is called so, and the rules that look back know it.
RENAMED = ('count(campaign:outreach_campaign_info:last10m{name="Now"}) > 30'
           ' unless on () count(campaign:outreach_campaign_info:last10m{name!="Now"})'
           ' and on () count(campaign:outreach_bounced_per_sent:ratio_increase7d) > 10')


class Retold:
    """A page whose totals grow by a hundredth per scrape, and whose campaigns are all called the same."""

    def __init__(self, page):
        self.name, self.scrapes = "Before", 0
        retold = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(retold.told(page).encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.target = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def told(self, page):
        """The page of the moment."""
        self.scrapes += 1
        page = re.sub(r'(outreach_campaign_info\{.*name=)"(?:\\.|[^"\\])*"', rf'\1"{self.name}"', page)
        return re.sub(r"^(outreach_(?:campaign|step)_\w+_total\{.*\}) (\S+)$",
                      lambda line: f"{line[1]} {float(line[2]) * (1 + self.scrapes / 100)}", page, flags=re.M)

    def stop(self):
        """Serves no more."""
        self.server.shutdown()


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """One that has seen every campaign called `Before` and then `Now`, and when it began to."""
    directory, began = tmp_path_factory.mktemp("names"), time.time()
    demo = Demo(directory, "--simulator.speed=0")
    demo.answers(f"http://{demo.target}")
    exporters = [Retold(urllib.request.urlopen(f"http://{demo.target}/metrics").read().decode()) for _ in range(2)]
    demo.stop()
    own = Prometheus(directory, "', '".join(exporter.target for exporter in exporters))
    until(lambda: get(own.url, "query", query=RENAMED.replace("Now", "Before"))["result"], 60, "the first name")
    for exporter in exporters:
        exporter.name = "Now"
    until(lambda: get(own.url, "query", query=RENAMED)["result"], 60, "the second name")
    yield own.url, began
    for program in [own, *exporters]:
        program.stop()


def test_every_panel_answers(prometheus):
    url, began = prometheus
    for dashboard in dashboards().values():
        viewer = Viewer(url, dashboard, began, time.time(), campaign=busiest(url))
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                viewer.now(target)
                viewer.history(target)


def test_no_rule_failed(prometheus):
    page = urllib.request.urlopen(f"{prometheus[0]}/metrics").read().decode()
    failures = re.findall(r"^prometheus_rule_evaluation_failures_total\{.*\} (\S+)$", page, re.M)
    assert failures and set(failures) == {"0"}


def test_a_campaign_has_one_name_per_exporter_at_any_time(prometheus):
    url, began = prometheus
    found = get(url, "query_range", query="max(count without (name) (campaign:outreach_campaign_info:last10m))",
                start=began, end=time.time(), step=1)["result"]
    assert {value for row in found for _, value in row["values"]} == {"1"}


def test_namesakes_are_told_apart_where_one_is_chosen(prometheus):
    url, began = prometheus
    viewer = Viewer(url, dashboards()["outreach-campaign"], began, time.time())
    variable = next(item for item in viewer.dashboard["templating"]["list"] if item["name"] == "campaign")
    texts = [text for text, _ in viewer.choices(variable)]
    assert len(texts) > 30 and len(set(texts)) == len(texts)
    assert all(text.startswith("Now · demo-") for text in texts)


def test_a_table_has_a_row_per_campaign(prometheus):
    url, began = prometheus
    viewer = Viewer(url, dashboards()["outreach-overview"], began, time.time())
    panel = next(panel for panel in viewer.dashboard["panels"] if panel["title"] == "Most replies")
    for target in panel["targets"]:
        rows = [(row["metric"]["instance"], row["metric"]["campaign"]) for row in viewer.now(target)]
        assert rows and len(set(rows)) == len(rows)
