# SPDX-License-Identifier: Apache-2.0
"""The unit tests of the rules as other sites would run them: other labels of targets, replaced pods, several exporters.

What a provider tells of an account does not depend on who scrapes it: each case must expect the same alerts.
"""

import re

# Labels that the Prometheus Operator gives to every target.
OPERATOR = ('namespace="outreach",pod="outreach-exporter-{0}",container="exporter",service="outreach-exporter",'
            'endpoint="http",node="node-{0}"')
# What an exporter counts itself begins at zero in a new process.
OWN = re.compile(r"outreach_(api|collection|collections|exporter)_\w+_total")
GAP = "_"
MINUTE = 60


def expanded(text):
    """The values of promtool's notation: numbers, `_` for none and `stale`."""
    out = []
    for part in text.split():
        match = re.fullmatch(r"(-?[\d.]+)?(?:([+-])([\d.]+))?(?:x(\d+))?|(_)x?(\d+)?|(stale)", part)
        start, sign, step, times, gap, gaps, stale = match.groups()
        if stale or gap:
            out += ["stale"] if stale else [GAP] * int(gaps or 1)
        else:
            slope = float(step) * (1 if sign == "+" else -1) if step else 0
            out += [float(start) + slope * index for index in range(int(times or 0) + 1)]
    return out


def written(values):
    """Values as promtool reads them, equal neighbours joined."""
    parts, last, count = [], None, 0
    for value in [*values, None]:
        if value == last:
            count += 1
            continue
        if last is not None:
            parts.append(f"_x{count}" if last == GAP else " ".join(["stale"] * count) if last == "stale" else f"{last:.10g}x{count - 1}")
        last, count = value, 1
    return " ".join(parts)


def seen(series, values, labels, job="outreach"):
    """A series as scraped from another target."""
    named = re.sub(r'job="outreach"', f'job="{job}"', series)
    return {"series": re.sub(r"\}$", f",{labels}}}", named), "values": values}


def operated(case):
    """One exporter, discovered by the Operator."""
    return [seen(one["series"], one["values"], OPERATOR.format("a")) for one in case["input_series"]]


def replaced(case, at=0.5):
    """A pod that is replaced by another with no storage; `at` is the share of the time."""
    out = []
    for one in case["input_series"]:
        values = expanded(one["values"])
        # All series change at the same time, whatever their length.
        cut = int(max(len(expanded(other["values"])) for other in case["input_series"]) * at)
        before, after = values[:cut], values[cut:]
        if one["series"].startswith("process_start_time_seconds"):
            after = [value if isinstance(value, str) else MINUTE * max(value // MINUTE, cut) for value in after]
        elif OWN.match(one["series"]):
            known = [value for value in before if not isinstance(value, str)]
            after = [value if isinstance(value, str) else value - known[-1] if known else value for value in after]
        out.append(seen(one["series"], written(before + ["stale"]), OPERATOR.format("a")))
        if after:
            second = one["series"].replace('instance="a"', 'instance="b"')
            out.append(seen(second, written([GAP] * len(before) + after), OPERATOR.format("b")))
    return out


def twice(case):
    """Two exporters of a job, and one of another job, all on the same accounts."""
    return [seen(one["series"].replace('instance="a"', f'instance="{instance}"'), one["values"], OPERATOR.format(instance), job)
            for one in case["input_series"] for job, instance in [("outreach", "a"), ("outreach", "b"), ("outreach-2", "c")]]


def about_exporters(case):
    """Whether a case is about exporters themselves, whose alerts name their target."""
    return 'instance="a"' not in str(case["input_series"]) or "instance" in str(case.get("promql_expr_test"))


def presence(case):
    """Expectations without numbers: some alerts tell of each exporter."""
    for moment in case.get("promql_expr_test", []):
        counted = moment["expr"].startswith("count by")
        moment["expr"] = re.sub(r"^count by", "group by", moment["expr"])
        for sample in moment.get("exp_samples", []):
            sample["value"] = 1 if counted else sample["value"]
    return case


def varied(document, variation):
    """A file of unit tests with every case varied; cases about exporters themselves only get more labels."""
    for case in document["tests"]:
        if not about_exporters(case):
            case["input_series"] = variation(case)
            presence(case)
    document["tests"] = [case for case in document["tests"] if not about_exporters(case)]
    return document
