# SPDX-License-Identifier: Apache-2.0
"""Times scrapes over one kept connection, and what they cost the server."""

import statistics
import time

from harness.connection import Connection


def measure(server, path, coding, seconds=1.0, rounds=3):
    """The round with the least processor time, because load of others only adds to it."""
    connection, processes = Connection(server.port), [server, *server.children]
    for _ in range(2):
        response = connection.get(path, coding)
        compressed = b"content-encoding: gzip" in response.header
        assert response.status == 200 and compressed == (coding == "gzip"), response
    best = None
    for _ in range(rounds):
        times, before, started = [], cpu_seconds(processes), time.perf_counter()
        while not times or time.perf_counter() - started < seconds and len(times) < 5000:
            start = time.perf_counter()
            connection.get(path, coding)
            times.append(time.perf_counter() - start)
        cost = (cpu_seconds(processes) - before) / len(times)
        times.sort()
        row = dict(
            bytes=response.length, cpu=cost * 1e3, p50=statistics.median(times) * 1e3,
            p99=times[min(len(times) - 1, int(len(times) * 0.99))] * 1e3, scrapes=len(times),
            resident=sum(each.resident for each in processes), peak=sum(each.peak for each in processes),
        )
        best = row if best is None or row["cpu"] < best["cpu"] else best
        if max(times) > seconds:
            break
    return best


def cpu_seconds(processes):
    """Processor time of a server and its workers."""
    return sum(process.cpu_seconds for process in processes)
