# SPDX-License-Identifier: Apache-2.0
"""The kinds of panel the dashboards use, as Grafana's classic JSON."""

from .thresholds import NEUTRAL

# The least step of every query, and of those about what happens once per collection: the exporter's default interval. Who
# collects more seldom sees combs instead of lines.
SHORTEST, COLLECTION, DAY = "1m", "5m", "1d"
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


# The stages of a funnel: what it is called, its measure, and that of the earlier stage which it is a share of.
STAGES = [("Opened of sent", "messages_opened", "messages_sent"), ("Clicked of opened", "messages_clicked", "messages_opened"),
          ("Replied of sent", "leads_replied", "messages_sent"), ("Interested of replied", "leads_interested", "leads_replied"),
          ("Meetings of interested", "meetings_booked", "leads_interested")]


def target(expression, legend="", instant=False, table=False):
    """A query of a panel."""
    query = {"datasource": DATASOURCE, "editorMode": "code", "expr": expression, "legendFormat": legend or "__auto",
             "instant": instant, "range": not instant}
    return query | ({"format": "table"} if table else {}) | ({} if instant else {"interval": SHORTEST})


def per_collection(expression, legend="", step=COLLECTION):
    """A query about what happens once per collection: a rate over four scrapes would see it, and then see nothing."""
    return target(expression, legend) | {"interval": step}


def happened(selector, from_zero=False):
    """How much a total grew in the time that a bar stands for, which begins at its place: bars add up to the whole growth.

    `increase()` would estimate what happens between two windows. A series that begins within the window began at its first
    value, which an exporter's own counters do at zero.
    """
    window = f"{selector}[$__interval] offset -$__interval"
    first = f"max_over_time({window}) * 0" if from_zero else f"min_over_time({window})"
    return f"clamp_min(max_over_time({window}) - ({selector} or {first}), 0)"


def dashed(pattern):
    """Lines that are drawn dashed: those whose names match."""
    return {"matcher": {"id": "byRegexp", "options": pattern},
            "properties": [{"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [8, 6]}}]}


def coloured(colours):
    """Series that keep their colour whatever else is shown: `{pattern of the name: colour}`, of patterns that match the last counts."""
    return [{"matcher": {"id": "byRegexp", "options": f"/^({pattern})$/"},
             "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}]} for pattern, colour in colours.items()]


def lettered(targets):
    """Gives the queries their letters."""
    return [{"refId": chr(ord("A") + index)} | query for index, query in enumerate(targets)]


def panel(kind, title, description, targets, unit, options, thresholds=NEUTRAL, decimals=None, custom=None,
          mappings=(), overrides=(), bounds=(None, None)):
    """What all panels share."""
    defaults = {"unit": unit, "thresholds": thresholds, "mappings": list(mappings), "custom": custom or {},
                "color": {"mode": "palette-classic" if kind == "timeseries" else "thresholds"}}
    numbers = {"decimals": decimals, "min": bounds[0], "max": bounds[1]}
    return {"type": kind, "title": title, "description": description, "datasource": DATASOURCE,
            "targets": lettered(targets), "options": options,
            "fieldConfig": {"defaults": defaults | {key: value for key, value in numbers.items() if value is not None},
                            "overrides": list(overrides)}}


def stat(title, description, expression, unit="short", thresholds=NEUTRAL, decimals=None, mappings=(), legend="",
         text=None):
    """One number, coloured where it has limits; with a legend each number has its name, `text="name"` shows only that."""
    shown = panel("stat", title, description, [target(expression, legend, instant=True)], unit,
                  {"colorMode": "value", "graphMode": "none", "justifyMode": "auto", "orientation": "auto",
                   "textMode": text or ("value_and_name" if legend else "value"), "wideLayout": True,
                   "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}},
                  thresholds, decimals, mappings=mappings)
    shown["fieldConfig"]["defaults"]["noValue"] = "–"
    return shown


def series(title, description, targets, unit="short", thresholds=None, bars=False, stacked=False, decimals=None,
           bounds=(0, None), points=None, fill=5, overrides=()):
    """Numbers over time; limits show as dashed lines."""
    custom = {"drawStyle": "bars" if bars else "line", "lineWidth": 1, "fillOpacity": 80 if bars else 40 if stacked else fill,
              "showPoints": "never", "stacking": {"group": "A", "mode": "normal" if stacked else "none"},
              "thresholdsStyle": {"mode": "dashed" if thresholds else "off"}}
    shown = panel("timeseries", title, description, targets, unit,
                  {"legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True},
                   "tooltip": {"mode": "multi", "sort": "desc"}},
                  thresholds or NEUTRAL, decimals, custom, bounds=bounds, overrides=overrides)
    return shown | ({"maxDataPoints": points} if points else {})


def bars(title, description, targets, unit="short", thresholds=NEUTRAL, decimals=None, maximum=None):
    """A bar per number, the longest first read."""
    return panel("bargauge", title, description, targets, unit,
                 {"displayMode": "basic", "orientation": "horizontal", "namePlacement": "left", "showUnfilled": True,
                  "valueMode": "color", "minVizHeight": 16, "minVizWidth": 8, "sizing": "auto", "maxVizHeight": 60,
                  "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}},
                 thresholds, decimals, bounds=(0, maximum))


def timeline(title, description, targets, mappings):
    """States over time, a row per series."""
    return panel("state-timeline", title, description, targets, "short",
                 {"alignValue": "left", "mergeValues": True, "rowHeight": 0.8, "showValue": "never",
                  "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
                  "tooltip": {"mode": "single", "sort": "none"}},
                 custom={"fillOpacity": 80, "lineWidth": 0}, mappings=mappings)


def mapping(values):
    """Values as words: `{value: (text, colour)}`."""
    return {"type": "value", "options": {str(value): {"text": text, "color": color, "index": index}
                                         for index, (value, (text, color)) in enumerate(values.items())}}
