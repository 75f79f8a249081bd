# SPDX-License-Identifier: Apache-2.0
"""The programs of the proofs: the simulator, the exporter, a backfill."""

import contextlib
import datetime
import re
import subprocess
import time
from pathlib import Path

PATHS = {"instantly": "/instantly", "lemlist": "/lemlist/api", "sendkit": "/sendkit"}
DAY = 86_400


def midnight():
    """The first second of this day, by UTC."""
    return int(time.time()) // DAY * DAY


def date(seconds):
    """The day of a second: `2026-01-31`."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d")


@contextlib.contextmanager
def listening(*command):
    """A program that runs until the block ends; yields the address on which it listens. Its log goes nowhere."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            if found := re.search(r"msg=listening address=(\S+)", line):
                break
        subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield "http://" + found.group(1)
    finally:
        process.terminate()
        process.wait()


def simulator(program, campaigns, days):
    """Three providers whose world stands still, with a past of so many days."""
    world = {"campaigns": campaigns, "past": days + 1, "steps": 3, "variants": 2, "mailboxes": 2, "speed": 0}
    return listening(program, "simulate", *[f"--simulator.{name}={value}" for name, value in world.items()])


def configuration(folder, address):
    """A file with an account of each provider at a simulator."""
    path = Path(folder, "config.yml")
    path.write_text("accounts:\n" + "".join(
        f"  - {{name: acme-{name}, provider: {name}, api_key: sk_key, base_url: '{address}{path}'}}\n"
        for name, path in PATHS.items()))
    return path


class Backfill:
    """A backfill under way, watched."""

    def __init__(self, program, *flags):
        self.process = subprocess.Popen([program, "backfill", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        self.began, self.memory = time.monotonic(), 0

    def watch(self, until=lambda: False):
        """Waits for its end, or interrupts it as soon as a condition holds; notes the most memory that it had."""
        while self.process.poll() is None:
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{self.process.pid}/status").read_text()
                self.memory = max([self.memory] + [int(kb) for kb in re.findall(r"VmHWM:\s+(\d+)", status)])
            if until():
                self.process.terminate()
            time.sleep(0.2)
        self.said, self.complained = self.process.communicate()
        self.took = time.monotonic() - self.began
        return self

    @property
    def calls(self):
        """How many calls it made, by its summary or else by its last line of progress."""
        found = re.findall(r"(\d+) calls", self.said) or re.findall(r"(\d+) calls", self.complained)
        return int(found[-1]) if found else 0

    def __str__(self):
        return f"{self.took:.0f} s, {self.calls} calls, {self.memory / 1000:.0f} MB of memory at most"
