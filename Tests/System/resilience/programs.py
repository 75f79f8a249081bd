# SPDX-License-Identifier: Apache-2.0
"""The programs of a siege: the exporter, its simulator and a real Prometheus that scrapes it."""

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request

PATHS = [("instantly", "/instantly"), ("lemlist", "/lemlist/api"), ("sendkit", "/sendkit")]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def fetch(url, timeout=10, **headers):
    """Fetches over a connection of its own."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as answer:
        return answer.read()


def until(condition, seconds=60, pause=0.1):
    """Asks until the answer is true or the time is over; returns the last answer."""
    end = time.monotonic() + seconds
    while not (answer := condition()) and time.monotonic() < end:
        time.sleep(pause)
    return answer


class Program:
    """A program with its standard error line by line; ends with the block that it was started in."""

    def __init__(self, *arguments, environment=None, prepare=None):
        self.lines = []
        self.process = subprocess.Popen(
            arguments,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            preexec_fn=prepare,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line.decode(errors="replace").rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGTERM)

    def said(self, pattern, seconds=30):
        """The first line in which the pattern is found, or None if it does not come."""
        matching = lambda: next((line for line in list(self.lines) if re.search(pattern, line)), None)
        return until(lambda: matching() or self.process.poll() is not None, seconds, 0.02) and matching()

    def end(self, number, seconds=20):
        """Sends a signal and waits for the end; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.reader.join(5)
        return status

    def _proc(self, name):
        with open(f"/proc/{self.process.pid}/{name}") as file:
            return file.read()

    @property
    def resident(self):
        """Resident memory, in MB."""
        return int(re.search(r"VmRSS:\s+(\d+)", self._proc("status"))[1]) / 1024

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def processor(self):
        """Processor time, in seconds."""
        user, system = self._proc("stat").rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Exporter(Program):
    """The exporter on a port of its own; `url` is known once it listens."""

    def __init__(self, binary, *arguments, port=None, **options):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(binary, *arguments, f"--web.listen-address=127.0.0.1:{self.port}", **options)

    def ready(self, seconds=60):
        """Waits until every account was asked or restored."""

        def answers():
            try:
                return fetch(self.url + "/-/ready", 2)
            except OSError:
                return None

        return until(lambda: answers() or self.process.poll() is not None, seconds) and self.process.poll() is None

    def page(self):
        return fetch(self.url + "/metrics", 20).decode()

    def value(self, name):
        """The value of a series without labels."""
        return float(re.search(rf"^{name} (\S+)$", self.page(), re.MULTILINE)[1])


class Simulator(Program):
    """The three APIs, and accounts at them."""

    def __init__(self, binary, campaigns=4, speed=0):
        size = {"campaigns": campaigns, "steps": 2, "variants": 2, "mailboxes": 2, "speed": speed}
        super().__init__(binary, "simulate", *(f"--simulator.{name}={value}" for name, value in size.items()))
        self.url = "http://" + re.search(r"address=(\S+)", self.said("msg=listening"))[1]

    def configuration(self, folder, interval="1s"):
        """A file with an account at each provider."""
        path = os.path.join(folder, "config.yml")
        with open(path, "w") as file:
            file.write(f"collection: {{interval: {interval}, max_staleness: 1h}}\naccounts:\n")
            for name, base in PATHS:
                file.write(f"  - {{name: {name}, provider: {name}, api_key: k, base_url: '{self.url}{base}'}}\n")
        return path


class Prometheus(Program):
    """Debian's Prometheus, which scrapes a target every so many seconds."""

    def __init__(self, target, folder, interval):
        path, port = os.path.join(folder, "prometheus.yml"), free_port()
        with open(path, "w") as file:
            file.write(
                f"global: {{scrape_interval: {interval}s, scrape_timeout: {interval}s}}\nscrape_configs:\n"
                f"  - {{job_name: outreach, static_configs: [{{targets: ['{target.removeprefix('http://')}']}}]}}\n"
            )
        self.url = f"http://127.0.0.1:{port}"
        data = os.path.join(folder, "prometheus")
        super().__init__(
            "/usr/bin/prometheus",
            f"--config.file={path}",
            f"--storage.tsdb.path={data}",
            f"--web.listen-address=127.0.0.1:{port}",
        )
        self.said("Server is ready")

    def query(self, expression):
        """The values that an expression has now."""
        query = urllib.parse.urlencode({"query": expression})
        answer = json.loads(fetch(f"{self.url}/api/v1/query?{query}"))
        return [float(series["value"][1]) for series in answer["data"]["result"]]


def compiler():
    """A C compiler: the toolchain's own stands beside swift."""
    return os.path.join(os.path.dirname(os.path.realpath(shutil.which("swift"))), "clang")


def allow_files():
    """Lets this process open as many files as the system allows."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
