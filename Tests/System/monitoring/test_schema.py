# SPDX-License-Identifier: Apache-2.0
"""Grafana's own schema as a referee: what its SDK reads of a dashboard and writes again is the dashboard."""

import json

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from monitoring.grafana import dashboards

# What the data source of Prometheus reads of an annotation: the schema does not know data sources. An `id` of null is left out.
UNKNOWN = {f"/annotations/list/*/{name}" for name in ["step", "titleFormat", "textFormat", "tagKeys"]} | {"/id"}


def lost(ours, theirs, path=""):
    """The places at which something is missing or other."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            yield from lost(value, theirs[key], f"{path}/{key}") if key in theirs else [f"{path}/{key}"]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for left, right in zip(ours, theirs):
            yield from lost(left, right, f"{path}/*")
    elif ours != theirs:
        yield path


def read_and_written(dashboard):
    """A dashboard after a way through the SDK."""
    register_default_plugins()
    return json.loads(json.dumps(Dashboard.from_json(dashboard), cls=JSONEncoder))


@pytest.mark.parametrize("dashboard", dashboards().values(), ids=dashboards().keys())
def test_nothing_gets_lost(dashboard):
    assert set(lost(dashboard, read_and_written(dashboard))) <= UNKNOWN


def test_something_that_grafana_does_not_know_gets_lost():
    dashboard = dashboards()["outreach-overview"]
    dashboard["panels"][0]["fieldConfig"]["defaults"]["colour"] = "red"
    assert set(lost(dashboard, read_and_written(dashboard))) - UNKNOWN == {"/panels/*/fieldConfig/defaults/colour"}
