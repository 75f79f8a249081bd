# SPDX-License-Identifier: Apache-2.0
"""What Grafana does with a dashboard: fills in its variables and asks Prometheus."""

import json
import math
import re
import urllib.parse
import urllib.request

from stack import DASHBOARDS, INTERVAL, PACE, scaled, seconds

# How often the data source says that it scrapes, as provisioned.
SCRAPED = "1m"


def dashboards():
    """The shipped dashboards, by uid."""
    files = sorted((DASHBOARDS / "grafana/dashboards").glob("*.json"))
    return {path.stem: json.loads(path.read_text()) for path in files}


def get(base, path, **parameters):
    """The `data` of a Prometheus answer."""
    query = urllib.parse.urlencode(parameters, doseq=True)
    with urllib.request.urlopen(f"{base}/api/v1/{path}?{query}") as answer:
        return json.load(answer)["data"]


def interpolated(text, values):
    """A text with `$name` and `${name}` filled in."""
    for name, value in values.items():
        text = re.sub(rf"\$\{{{name}\}}|\${name}\b", lambda _: str(value), text)
    return text


def busiest(base, provider=".+"):
    """The campaign with variants that sent most within a day."""
    found = get(base, "query", query=f'topk(1, campaign:outreach_campaign_messages_sent:increase1d{{provider=~"{provider}"}}'
                                     ' and on (campaign) outreach_step_messages_replied_total{variant="B"})')["result"]
    return found[0]["metric"]["campaign"] if found else None


class Viewer:
    """A person in front of a dashboard: a Prometheus, chosen values, a range of time.

    A `factor` shortens the windows of the queries, as `scaled` shortens those of the rules behind them.
    """

    def __init__(self, base, dashboard, start, end, factor=1, **chosen):
        self.base, self.dashboard, self.factor = base, dashboard, factor
        self.start, self.end = start, end
        self.values = {}
        for variable in dashboard["templating"]["list"]:
            self.values[variable["name"]] = chosen.get(variable["name"]) or self.default(variable)

    def default(self, variable):
        """What Grafana takes when nobody chooses: everything, the preset, or the first value."""
        if variable["type"] != "query":
            return variable["current"].get("value", "prometheus")
        if variable["multi"]:
            return variable["allValue"]
        return next(iter(self.options(variable)), "")

    def options(self, variable):
        """The values of a query variable."""
        query = interpolated(variable["query"]["query"], self.values)
        if query.startswith("query_result("):
            return [value for _, value in self.choices(variable)]
        selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", query).groups()
        rows = get(self.base, "series", **{"match[]": selector, "start": self.start, "end": self.end})
        return sorted({row[label] for row in rows})

    def choices(self, variable):
        """What a variable that is chosen by name offers: names and values."""
        query = interpolated(variable["query"]["query"], self.values)
        rows = get(self.base, "query", query=re.fullmatch(r"query_result\((.*)\)", query)[1], time=self.end)["result"]
        lines = ["{" + ",".join(f'{key}="{value}"' for key, value in sorted(row["metric"].items())) + "} 1" for row in rows]
        pattern = variable["regex"].strip("/").replace("(?<", "(?P<")
        return sorted((match["text"], match["value"]) for match in (re.search(pattern, line) for line in lines))

    def expression(self, target, step=15):
        """A panel's query as it reaches Prometheus."""
        pace = target.get("interval", SCRAPED) if self.factor == 1 else INTERVAL if "interval" in target else PACE
        query = interpolated(target["expr"], self.values)
        query = scaled(query, self.factor) if self.factor > 1 else query
        return interpolated(query, {"__rate_interval": f"{max(math.ceil(step) + seconds(pace), 4 * seconds(pace))}s"})

    def answer(self, target):
        """What the panel gets."""
        return self.now(target) if target["instant"] else self.history(target)

    def now(self, target):
        """The answer to an instant query."""
        return get(self.base, "query", query=self.expression(target), time=self.end)["result"]

    def history(self, target, points=300):
        """The answer over the range of time."""
        step = max(1, (self.end - self.start) / points)
        return get(self.base, "query_range", query=self.expression(target, step), start=self.start, end=self.end,
                   step=step)["result"]

    def legend(self, target, metric):
        """The name of a series."""
        pattern = target.get("legendFormat", "__auto")
        if pattern == "__auto":
            return ", ".join(value for key, value in metric.items() if key != "__name__")
        return re.sub(r"\{\{(\w+)\}\}", lambda match: metric.get(match[1], ""), pattern)
