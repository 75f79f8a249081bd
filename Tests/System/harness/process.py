# SPDX-License-Identifier: Apache-2.0
"""What a process uses of the machine, as the kernel tells."""

import os
import re
import time


class Process:
    """A process by its number. Memory is in megabytes of 10⁶ bytes, 0 for a process that has ended but is not reaped."""

    def __init__(self, pid):
        self.pid = pid

    @property
    def cpu_seconds(self):
        """Processor time of all its threads so far, ended ones included, by its own clock: clock_getcpuclockid(3)."""
        return time.clock_gettime(~self.pid << 3 | 2)

    @property
    def resident(self):
        """Resident memory now."""
        return self._memory("VmRSS")

    @property
    def peak(self):
        """Resident memory at its highest."""
        return self._memory("VmHWM")

    @property
    def descriptors(self):
        """The number of open file descriptors."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    @property
    def children(self):
        """The processes that its main thread started and that still run."""
        return [Process(int(pid)) for pid in self._read(f"task/{self.pid}/children").split()]

    def _memory(self, key):
        found = re.search(rf"^{key}:\s+(\d+) kB", self._read("status"), re.M)
        return int(found[1]) * 1024 / 1e6 if found else 0

    def _read(self, name):
        with open(f"/proc/{self.pid}/{name}") as file:
            return file.read()
