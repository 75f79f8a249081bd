# SPDX-License-Identifier: Apache-2.0
"""podman with a store of its own, and containers that are confined as an orchestrator confines them."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

from harness.waiting import wait_for

# The limits of a container, whatever those of the machine are: 1024 open files are the least that is common.
LIMITS = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]
# The root file system cannot be written to, /tmp included, which podman would put into memory.
CONFINED = ["--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL", "--security-opt=no-new-privileges"]


class Engine:
    """The command line of podman, with a store in a folder."""

    def __init__(self, folder, runtime="runc", driver="overlay"):
        # Without systemd there is nobody who would create control groups, keep a journal or run health checks.
        self.command = ["podman", f"--root={folder}/store", f"--runroot={folder}/run", f"--runtime={runtime}",
                        f"--storage-driver={driver}", "--cgroup-manager=cgroupfs", "--events-backend=none"]

    def attempt(self, *arguments):
        """Runs a command of podman; returns its status and both outputs."""
        done = subprocess.run([*self.command, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace")
        return done.returncode, done.stdout

    def run(self, *arguments):
        """Runs a command of podman and returns its output; raises an error where it fails."""
        status, output = self.attempt(*arguments)
        if status:
            raise RuntimeError(f"podman {' '.join(map(str, arguments))} ended with {status}:\n{output[-4000:]}")
        return output

    def build(self, context, name, *options):
        """Builds the Dockerfile of a folder, with its output on the terminal. Docker's format keeps the health check."""
        subprocess.run([*self.command, "build", "--format=docker", "--network=host", *LIMITS, f"--tag={name}", *options,
                        str(context)], check=True)

    def load(self, archive):
        """Loads an archive; returns the name of its image."""
        return re.search(r"Loaded image: (\S+)", self.run("load", "--input", archive))[1]

    def inspect(self, image):
        """What is known of an image."""
        return json.loads(self.run("image", "inspect", image))[0]


class Container:
    """A running container of an image, removed with the `with` block. It shares the network of the test."""

    def __init__(self, engine, image, *arguments, options=()):
        # A health check runs when the test asks for it; OCI's format has none.
        self.has_check = bool(engine.inspect(image).get("Healthcheck"))
        self.id = engine.run("run", "--detach", "--network=host", "--health-interval=disable", *LIMITS, *options, image,
                             *arguments).splitlines()[-1]
        self.engine = engine

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.engine.attempt("rm", "--force", "--time=5", self.id)

    def execute(self, *command):
        """Runs a command inside; returns its status and its output."""
        return self.engine.attempt("exec", self.id, *command)

    @property
    def pid(self):
        """The number of its first process, on the machine."""
        return int(self.engine.run("inspect", "--format={{.State.Pid}}", self.id))

    @property
    def log(self):
        """What it has written so far."""
        return self.engine.run("logs", self.id)

    def line(self, pattern, seconds=60):
        """Waits for a line of the log in which a pattern is found; returns the match."""
        return wait_for(lambda: re.search(pattern, self.log, re.MULTILINE), lambda: f"{pattern} in\n{self.log[-3000:]}", seconds)

    def is_healthy(self):
        """Whether the image's health check passes; without one, the command that it would be."""
        if self.has_check:
            return self.engine.attempt("healthcheck", "run", self.id)[0] == 0
        return self.execute("/usr/local/bin/outreach-exporter", "healthcheck")[0] == 0

    def stop(self, grace=30):
        """Asks it to end by SIGTERM, and kills it after the grace period; returns its exit status and the seconds it took."""
        process = self.pid
        begun = time.monotonic()
        os.kill(process, 15)
        wait_for(lambda: not Path(f"/proc/{process}").exists(), f"the end of {self.id}", grace, 0.02)
        took = time.monotonic() - begun
        return int(self.engine.run("wait", self.id).split()[-1]), took
