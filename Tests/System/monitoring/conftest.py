# SPDX-License-Identifier: Apache-2.0
"""Which Prometheus the panels' tests ask: a given one, or one of their own that scrapes `outreach-exporter demo`.

Nothing is scaled there but how often rules run: every query is asked as it stands in the dashboard. The demo's clock
turns fast, so that a few collections hold days of work whatever the weekday.
"""


import pytest

from grafana import get
from stack import Demo, Prometheus, strike, until

SPEED = 100_000
# The last things to come: a second collection of the slowest account, and what the rules make of it.
READY = "count(provider:outreach_replied_per_sent:ratio_increase7d) >= 3 and on () count(outreach_api_retries_total) > 0"


def pytest_addoption(parser):
    parser.addoption("--prometheus", help="base URL of a Prometheus that scrapes the exporter and has the shipped rules")


@pytest.fixture(scope="session")
def prometheus(request, tmp_path_factory):
    """Base URL of a Prometheus that has seen something."""
    if given := request.config.getoption("--prometheus"):
        yield given
        return
    directory = tmp_path_factory.mktemp("demo")
    demo = Demo(directory, f"--simulator.speed={SPEED}")
    own = Prometheus(directory, demo.target)
    # Something to try again: what the demo does not do by itself.
    until(lambda: get(own.url, "query", query="sum(outreach_account_up) == 3")["result"], 60, "three accounts")
    strike(demo.simulator, "server-error")
    until(lambda: get(own.url, "query", query="outreach_api_retries_total")["result"], 60, "retries")
    strike(demo.simulator)
    until(lambda: get(own.url, "query", query=READY)["result"], 90, "two collections")
    yield own.url
    own.stop()
    demo.stop()
