# SPDX-License-Identifier: Apache-2.0
"""A mixed attack at full speed while a real Prometheus scrapes and newcomers ask every second."""

import multiprocessing
import os
import tempfile
import time

import clients
from programs import Exporter, Prometheus, Simulator, fetch, until


def _newcomers(url, end):
    """Fetches over a new connection every second; returns how long each took, infinity for those who failed."""
    times = []
    while (began := time.monotonic()) < end:
        try:
            fetch(url + "/metrics", **{"Accept-Encoding": "gzip"})
            times.append(time.monotonic() - began)
        except OSError:
            times.append(float("inf"))
        time.sleep(max(0, 1 - (time.monotonic() - began)))
    return times


def _footprint(exporter):
    return f"{exporter.resident:.0f} MB, {exporter.descriptors} descriptors, {exporter.processor:.1f} s of processor"


def run(options):
    """Returns what is wrong afterwards."""
    with tempfile.TemporaryDirectory() as folder, Simulator(options.binary, campaigns=60, speed=60) as simulator:
        arguments = (f"--config.file={simulator.configuration(folder, '5s')}", "--log.level=debug")
        interval = options.scrape_interval
        with Exporter(options.binary, *arguments) as exporter, Prometheus(exporter.url, folder, interval) as prometheus:
            exporter.ready(120)
            for coding in ["gzip", "identity"] * 20:
                size = len(fetch(exporter.url + "/metrics", **{"Accept-Encoding": coding}))
            until(lambda: prometheus.query("up == 1"))
            began, memory, descriptors = time.monotonic(), exporter.resident, exporter.descriptors
            print(f"before: {_footprint(exporter)}; a page of {size} bytes, plain")

            results, sender = multiprocessing.Pipe(duplex=False)
            crowd = multiprocessing.Process(target=clients.siege, args=(exporter.port, options.seconds, sender))
            crowd.start()
            times = _newcomers(exporter.url, began + options.seconds)
            print(f"during: {_footprint(exporter)}")
            tally = results.recv()
            crowd.join()
            until(lambda: exporter.descriptors <= descriptors + 2, 30)
            print(f"after:  {_footprint(exporter)}")

            span = int(time.monotonic() - began)
            ups = prometheus.query(f"min_over_time(up[{span}s])") + prometheus.query(f"count_over_time(up[{span}s])")
            slowest = prometheus.query(f"max_over_time(scrape_duration_seconds[{span}s])")[0]
            starts = prometheus.query(f"changes(process_start_time_seconds[{span}s])")[0]
            print("attackers: " + ", ".join(f"{count} {what}" for what, count in sorted(tally.items())))
            print(f"Prometheus: {ups[1]:.0f} scrapes in {span} s, the slowest {slowest:.3f} s; restarts {starts:.0f}")
            print(f"newcomers: {len(times)}, the slowest {max(times):.3f} s; log lines {len(exporter.lines)}")
            return [
                wrong
                for wrong, holds in {
                    "Prometheus missed a scrape": ups[0] == 1 and ups[1] >= span // interval - 2,
                    "a newcomer was not served": max(times) < 10,
                    "it restarted": starts == 0 and exporter.process.poll() is None,
                    "descriptors leak": exporter.descriptors <= descriptors + 2,
                    "memory leaks": exporter.resident < memory * 1.25 + 8,
                }.items()
                if not holds
            ]
