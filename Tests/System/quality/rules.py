# SPDX-License-Identifier: Apache-2.0
"""The shipped rules and alerts, evaluated over simulated series by Prometheus's own rule engine, `promtool test rules`.

Its virtual time lets a year pass within minutes, with the meaning of `for`, `keep_firing_for` and of rules that read themselves.
Expressions stay as shipped but for their durations, which are divided by `SCALE` like the time between samples: a query that looks
back over weeks of the engine's daily blocks costs ten times as much. Recordings that no alert reads are left out.
"""

import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import yaml

from harness import DASHBOARDS

sys.path.insert(0, str(DASHBOARDS))
from generator.settings import MEMORY  # noqa: E402

# A minute of the world is a second of the engine.
SCALE = 60
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
NAME = re.compile(r"\b[a-z_]+:outreach_[a-z0-9_]+:[a-z0-9_]+\b|\b[a-z_]+:outreach_[a-z0-9_]+\b")
DURABLE = ["expr", "for", "keep_firing_for"]
FIRING = 'ALERTS{alertstate="firing"}'
SAMPLE = re.compile(r'\{__name__="ALERTS"((?:, \w+="(?:[^"\\]|\\.)*")*)\}')


def shipped(name):
    """The groups of a rule file."""
    return yaml.load((DASHBOARDS / "prometheus" / name).read_text(), yaml.CSafeLoader)["groups"]


def read_by(expressions, recordings):
    """The names among the recordings that some expressions read, directly or through others."""
    found, waiting = set(), list(expressions)
    while waiting:
        for name in set(NAME.findall(waiting.pop())) & recordings.keys() - found:
            found.add(name)
            waiting.append(recordings[name])
    return found


def recorded(groups):
    """The expressions of all recordings."""
    return {rule["record"]: rule["expr"] for group in groups for rule in group["rules"]}


def comparing(alerts):
    """Those of some alerts that compare accounts with one another, directly or through recordings."""
    recordings = recorded(shipped("rules.yml"))
    rules = [rule for group in shipped("alerts.yml") for rule in group["rules"] if rule["alert"] in alerts]
    return {rule["alert"] for rule in rules if any(name.startswith("fleet:") for name in read_by([rule["expr"]], recordings))}


def selected(alerts):
    """Groups with some alerts, named, and the recordings that they read."""
    firing = [{"name": group["name"], "rules": [rule for rule in group["rules"] if rule["alert"] in alerts]}
              for group in shipped("alerts.yml")]
    groups = shipped("rules.yml")
    needed = read_by([rule["expr"] for group in firing for rule in group["rules"]], recorded(groups))
    kept = [{"name": group["name"], "rules": [rule for rule in group["rules"] if rule["record"] in needed]} for group in groups]
    for group in firing:
        # Texts are looked up by queries, which cost time and change nothing.
        group["rules"] = [{key: value for key, value in rule.items() if key != "annotations"} for rule in group["rules"]]
    return [group for group in kept + firing if group["rules"]]


def scaled(text, scale):
    """An expression, a `for` or an interval with every duration divided."""
    def shorter(match):
        return f"{match[1]}{int(match[2]) * SECONDS[match[3]] * 1000 // scale}ms"

    return re.sub(r"(\[|offset |^|:)(\d+)([smhd])\b", shorter, text)


def handed_on(rule, step):
    """A rule; if it hands its own last sample on from one evaluation to the next, it finds it although evaluations are far apart."""
    own = f"last_over_time({rule.get('record')}[{MEMORY}])"
    return rule | {"expr": rule["expr"].replace(own, own.replace(MEMORY, f"{max(step, minutes(MEMORY))}m"))}


def minutes(duration):
    """A duration of the settings in minutes."""
    return int(duration[:-1]) * SECONDS[duration[-1]] // 60


def evaluate(folder, alerts, series, step, steps, scale=SCALE):
    """The steps at which each alert fired: {(alert, severity, other labels as a sorted tuple): [steps]}.

    `series` are pairs of a selector and values in promtool's notation, one per `step` minutes, for `steps` steps.
    """
    groups = [group | {"rules": [{key: scaled(value, scale) if key in DURABLE else value for key, value in handed_on(rule, step).items()}
                                 for rule in group["rules"]]} for group in selected(alerts)]
    pace = f"{step * 60_000 // scale}ms"
    Path(folder, "rules.yml").write_text(json.dumps({"groups": groups}))
    case = {"interval": pace, "input_series": [{"series": name, "values": values} for name, values in series],
            "promql_expr_test": [{"expr": FIRING, "eval_time": f"{step * at * 60_000 // scale}ms"} for at in range(steps)]}
    document = {"rule_files": ["rules.yml"], "evaluation_interval": pace,
                "group_eval_order": [group["name"] for group in groups], "tests": [case]}
    Path(folder, "tests.yml").write_text(json.dumps(document))
    done = subprocess.run(["promtool", "test", "rules", "tests.yml"], cwd=folder, capture_output=True, text=True)
    return fired(done.stdout + done.stderr, step * 60_000 // scale)


def fired(output, pace):
    """The firing alerts of promtool's report, which lists each moment at which the expectation of none failed."""
    found = defaultdict(list)
    moments = re.findall(rf'expr: "{re.escape(json.dumps(FIRING)[1:-1])}", time: (\S+),\n\s+exp: ?(?:.*)\n\s+got: ?(.*)', output)
    if not moments and "SUCCESS" not in output:
        raise RuntimeError(output[:2000])
    for moment, samples in moments:
        at = milliseconds(moment) // pace
        for labels in SAMPLE.findall(samples):
            pairs = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
            name, severity = pairs.pop("alertname"), pairs.pop("severity")
            del pairs["alertstate"], pairs["team"]
            found[name, severity, tuple(sorted(pairs.items()))].append(at)
    return dict(found)


def milliseconds(duration):
    """A duration as Prometheus prints it: `1w2d3h30m`."""
    units = {"y": 31_536_000_000, "w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)(ms|[ywdhms])", duration))
