# SPDX-License-Identifier: Apache-2.0
"""Which Prometheus the tests of the panels ask: a given one, or one of their own that scrapes `outreach-exporter demo`.

Only the intervals of the rules are changed there: every query is asked as it stands in the dashboard. The demo's clock
runs fast, so that a few collections hold days of work whatever the weekday.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import arguments  # noqa: E402
from harness.exporter import PATHS, Demo, set_faults  # noqa: E402
from harness.prometheus import api  # noqa: E402
from harness.waiting import wait_for  # noqa: E402
from monitoring.stack import start_prometheus  # noqa: E402

SPEED = 100_000
# What comes last: a second collection of the slowest account, and what the rules compute of it.
COMPLETE = (f"count(account:outreach_campaign_leads_replied:increase7d > 0) >= {len(PATHS)} and on () count(outreach_api_retries_total) > 0"
            " and on () count(step:outreach_replied_per_sent:difference) > 0"
            " and on () count(campaign:outreach_leads_runway_days) > 0")


def pytest_addoption(parser):
    parser.addoption("--program", default=arguments.program("debug"), help="path of the exporter")
    parser.addoption("--prometheus", help="base URL of a Prometheus that scrapes the exporter and has the shipped rules")


def pytest_collection_finish(session):
    """Starts what takes long and needs no attention."""
    for item in session.items:
        getattr(item.module, "begin", lambda _: None)(item)


@pytest.fixture(scope="session")
def program(request):
    """The path of the exporter."""
    return request.config.getoption("--program")


@pytest.fixture(scope="session")
def prometheus(request, program, tmp_path_factory):
    """Base URL of a Prometheus with data for every panel."""
    if given := request.config.getoption("--prometheus"):
        yield given
        return
    with Demo(program, speed=SPEED) as demo, start_prometheus(tmp_path_factory.mktemp("demo"), demo.target) as own:
        wait_for(lambda: own.query(f"sum(outreach_account_up) == {len(PATHS)}"), "all accounts")
        # Retries, which the demo has none of without a fault.
        set_faults(demo.simulator, "server-error")
        wait_for(lambda: own.query("outreach_api_retries_total"), "retries")
        set_faults(demo.simulator)
        wait_for(lambda: own.query(COMPLETE), "two collections", 300)
        # Rules build on those of other groups, which run at their own times.
        for _ in range(3):
            before = evaluations(own)
            wait_for(lambda: not before & evaluations(own), "an evaluation of every group")
        yield own.url


def evaluations(prometheus):
    """The last evaluation of each group of rules."""
    return {(group["name"], group["lastEvaluation"]) for group in api(prometheus.url, "rules")["groups"]}
