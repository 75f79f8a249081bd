# SPDX-License-Identifier: Apache-2.0
"""Scrapes over one connection and tells what that took the client and cost the server."""

import socket
import statistics
import time


class Connection:
    """A kept connection that reads answers of a known or chunked length into one buffer."""

    def __init__(self, port):
        self.port = port
        self.buffer = bytearray(4 << 20)
        self.connect()

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path, gzip, keep=None):
        """Returns the length of the body; its bytes are added to `keep`."""
        accept = "gzip" if gzip else "identity"
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accept}\r\n\r\n".encode()
        count = self.ask(request)
        end = self.buffer.find(b"\r\n\r\n", 0, count)
        while end < 0:
            count += self.socket.recv_into(memoryview(self.buffer)[count:])
            end = self.buffer.find(b"\r\n\r\n", 0, count)
        head = bytes(self.buffer[:end]).lower()
        assert head[:12] in (b"http/1.1 200", b"http/1.0 200"), head
        assert (b"content-encoding: gzip" in head) == gzip, head
        sized = b"content-length:" in head
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if sized else None
        received = self.sized(length, end + 4, count, keep) if sized else self.unsized(head, end + 4, count)
        if b"connection: close" in head or head.startswith(b"http/1.0") or not sized and b"chunked" not in head:
            self.connect()
        return received

    def ask(self, request):
        """Sends a request and receives the first bytes; some servers close the connection without a word before."""
        for _ in range(2):
            try:
                self.socket.sendall(request)
                count = self.socket.recv_into(self.buffer)
                if count:
                    return count
            except ConnectionError:
                pass
            self.connect()
        raise ConnectionError("the server closes every connection")

    def sized(self, length, start, count, keep):
        received = count - start
        if keep is not None:
            keep += self.buffer[start:count]
        while received < length:
            count = self.socket.recv_into(self.buffer)
            assert count > 0
            received += count
            if keep is not None:
                keep += self.buffer[:count]
        return length

    def unsized(self, head, start, count):
        """Reads up to the mark that ends a chunked body, or to the end of the connection."""
        chunked = b"transfer-encoding: chunked" in head
        received, tail = count - start, bytes(self.buffer[max(start, count - 5):count])
        while not (chunked and tail.endswith(b"0\r\n\r\n")):
            count = self.socket.recv_into(self.buffer)
            if count == 0:
                break
            received += count
            tail = (tail + bytes(self.buffer[max(0, count - 5):count]))[-5:]
        return received


def processor_seconds(pids):
    """Processor time, to the nanosecond, of all threads, those that ended included."""
    # The clock of another process, as clock_getcpuclockid(3) makes it.
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def resident(pids):
    """Resident memory in megabytes, now and at its highest."""
    sums = {"VmRSS": 0, "VmHWM": 0}
    for pid in pids:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key in sums:
                    sums[key] += int(value.split()[0]) * 1024 / 1e6
    return sums["VmRSS"], sums["VmHWM"]


def measure(port, path, gzip, pids, seconds=1.0, rounds=3):
    """The round with the least processor time: what is above it is other people's load."""
    connection = Connection(port)
    for _ in range(2):
        length = connection.get(path, gzip)
    best = None
    for _ in range(rounds):
        times, before, started = [], processor_seconds(pids), time.perf_counter()
        while not times or time.perf_counter() - started < seconds and len(times) < 5000:
            start = time.perf_counter()
            connection.get(path, gzip)
            times.append(time.perf_counter() - start)
        cost = (processor_seconds(pids) - before) / len(times)
        times.sort()
        row = dict(
            bytes=length, cpu=cost * 1e3, p50=statistics.median(times) * 1e3,
            p99=times[min(len(times) - 1, int(len(times) * 0.99))] * 1e3, scrapes=len(times),
        )
        best = row if best is None or row["cpu"] < best["cpu"] else best
        if max(times) > seconds:
            break
    return best


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [pid] + [int(child) for child in file.read().split()]


