# SPDX-License-Identifier: Apache-2.0
"""A mixed attack load while a real Prometheus scrapes and a new client connects every second."""

import multiprocessing
import tempfile
import time

from harness.exporter import Exporter
from harness.prometheus import Prometheus
from harness.scrape import fetch
from harness.waiting import until
from resilience import clients
from resilience.setup import configuration, simulator


def new_clients(url, end):
    """Fetches the page over a new connection every second; returns how long each took, infinity for a failure."""
    times = []
    while (began := time.monotonic()) < end:
        try:
            fetch(url, **{"Accept-Encoding": "gzip"})
            times.append(time.monotonic() - began)
        except OSError:
            times.append(float("inf"))
        time.sleep(max(0, 1 - (time.monotonic() - began)))
    return times


def usage(exporter):
    """What the exporter uses, as text."""
    return f"{exporter.resident:.0f} MB, {exporter.descriptors} descriptors, {exporter.cpu_seconds:.1f} s of processor time"


def run(options):
    """Yields what is expected during the attack and after it, and whether it holds."""
    interval = options.scrape_interval
    with (
        tempfile.TemporaryDirectory() as folder,
        simulator(options, campaigns=60, speed=60) as providers,
        Exporter(options.program, configuration(folder, providers, "5s"), "--log.level=debug") as exporter,
        Prometheus(folder, exporter.target, interval=f"{interval}s") as prometheus,
    ):
        exporter.ready(seconds=120)
        page = f"{exporter.url}/metrics"
        for coding in ["gzip", "identity"] * 20:
            size = len(fetch(page, **{"Accept-Encoding": coding}))
        until(lambda: prometheus.query("up == 1"))
        began, memory, descriptors = time.monotonic(), exporter.resident, exporter.descriptors
        print(f"before: {usage(exporter)}; an uncompressed page has {size} bytes")

        results, sender = multiprocessing.Pipe(duplex=False)
        attack = multiprocessing.Process(target=clients.attack, args=(exporter.port, options.seconds, options.seed, sender))
        attack.start()
        times = new_clients(page, began + options.seconds)
        print(f"during: {usage(exporter)}")
        counts = results.recv()
        attack.join()
        until(lambda: exporter.descriptors <= descriptors + 2, 30)
        print(f"after:  {usage(exporter)}")

        span = int(time.monotonic() - began)
        [up] = prometheus.query(f"min_over_time(up[{span}s])")
        [scrapes] = prometheus.query(f"count_over_time(up[{span}s])")
        [slowest] = prometheus.query(f"max_over_time(scrape_duration_seconds[{span}s])")
        [starts] = prometheus.query(f"changes(process_start_time_seconds[{span}s])")
        print("attack: " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
        print(f"Prometheus: {scrapes:.0f} scrapes in {span} s, the slowest {slowest:.3f} s; restarts {starts:.0f}")
        print(f"new clients: {len(times)}, the slowest {max(times):.3f} s; log lines {len(exporter.lines)}")
        yield "every scrape of Prometheus succeeded", up == 1 and scrapes >= span // interval - 2
        yield "every new client was served within 10 s", max(times) < 10
        yield "it did not restart", starts == 0 and not exporter.ended
        yield "descriptors are closed again", exporter.descriptors <= descriptors + 2
        yield "memory is freed again", exporter.resident < memory * 1.25 + 8
