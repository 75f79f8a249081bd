# SPDX-License-Identifier: Apache-2.0
"""Which Prometheus the tests ask: a given one, or one of their own with the made-up exporter behind it."""

import time

import pytest

from grafana import get
from stack import FACTOR, Exporter, Prometheus, free_port

# The last thing to come: campaigns with messages enough to be judged.
READY = "count(campaign:outreach_campaign_messages_sent:increase7d > 150) >= 15"
DEADLINE = 240


def pytest_addoption(parser):
    parser.addoption("--prometheus", help="base URL of a Prometheus that scrapes the exporter and has the shipped rules")
    parser.addoption("--factor", type=int, default=1, help="how much shorter a day is there")


@pytest.fixture(scope="session")
def prometheus(request, tmp_path_factory):
    """Base URL and factor of a Prometheus that has seen something."""
    if given := request.config.getoption("--prometheus"):
        yield given, request.config.getoption("--factor")
        return
    own = Prometheus(tmp_path_factory.mktemp("prometheus"), Exporter().target, free_port())
    deadline = time.time() + DEADLINE
    while not get(own.url, "query", query=READY)["result"]:
        assert time.time() < deadline, "no campaign has sent enough"
        time.sleep(1)
    yield own.url, FACTOR
    own.stop()
