# SPDX-License-Identifier: Apache-2.0
"""The programs that the tests put together: the exporter and its simulator, and a Prometheus with the shipped rules.

The shipped rules look back over days and run once a minute. `hurried` lets them run every second; `scaled` divides
every duration in them by one factor besides. What is compared, and from which volume on, stays as shipped.
"""

import json
import re
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DASHBOARDS = ROOT / "dashboards"
PROGRAM = ROOT / ".build/debug/outreach-exporter"
# What was minutes in the rules holds at least a few scrapes, what was hours at least a collection.
SHORTEST = {"s": 3, "m": 3, "h": 6, "d": 6}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# How often a hurried Prometheus scrapes, and how often the exporter collects for it.
PACE, INTERVAL = "1s", "4s"
ACCOUNTS = [("acme", "instantly", "/instantly"), ("globex", "lemlist", "/lemlist/api"), ("initech", "sendkit", "/sendkit")]


def seconds(duration):
    """The seconds of `1h`, `7d`, `90s`."""
    return int(duration[:-1]) * UNITS[duration[-1]]


def scaled(text, factor):
    """Rules or a query with every window and offset divided, and every interval and `for`."""
    def window(match):
        return f"{match[1]}{max(SHORTEST[match[2][-1]], seconds(match[2]) // factor)}s"

    return hurried(re.sub(r"(\[|offset )(\d+[smhd])\b", window, text), factor)


def hurried(text, factor=86_400):
    """Rules that run every second and wait for nothing."""
    def pause(match):
        return f"{match[1]}{max(1, seconds(match[2]) // factor)}s"

    return re.sub(r"\b(interval: |(?:keep_firing_)?for: )(\d+[smhd])\b", pause, text)


def until(condition, patience, what):
    """Waits for something and returns it; `what` says, or computes, what was missed in vain."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what() if callable(what) else what}"
        time.sleep(0.2)
    return found


def free_port():
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A program that runs until it is stopped, its log in a file."""

    def __init__(self, log, *command):
        self.log = log
        with open(log, "w") as stream:
            self.process = subprocess.Popen(command, stderr=stream)

    def logged(self, pattern):
        """What a line of its log says."""
        def found():
            assert self.process.poll() is None, self.log.read_text()
            return re.search(pattern, self.log.read_text())
        return until(found, 30, lambda: f"{pattern} in {self.log.read_text()}")[1]

    def answers(self, url):
        """Waits until it is ready."""
        def ready():
            assert self.process.poll() is None, self.log.read_text()
            try:
                return urllib.request.urlopen(f"{url}/-/ready")
            except OSError:
                return None
        until(ready, 60, f"{url}: {self.log}")

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait()


def strike(simulator, *faults):
    """Switches faults on and all others off."""
    body = json.dumps({"faults": faults}).encode()
    urllib.request.urlopen(urllib.request.Request(f"http://{simulator}/faults", body)).read()


class Demo(Program):
    """`outreach-exporter demo`."""

    def __init__(self, directory, *flags):
        super().__init__(directory / "demo.log", PROGRAM, "demo", "--web.listen-address=127.0.0.1:0", *flags)
        self.simulator = self.logged(r'msg="simulator listening" address=(\S+)')
        self.target = self.logged(r"msg=listening address=(\S+)")


class Simulator(Program):
    """`outreach-exporter simulate`."""

    def __init__(self, directory, *flags):
        super().__init__(directory / "simulator.log", PROGRAM, "simulate", *flags)
        self.address = self.logged(r"msg=listening address=(\S+)")


class Exporter(Program):
    """`outreach-exporter` with an account per provider at a simulator, under the names of the Alertmanager example."""

    def __init__(self, directory, simulator, interval=INTERVAL):
        accounts = "".join(f"  - {{name: {name}, provider: {provider}, api_key: demo, base_url: 'http://{simulator}{path}'}}\n"
                           for name, provider, path in ACCOUNTS)
        (directory / "exporter.yml").write_text(f"collection: {{interval: {interval}}}\naccounts:\n{accounts}")
        super().__init__(directory / "exporter.log", PROGRAM, f"--config.file={directory}/exporter.yml",
                         "--web.listen-address=127.0.0.1:0")
        self.target = self.logged(r"msg=listening address=(\S+)")


class Prometheus(Program):
    """Debian's Prometheus with the shipped rules as `change` makes them; without a target it only takes what is sent."""

    def __init__(self, directory, target, change=hurried, pace=PACE, alertmanager="127.0.0.1:9"):
        for name in ["rules.yml", "alerts.yml"]:
            (directory / name).write_text(change((DASHBOARDS / "prometheus" / name).read_text()))
        (directory / "prometheus.yml").write_text(
            f"global: {{scrape_interval: {pace}, evaluation_interval: {pace}}}\n"
            f"alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}\n"
            + ("rule_files: [rules.yml, alerts.yml]\n"
               f"scrape_configs: [{{job_name: outreach, static_configs: [{{targets: ['{target}']}}]}}]\n" if target else ""))
        self.url = f"http://127.0.0.1:{free_port()}"
        super().__init__(directory / "prometheus.log", "prometheus", f"--config.file={directory}/prometheus.yml",
                         f"--storage.tsdb.path={directory}/data", f"--web.listen-address={self.url[7:]}",
                         "--web.enable-remote-write-receiver", f"--query.lookback-delta={'10s' if pace == PACE else '5m'}")
        self.answers(self.url)
