# SPDX-License-Identifier: Apache-2.0
"""The command `outreach-exporter backfill`, and the simulated providers that it asks."""

import contextlib
import re
import subprocess
import time

from harness.exporter import Simulator, account, configure
from harness.program import Program

KEY = "sk_key"
# Those whose APIs tell what a campaign sent between two times: see `ProviderTotals`.
PROVIDERS = ["instantly", "lemlist", "sendkit"]


def simulator(options):
    """Providers whose numbers stand still, with a past of `options.days`."""
    return Simulator(options.program, campaigns=options.campaigns, past=options.days + 1, steps=3, variants=2, mailboxes=2,
                     speed=0)


def configuration(folder, simulator, **collection):
    """The flag of a configuration with an account of each of these providers."""
    return configure(folder, [account(name, simulator.url, api_key=KEY) for name in PROVIDERS], **collection)


class Backfill(Program):
    """A backfill; `watch` runs it to its end, and then `summary` is what it printed."""

    def __init__(self, program, *flags):
        self.began, self.memory = time.monotonic(), 0
        super().__init__(program, "backfill", *flags, stdout=subprocess.PIPE)

    def watch(self, until=lambda: False):
        """Waits for its end, or interrupts it as soon as a condition holds; notes its peak of memory in megabytes."""
        while not self.ended:
            with contextlib.suppress(OSError):
                self.memory = max(self.memory, self.peak)
            if until():
                self.process.terminate()
            time.sleep(0.2)
        self.stop()
        self.summary = self.process.stdout.read()
        self.took = time.monotonic() - self.began
        return self

    @property
    def calls(self):
        """The number of calls that it made, by its summary or else by its last line of progress."""
        found = re.findall(r"(\d+) calls", self.summary) or re.findall(r"(\d+) calls", "\n".join(self.lines))
        return int(found[-1]) if found else 0

    def __str__(self):
        return f"{self.took:.0f} s, {self.calls} calls, {self.memory:.0f} MB of memory at most"
