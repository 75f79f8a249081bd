# SPDX-License-Identifier: Apache-2.0
"""Runs files of promtool's unit tests, each case with only the rules that can matter to it."""

import json
import subprocess
import tempfile
from pathlib import Path

import yaml

from harness import DASHBOARDS
from monitoring import relevance

PROMETHEUS = DASHBOARDS / "prometheus"


def run(*command):
    """Runs a program, which must succeed, and returns what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROMETHEUS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def alerts():
    """Every alert rule."""
    shipped = [group for name in ["alerts.yml", "monitoring.yml"]
               for group in yaml.safe_load((PROMETHEUS / name).read_text())["groups"]]
    return [rule for group in shipped for rule in group["rules"]]


def read(path):
    """A file of unit tests."""
    # As text: YAML takes `0x60`, sixty more zeros for promtool, for a hexadecimal number.
    document = yaml.load(path.read_text(), yaml.BaseLoader)
    for case in document["tests"]:
        for moment in case.get("promql_expr_test", []):
            moment["exp_samples"] = [sample | {"value": float(sample["value"])} for sample in moment.get("exp_samples", [])]
    return document


def groups(path, document):
    """The groups of the rule files that a file of unit tests names."""
    return [group for name in document["rule_files"]
            for group in yaml.load((path.parent / name).read_text(), yaml.CSafeLoader)["groups"]]


def run_cases(document, all_groups):
    """Runs the cases of a file of unit tests; fails if there are none or one fails."""
    assert document["tests"]
    with tempfile.TemporaryDirectory() as folder:
        for index, case in enumerate(document["tests"]):
            rules = {"groups": relevance.relevant(all_groups, case)}
            (Path(folder) / f"rules-{index}.json").write_text(json.dumps(rules))
            alone = document | {"rule_files": [f"rules-{index}.json"], "tests": [case]}
            (Path(folder) / f"case-{index}.json").write_text(json.dumps(alone))
        return run("promtool", "test", "rules", *map(str, sorted(Path(folder).glob("case-*"))))
