# SPDX-License-Identifier: Apache-2.0
"""Serves the page of a file through Python's client library, as families of constant metrics."""

import sys
import time

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.parser import text_fd_to_metric_families


class Page:
    """A collector whose families do not change."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.families = list(text_fd_to_metric_families(file))

    def collect(self):
        return self.families


registry = CollectorRegistry()
registry.register(Page(sys.argv[2]))
start_http_server(int(sys.argv[1]), "127.0.0.1", registry)
time.sleep(1 << 20)
