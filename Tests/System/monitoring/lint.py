# SPDX-License-Identifier: Apache-2.0
"""The rules of Grafana's dashboard-linter, and where these dashboards deviate from them, with the reason.

Of its 17 rules four are about Loki and do not apply. Each rule here yields its findings as `(place, what is wrong)`.
"""

import re

import promql_parser

UNITS = {"short", "percentunit", "s", "reqps", "bytes"}
PANELS = {"stat", "timeseries", "table", "bargauge", "state-timeline"}
VARIABLES = {"$__rate_interval": "5m", "$__interval": "5m", "$effect": "0.3", "${outcome}": "replied"}

# Alerts, recorded series, and what exporters repeat of providers.
IDENTITY = r"^(ALERTS(_FOR_STATE)?|\w+:[\w:${}]+|outreach_(campaign|step|mailbox|domain|account_plan)_[\w${}]+)\{"

# rule, a pattern of the query: why the rule does not hold there
EXCLUSIONS = [
    ("template-job-rule", r"outreach-(overview|campaign|ab|senders|deliverability)", "an account is the same from any job"),
    ("template-instance-rule", r"outreach-(overview|campaign|ab|senders|deliverability)", "an account is the same from any exporter"),
    ("target-job-rule", IDENTITY, "the identity of what it tells has no job; alerts about a missing exporter have none"),
    ("target-instance-rule", IDENTITY, "the identity of what it tells has no instance; alerts about a missing exporter have none"),
    ("target-counter-agg-rule", r"(max|min) by \(sequence, step, variant\) \(outreach_step_[\w${}]+_total|max\(outreach_campaign_\w+_total",
     "the provider's total since the campaign began is the number people ask for; it needs no rate and survives every restart"),
    ("target-counter-agg-rule", r"of bars$", "bars show the difference of totals at both ends, so that they add up"),
    ("target-rate-interval-rule", r"\[1h\]", "the panel says `in the last hour`, whatever its width"),
    ("target-rate-interval-rule", r"\[20m\]", "comparisons of variants are recorded every ten minutes; the newest is wanted, and no rate"),
]


def queries(dashboard):
    """Every panel and query of a dashboard."""
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel, target


def parseable(expression):
    """A query with a value in place of every variable."""
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    return expression


def selectors(expression):
    """The metrics and matchers of a query."""
    return re.findall(r"([a-zA-Z_:][\w:${}]*)\{(.*?)\}(?=[^\w]|$)", expression)


def excluded(rule, expression):
    """Whether an exclusion applies."""
    return any(rule == name and re.search(pattern, expression) for name, pattern, _ in EXCLUSIONS)


def template_datasource_rule(dashboard):
    found = [item for item in dashboard["templating"]["list"] if item["type"] == "datasource"]
    if [(item["name"], item["label"]) for item in found] != [("datasource", "Data source")]:
        yield "variables", "not exactly one data source variable called `datasource`, labelled `Data source`"


def template_job_and_instance_rules(dashboard):
    variables = {item["name"]: item for item in dashboard["templating"]["list"]}
    for name in ["job", "instance"]:
        if excluded(f"template-{name}-rule", dashboard["uid"]):
            continue
        item = variables.get(name, {})
        if not (item.get("label") == name and item.get("type") == "query" and item.get("multi")
                and item.get("allValue") == ".+" and item["datasource"]["uid"] == "${datasource}"):
            yield name, "not a query variable of several values with `.+` for all of them"


def template_label_promql_rule(dashboard):
    for item in dashboard["templating"]["list"]:
        if item["type"] == "query":
            match = re.fullmatch(r"label_values\((.+), \w+\)|query_result\((.+)\)", item["query"]["query"])
            promql_parser.parse(parseable(match[1] or match[2]))


def template_on_time_change_reload_rule(dashboard):
    for item in dashboard["templating"]["list"]:
        if item["type"] == "query" and item["refresh"] != 2:
            yield item["name"], "is not read again when the time range changes"


def panel_datasource_rule(dashboard):
    for panel, target in queries(dashboard):
        if {panel["datasource"]["uid"], target["datasource"]["uid"]} != {"${datasource}"}:
            yield panel["title"], "does not use the data source variable"


def panel_title_description_rule(dashboard):
    for panel in dashboard["panels"]:
        if panel["type"] not in PANELS or not panel["title"] or not panel["description"].endswith("."):
            yield panel["title"], "has no title or no description"


def panel_units_rule(dashboard):
    for panel in dashboard["panels"]:
        units = {panel["fieldConfig"]["defaults"]["unit"]} | {
            item["value"] for override in panel["fieldConfig"]["overrides"] for item in override["properties"]
            if item["id"] == "unit"}
        if not units <= UNITS:
            yield panel["title"], f"has an unknown unit: {units - UNITS}"


def panel_no_targets_rule(dashboard):
    for panel in dashboard["panels"]:
        if not panel["targets"]:
            yield panel["title"], "has no query"


def target_promql_rule(dashboard):
    for panel, target in queries(dashboard):
        try:
            promql_parser.parse(parseable(target["expr"]))
        except ValueError as problem:
            yield panel["title"], f"does not parse: {problem}: {target['expr']}"


def target_rate_interval_rule(dashboard):
    for panel, target in queries(dashboard):
        for window in re.findall(r"\[([^\]]+)\]", target["expr"]):
            if window not in ["$__rate_interval", "$__interval"] and not excluded("target-rate-interval-rule", f"[{window}]"):
                yield panel["title"], f"has the fixed window [{window}]"


def target_job_and_instance_rules(dashboard):
    for panel, target in queries(dashboard):
        for metric, matchers in selectors(target["expr"]):
            for label in ["job", "instance"]:
                if f'{label}=~"${label}"' not in matchers and not excluded(f"target-{label}-rule", f"{metric}{{"):
                    yield panel["title"], f"{metric} is not filtered by {label}"


def target_counter_agg_rule(dashboard):
    for panel, target in queries(dashboard):
        kind = " of bars" if "[$__interval] offset -$__interval" in target["expr"] else ""
        for match in re.finditer(r"(\S*\s?(?:by \([^)]*\) )?\()([\w${}]+_total)\{", target["expr"]):
            inside = re.search(r"(rate|increase)\($", match[1])
            if not inside and not excluded("target-counter-agg-rule", match[1].lstrip("(") + match[2] + kind):
                yield panel["title"], f"{match[2]} is a counter without a rate"


def uneditable_dashboard(dashboard):
    if dashboard["editable"]:
        yield dashboard["title"], "can be edited in place"


RULES = [
    template_datasource_rule, template_job_and_instance_rules, template_label_promql_rule,
    template_on_time_change_reload_rule, panel_datasource_rule, panel_title_description_rule, panel_units_rule,
    panel_no_targets_rule, target_promql_rule, target_rate_interval_rule, target_job_and_instance_rules,
    target_counter_agg_rule, uneditable_dashboard,
]
