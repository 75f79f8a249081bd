# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus that scrapes an exporter and evaluates the shipped rules, with days that last a minute.

The shipped rules look back over days. To see them work within minutes, every duration in them is divided by `FACTOR`,
and the world runs faster by the same factor: a window of seven days is seven minutes long and holds seven days.
"""

import http.server
import re
import socket
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

from world import World

DASHBOARDS = Path(__file__).resolve().parents[2] / "dashboards"
FACTOR = 1440
SHORTEST = 5
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
EXPORTER_INTERVAL = 5


def seconds(duration):
    """The seconds of `1h`, `7d`, `90s`."""
    return int(duration[:-1]) * UNITS[duration[-1]]


def scaled(text, factor=FACTOR):
    """Rules or a query with every window, offset, interval and `for` divided; no window below a few scrapes."""
    def window(match):
        return f"{match[1]}{max(SHORTEST, seconds(match[2]) // factor)}s"

    text = re.sub(r"(\[|offset )(\d+[smhd])\b", window, text)
    return re.sub(r"\b(interval|for): (\d+[smhd])\b", lambda match: f"{match[1]}: {max(1, seconds(match[2]) // factor)}s", text)


def free_port():
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(url):
    """Waits until a program of the Prometheus family answers."""
    deadline = time.time() + 30
    while time.time() < deadline:
        try:
            return urllib.request.urlopen(f"{url}/-/ready")
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} did not start")


class Exporter:
    """The made-up exporter on a free port of the loopback."""

    def __init__(self, factor=FACTOR, troubled=True):
        self.world = world = World(troubled=troubled)
        began = time.time()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                now = time.time()
                world.advance((now - began) * factor)
                body = world.page(now, EXPORTER_INTERVAL).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.target = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Prometheus:
    """Debian's Prometheus with the shipped rules, scaled."""

    def __init__(self, directory, target, port, factor=FACTOR, alertmanager="127.0.0.1:9"):
        for name in ["rules.yml", "alerts.yml"]:
            (directory / name).write_text(scaled((DASHBOARDS / "prometheus" / name).read_text(), factor))
        (directory / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
            "rule_files: [rules.yml, alerts.yml]\n"
            f"alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}\n"
            f"scrape_configs: [{{job_name: outreach, static_configs: [{{targets: ['{target}']}}]}}]\n")
        self.url = f"http://127.0.0.1:{port}"
        with open(directory / "log", "w") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/data",
                 f"--web.listen-address=127.0.0.1:{port}", "--query.lookback-delta=10s"], stderr=log)
        wait(self.url)

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait()
