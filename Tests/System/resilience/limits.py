# SPDX-License-Identifier: Apache-2.0
"""Limits of descriptors, address space, threads and memory: it goes on, or ends with a message and loses no data."""

import contextlib
import http.client
import os
import resource
import signal
import socket
import tempfile
import time

from harness.exporter import QUICK, Exporter
from harness.scrape import fetch, scrape, values
from harness.waiting import until
from resilience.setup import simulator, storing

CGROUPS = "/sys/fs/cgroup"


def limited(kind, value):
    """What sets a limit in the child before the program is loaded."""
    return lambda: resource.setrlimit(kind, (value, value))


def descriptors(options):
    """Eighty descriptors and a hundred clients that keep their connections open."""
    with tempfile.TemporaryDirectory() as folder, simulator(options) as providers:
        limit = limited(resource.RLIMIT_NOFILE, 80)
        with Exporter(options.program, *storing(folder, providers), prepare=limit) as exporter:
            exporter.ready()
            scraper = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=10)
            clients = [socket.create_connection(("127.0.0.1", exporter.port)) for _ in range(100)]
            began, work, slowest, kept = time.monotonic(), exporter.cpu_seconds, 0, 0
            while time.monotonic() < began + 5:
                asked = time.monotonic()
                try:
                    scraper.request("GET", "/metrics")
                    kept += len(scraper.getresponse().read()) > 1000
                except (http.client.HTTPException, OSError):
                    # The server may close a kept connection in favour of a new one: Prometheus connects again, too.
                    scraper.close()
                    continue
                slowest = max(slowest, time.monotonic() - asked)
                time.sleep(0.25)
            busy = (exporter.cpu_seconds - work) / (time.monotonic() - began)
            for client in clients:
                client.close()
            up = until(lambda: values(scrape(exporter), "outreach_account_up") == [1] * len(QUICK), 20)
            told = [line for line in exporter.lines if "open files" in line or "descriptor" in line]
            print(f"{kept} scrapes, the slowest {slowest:.3f} s; {busy:.0%} of a processor; {exporter.descriptors} open")
            print("\n".join([*told, f"{len(exporter.lines)} lines in the log"]))
            yield "scrapes go on with 80 descriptors", kept > 10 and slowest < 2
            yield "it waits for descriptors without spinning", busy < 0.5
            yield "one line tells of the limit", len(told) == 1 and len(exporter.lines) < 20
            yield "accounts are up again", up


def memory(options):
    """Less and less address space, then fewer threads and less memory in a cgroup; stored data is there afterwards."""
    with tempfile.TemporaryDirectory() as folder, simulator(options, campaigns=40) as providers:
        flags = storing(folder, providers)
        with Exporter(options.program, *flags) as exporter:
            exporter.ready()
            until(lambda: all(os.path.exists(f"{folder}/storage/{name}.json") for name in QUICK))
            stored = campaign_samples(exporter)
        for megabytes in [400, 300, 200, 160, 130, 110, 90]:
            limit = limited(resource.RLIMIT_AS, megabytes << 20)
            yield serves_or_explains(options, flags, f"{megabytes} MB of address space", limit)
        for threads in [24, 12, 6, 2] if os.path.isdir(f"{CGROUPS}/pids") else []:
            with cgroup("pids", "pids.max", threads) as limit:
                yield serves_or_explains(options, flags, f"{threads} threads", limit)
        for megabytes in [60, 24, 16] if os.path.isdir(f"{CGROUPS}/memory") else []:
            with cgroup("memory", "memory.limit_in_bytes", megabytes << 20) as limit:
                yield serves_or_explains(options, flags, f"{megabytes} MB in a cgroup", limit)
        with Exporter(options.program, *flags) as exporter:
            exporter.ready()
            kept = until(lambda: stored <= campaign_samples(exporter), 10)
            restored = [line for line in exporter.lines if "earlier run restored" in line]
            damaged = [line for line in exporter.lines if "not usable" in line]
            print(f"afterwards: {len(restored)} accounts restored, {len(damaged)} files damaged")
            yield "no stored data was lost", kept and not damaged and len(restored) == len(QUICK)


@contextlib.contextmanager
def cgroup(kind, file, limit):
    """A cgroup (version 1) with a limit; yields what puts a process into it."""
    folder = tempfile.mkdtemp(prefix="outreach-exporter", dir=f"{CGROUPS}/{kind}")
    with open(f"{folder}/{file}", "w") as stream:
        stream.write(str(limit))

    def join():
        with open(f"{folder}/cgroup.procs", "w") as stream:
            stream.write(str(os.getpid()))

    yield join
    os.rmdir(folder)


def serves_or_explains(options, flags, what, limit):
    """Scrapes an exporter under a limit for two seconds: it serves, is killed by the kernel, or says why it ends."""
    # Without Swift's own reporter of crashes, as where only the program is installed.
    environment = {"SWIFT_BACKTRACE": "enable=no"}
    with Exporter(options.program, *flags, prepare=limit, environment=environment) as exporter:
        served, end = 0, time.monotonic() + 2
        while exporter.log_line(exporter.LISTENING, 2) and not exporter.ended and time.monotonic() < end:
            try:
                served += len(fetch(f"{exporter.url}/metrics", 2)) > 0
            except OSError:
                time.sleep(0.05)
        status = exporter.process.poll()
        exporter.stop()
        last = exporter.lines[-1] if exporter.lines else ""
        how = "lives" if status is None else f"ended by {signal.Signals(-status).name if status < 0 else status}: {last}"
        print(f"{what}: {served} scrapes, {how}")
        explained = status == -signal.SIGKILL or last.startswith("outreach-exporter: ") or "cannot start or continue" in last
        return f"it serves, or says why not, with {what}", served > 0 if status is None else explained


def campaign_samples(exporter):
    """The numbers of campaigns, which do not change here; why one stands still is asked for later, a few in each collection."""
    return {line for line in scrape(exporter).splitlines() if line.startswith(("outreach_campaign_", "outreach_step_"))}


def run(options):
    """Yields what is expected under each limit, and whether it holds."""
    yield from descriptors(options)
    yield from memory(options)
