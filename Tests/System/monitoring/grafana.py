# SPDX-License-Identifier: Apache-2.0
"""What Grafana does with a dashboard: fills in its variables and asks Prometheus."""

import json
import math
import re

from harness import DASHBOARDS
from harness.prometheus import api, instant
from monitoring.stack import COLLECTION_INTERVAL, SCRAPE_INTERVAL, scaled, seconds

# The scrape interval of the provisioned data source.
PROVISIONED_INTERVAL = "1m"


def dashboards():
    """The shipped dashboards, by uid."""
    files = sorted((DASHBOARDS / "grafana/dashboards").glob("*.json"))
    return {path.stem: json.loads(path.read_text()) for path in files}


def interpolated(text, values):
    """A text with `$name` and `${name}` filled in."""
    for name, value in values.items():
        text = re.sub(rf"\$\{{{name}\}}|\${name}\b", lambda _: str(value), text)
    return text


def busiest(base, dashboard, provider=".+"):
    """For a dashboard about one campaign: the one with variants that sent most within a day, and its account."""
    if all(variable["name"] != "campaign" for variable in dashboard["templating"]["list"]):
        return {}
    found = instant(base, f'topk(1, campaign:outreach_campaign_messages_sent:increase1d{{provider=~"{provider}"}}'
                          ' and on (provider, account, campaign) outreach_step_messages_replied_total{variant="B"})')
    return {name: found[0][0][name] for name in ["account", "campaign"]} if found else {}


class Viewer:
    """A dashboard as somebody looks at it: a Prometheus, chosen values of the variables, a range of time.

    A `factor` shortens the windows of the queries, as `scaled` shortens those of the rules that they use.
    """

    def __init__(self, base, dashboard, start, end, factor=1, **chosen):
        self.base, self.dashboard, self.factor = base, dashboard, factor
        self.start, self.end = start, end
        self.values = {}
        for variable in dashboard["templating"]["list"]:
            self.values[variable["name"]] = chosen.get(variable["name"]) or self.default(variable)

    def default(self, variable):
        """The value without a choice: everything, the preset, or the first value."""
        if variable["type"] != "query":
            return variable["current"].get("value", "prometheus")
        if variable["multi"]:
            return variable.get("allValue") or "|".join(self.options(variable))
        return next(iter(self.options(variable)), "")

    def options(self, variable):
        """The values of a query variable."""
        query = interpolated(variable["query"]["query"], self.values)
        if query.startswith("query_result("):
            return [value for _, value in self.choices(variable)]
        selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", query).groups()
        rows = api(self.base, "series", **{"match[]": selector, "start": self.start, "end": self.end})
        return sorted({row[label] for row in rows if row.get(label)})

    def choices(self, variable):
        """The names and values that a variable with a name for each value offers."""
        query = interpolated(variable["query"]["query"], self.values)
        found = instant(self.base, re.fullmatch(r"query_result\((.*)\)", query)[1], time=self.end)
        lines = ["{" + ",".join(f'{key}="{value}"' for key, value in sorted(labels.items())) + "} 1" for labels, _ in found]
        pattern = variable["regex"].strip("/").replace("(?<", "(?P<")
        return sorted((match["text"], match["value"]) for match in (re.search(pattern, line) for line in lines))

    def shortest(self, target):
        """The least step of a query in seconds."""
        interval = seconds(target.get("interval", PROVISIONED_INTERVAL))
        if self.factor == 1:
            return interval
        return max(interval // self.factor, seconds(COLLECTION_INTERVAL if interval > seconds(PROVISIONED_INTERVAL) else SCRAPE_INTERVAL))

    def expression(self, target, step=15):
        """A panel's query as it reaches Prometheus."""
        query = interpolated(target["expr"], self.values)
        if self.factor > 1:
            query = scaled(query, self.factor)
        shortest, step = self.shortest(target), math.ceil(step)
        return interpolated(query, {"__rate_interval": f"{max(step + shortest, 4 * shortest)}s", "__interval": f"{step}s"})

    def answer(self, target):
        """The answer that the panel shows."""
        return self.now(target) if target["instant"] else self.history(target)

    def now(self, target):
        """The answer to an instant query."""
        return api(self.base, "query", query=self.expression(target), time=self.end)["result"]

    def history(self, target, points=300):
        """The answer over the range of time; bars begin at multiples of the step."""
        step = max(math.ceil((self.end - self.start) / points), self.shortest(target))
        end = self.end // step * step if "$__interval" in target["expr"] else self.end
        return api(self.base, "query_range", query=self.expression(target, step),
                   start=end - (self.end - self.start) // step * step, end=end, step=step)["result"]

    def legend(self, target, metric):
        """The name of a series."""
        pattern = target.get("legendFormat", "__auto")
        if pattern == "__auto":
            return ", ".join(value for key, value in metric.items() if key != "__name__")
        return re.sub(r"\{\{(\w+)\}\}", lambda match: metric.get(match[1], ""), pattern)
