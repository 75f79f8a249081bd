# SPDX-License-Identifier: Apache-2.0
"""Too few descriptors and too little memory: what can be survived is, what cannot loses nothing."""

import contextlib
import http.client
import os
import re
import resource
import signal
import socket
import tempfile
import time

from programs import PATHS, Exporter, Simulator, fetch, until


def _limited(kind, value):
    return lambda: resource.setrlimit(kind, (value, value))


def descriptors(binary):
    """Forty descriptors and a hundred clients that want to stay."""
    with tempfile.TemporaryDirectory() as folder, Simulator(binary) as simulator:
        arguments = (f"--config.file={simulator.configuration(folder)}", f"--storage.path={folder}/storage")
        with Exporter(binary, *arguments, prepare=_limited(resource.RLIMIT_NOFILE, 40)) as exporter:
            exporter.ready()
            scraper = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=10)
            clients = [socket.create_connection(("127.0.0.1", exporter.port)) for _ in range(100)]
            began, work, slowest, kept = time.monotonic(), exporter.processor, 0, 0
            while time.monotonic() < began + 5:
                asked = time.monotonic()
                try:
                    scraper.request("GET", "/metrics")
                    kept += len(scraper.getresponse().read()) > 1000
                except (http.client.HTTPException, OSError):
                    # A kept connection may have been cut in favour of a newcomer: Prometheus opens another, too.
                    scraper.close()
                    continue
                slowest = max(slowest, time.monotonic() - asked)
                time.sleep(0.25)
            busy = (exporter.processor - work) / (time.monotonic() - began)
            for client in clients:
                client.close()
            up = until(lambda: re.findall(r"^outreach_account_up\{.*\} (\d)$", exporter.page(), re.M) == ["1"] * 3, 20)
            told = [line for line in exporter.lines if "open files" in line or "descriptor" in line]
            print(f"{kept} scrapes, the slowest {slowest:.3f} s; {busy:.0%} of a processor; {exporter.descriptors} open")
            print("\n".join(told))
            print(f"{len(exporter.lines)} lines in the log")
            return _wrong(
                {
                    "scrapes do not go on": kept > 10 and slowest < 2,
                    "it spins": busy < 0.5,
                    "not one line about it": len(told) == 1 and len(exporter.lines) < 20,
                    "accounts do not come back": up,
                }
            )


def memory(binary):
    """Less and less address space, then fewer threads and less memory in a cgroup; what was stored is there afterwards."""
    with tempfile.TemporaryDirectory() as folder, Simulator(binary, campaigns=40) as simulator:
        arguments = (f"--config.file={simulator.configuration(folder)}", f"--storage.path={folder}/storage")
        with Exporter(binary, *arguments) as exporter:
            exporter.ready()
            until(lambda: all(os.path.exists(f"{folder}/storage/{name}.json") for name, _ in PATHS))
            stored = _data(exporter)
        silent = []
        for megabytes in [400, 300, 200, 160, 130, 110, 90]:
            limit = _limited(resource.RLIMIT_AS, megabytes << 20)
            silent += _squeezed(binary, arguments, f"{megabytes} MB of address space", limit)
        for threads in [24, 12, 6, 2] if os.path.isdir(f"{CGROUPS}/pids") else []:
            with _cgroup("pids", "pids.max", threads) as limit:
                silent += _squeezed(binary, arguments, f"{threads} threads", limit)
        for megabytes in [60, 24, 16] if os.path.isdir(f"{CGROUPS}/memory") else []:
            with _cgroup("memory", "memory.limit_in_bytes", megabytes << 20) as limit:
                silent += _squeezed(binary, arguments, f"{megabytes} MB in a cgroup", limit)
        with Exporter(binary, *arguments) as exporter:
            exporter.ready()
            same = until(lambda: _data(exporter) == stored, 10)
            restored = [line for line in exporter.lines if "earlier run restored" in line]
            damaged = [line for line in exporter.lines if "not usable" in line]
            print(f"afterwards: {len(restored)} accounts restored, {len(damaged)} files damaged")
        expectations = {"data was lost": same and not damaged and len(restored) == 3, "; ".join(silent): not silent}
        return _wrong(expectations)


CGROUPS = "/sys/fs/cgroup"


@contextlib.contextmanager
def _cgroup(kind, file, limit):
    """A cgroup (version 1) with a limit; gives what puts a process into it."""
    folder = tempfile.mkdtemp(prefix="siege", dir=f"{CGROUPS}/{kind}")
    with open(f"{folder}/{file}", "w") as stream:
        stream.write(str(limit))

    def join():
        with open(f"{folder}/cgroup.procs", "w") as stream:
            stream.write(str(os.getpid()))

    yield join
    os.rmdir(folder)


def _squeezed(binary, arguments, what, limit):
    """Scrapes an exporter under a limit for two seconds; returns a complaint if it neither serves nor says why not."""
    # Without Swift's own reporter of crashes, as where only the binary is installed.
    with Exporter(binary, *arguments, prepare=limit, environment={"SWIFT_BACKTRACE": "enable=no"}) as exporter:
        served, end = 0, time.monotonic() + 2
        while time.monotonic() < end and exporter.process.poll() is None:
            try:
                served += len(fetch(exporter.url + "/metrics", 2)) > 0
            except OSError:
                time.sleep(0.05)
        status = exporter.process.poll()
        exporter.end(signal.SIGTERM)
        last = exporter.lines[-1] if exporter.lines else ""
        how = "lives" if status is None else f"ended by {signal.Signals(-status).name if status < 0 else status}: {last}"
        print(f"{what}: {served} scrapes, {how}")
        fine = served > 0 if status is None else status == -signal.SIGKILL or last.startswith("outreach-exporter: ")
        return [] if fine else [what]


def _data(exporter):
    """The numbers of campaigns, which stand still."""
    return sorted(line for line in exporter.page().splitlines() if line.startswith(("outreach_campaign_", "outreach_step_")))


def _wrong(expectations):
    return [what for what, holds in expectations.items() if not holds]


def run(options):
    return descriptors(options.binary) + memory(options.binary)
