# SPDX-License-Identifier: Apache-2.0
"""Debian's Prometheus and its API."""

import json
import urllib.parse
from pathlib import Path

from harness import DASHBOARDS
from harness.program import Server, free_port
from harness.scrape import fetch


def api(url, path, **parameters):
    """The `data` of an answer of a Prometheus's API."""
    query = urllib.parse.urlencode(parameters, doseq=True)
    return json.loads(fetch(f"{url}/api/v1/{path}?{query}", timeout=120))["data"]


def instant(url, query, **parameters):
    """Labels and value of each series that an instant query yields."""
    return [(row["metric"], float(row["value"][1])) for row in api(url, "query", query=query, **parameters)["result"]]


class Prometheus(Server):
    """A Prometheus with its configuration, rules and data in a folder, ready when it is made."""

    def __init__(self, folder, *targets, interval="1s", evaluation=None, rules=None, alertmanager=None, flags=()):
        """Scrapes the targets at an interval; `rules` changes the text of the shipped rules, without it there are none."""
        pace = {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": evaluation or interval}
        configuration = {"global": pace, "scrape_configs": scrapes(targets)}
        if alertmanager:
            configuration["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]}
        if rules:
            configuration["rule_files"] = ["rules.yml", "alerts.yml"]
            for name in configuration["rule_files"]:
                Path(folder, name).write_text(rules((DASHBOARDS / "prometheus" / name).read_text()))
        Path(folder, "prometheus.yml").write_text(json.dumps(configuration))
        self.url = f"http://127.0.0.1:{free_port()}"
        super().__init__("prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                         f"--web.listen-address={self.target}", *flags)
        self.ready()

    def query(self, expression):
        """The values that an expression has now."""
        return [value for _, value in instant(self.url, expression)]


def scrapes(targets):
    """The scrape configuration of some targets, under the job name of the documentation."""
    return [{"job_name": "outreach", "static_configs": [{"targets": targets}]}] if targets else []
