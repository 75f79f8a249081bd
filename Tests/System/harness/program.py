# SPDX-License-Identifier: Apache-2.0
"""Programs that a test starts and ends, and servers among them."""

import os
import re
import signal
import socket
import subprocess
import threading
from functools import cached_property

from harness.process import Process
from harness.scrape import fetch
from harness.waiting import until


def free_port():
    """A TCP port of 127.0.0.1 on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Program(Process):
    """A program whose standard error is kept line by line; it is ended with the `with` block or by `stop`."""

    def __init__(self, *command, environment=None, prepare=None, stdout=subprocess.DEVNULL):
        """Starts it; `prepare` is called in the child before the program is loaded."""
        self.lines = []
        self.process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, text=True, errors="replace",
                                        env=os.environ | (environment or {}), preexec_fn=prepare)
        super().__init__(self.process.pid)
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()

    def _read_log(self):
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def ended(self):
        """Whether it has ended by itself or was stopped."""
        return self.process.poll() is not None

    def log_line(self, pattern, seconds=30):
        """The first line of the log in which a pattern is found, or None if it does not come in time."""
        def found():
            return next((line for line in list(self.lines) if re.search(pattern, line)), None)

        until(lambda: self.ended or found(), seconds, 0.02)
        if self.ended:
            self.reader.join(5)
        return found()

    def stop(self, number=signal.SIGTERM, seconds=20):
        """Sends a signal and waits for the end; returns the exit status."""
        if not self.ended:
            self.process.send_signal(number)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.reader.join(5)
        return status

    def fail(self, problem):
        """Stops it and raises an error that shows the end of its log."""
        status = self.process.poll()
        self.stop()
        state = "still runs" if status is None else f"ended with {status}"
        raise RuntimeError("\n".join([f"{self.process.args[0]} {state}: {problem}", *self.lines[-20:]]))


class Server(Program):
    """A program that serves HTTP."""

    LISTENING = r"msg=listening address=(\S+)"

    @cached_property
    def url(self):
        """The base URL, by the log line that names the address."""
        return self.logged_url(self.LISTENING)

    @property
    def target(self):
        """Host and port, as a scrape configuration names them."""
        return self.url.removeprefix("http://")

    @property
    def port(self):
        """The TCP port."""
        return int(self.url.rpartition(":")[2])

    def logged_url(self, pattern):
        """The URL of the address that a line of the log names."""
        line = self.log_line(pattern) or self.fail(f"no line with {pattern}")
        return "http://" + re.search(pattern, line)[1]

    def ready(self, path="/-/ready", seconds=60, timeout=10):
        """Waits until a path is answered with 200; fails if the program ends before."""
        def answers():
            try:
                fetch(self.url + path, timeout)
                return True
            except OSError:
                return self.ended

        if not until(answers, seconds) or self.ended:
            self.fail(f"{self.url}{path} does not answer")
