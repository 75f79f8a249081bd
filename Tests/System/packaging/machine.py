# SPDX-License-Identifier: Apache-2.0
"""A minimal Debian or Ubuntu with a running systemd, in a container of its own that forgets every change."""

import os
import shutil
import subprocess
import time
from pathlib import Path

# Of each distribution: the mirror, the components, and debootstrap's script.
DISTRIBUTIONS = {
    "bookworm": ("http://deb.debian.org/debian", "main", "bookworm"),
    "trixie": ("http://deb.debian.org/debian", "main", "trixie"),
    "noble": ("http://archive.ubuntu.com/ubuntu", "main,universe", "gutsy"),
}
# What an administrator's machine has besides the essential packages; no procps, which minimal systems lack.
INCLUDED = "systemd,systemd-sysv,dbus,curl,ca-certificates"
KEYRING = Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")


def run(*command, **options):
    """Runs a command and returns what it prints; raises an error with its output where it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def prepare(distribution, folder, package, *others):
    """The root of a distribution, made once and kept in a folder; what `package` needs and others are downloaded."""
    mirror, components, script = DISTRIBUTIONS[distribution]
    root = folder / distribution
    if not (root / "prepared").exists():
        if root.exists():
            shutil.rmtree(root)
        folder.mkdir(parents=True, exist_ok=True)
        keyring = [f"--keyring={KEYRING}"] if "ubuntu" in mirror else []
        run("debootstrap", "--variant=minbase", f"--components={components}", f"--include={INCLUDED}", *keyring,
            distribution, root, mirror, f"/usr/share/debootstrap/scripts/{script}")
        (root / "prepared").touch()
    shutil.copy(package, root / "root/package.deb")
    # apt in a root has no other way to learn where names are looked up.
    if os.path.exists("/etc/resolv.conf"):
        (root / "etc/resolv.conf").unlink(missing_ok=True)
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    run("chroot", root, "apt-get", "update", "-q")
    run("chroot", root, "apt-get", "install", "-y", "--no-install-recommends", "--download-only", "/root/package.deb",
        *others)
    return root


class Machine:
    """A booted root; changes are made in memory and end with the `with` block."""

    def __init__(self, root):
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", f"--directory={root}", "--volatile=overlay", "--private-network",
             "--register=no", "--keep-unit", "--console=pipe", "--machine=outreach", "--boot"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            # Where the host has no unified hierarchy of control groups, newer versions of systemd need their own.
            env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})

    def __enter__(self):
        self.leader = self._leader()
        self.until("systemctl is-system-running | grep -Eq 'running|degraded'", 60)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()

    def _leader(self):
        """The first process of the container: the child that has become systemd; one in between prepares the mounts."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"the container ended: {self.process.communicate()[0][-2000:]}")
            for child in children.read_text().split():
                name = Path(f"/proc/{child}/comm")
                if name.exists() and name.read_text() == "systemd\n":
                    return child
            time.sleep(0.1)
        raise RuntimeError("the container does not start")

    def attempt(self, script):
        """Runs a shell script inside; returns its exit status and its output."""
        done = subprocess.run(
            ["nsenter", f"--target={self.leader}", "--all", "env", "-i", "HOME=/root", "LC_ALL=C.UTF-8",
             "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", "-ec", script],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            cwd="/")
        return done.returncode, done.stdout

    def run(self, script):
        """Runs a shell script inside and returns its output; raises an error where it fails."""
        status, output = self.attempt(script)
        if status:
            raise RuntimeError(f"{script}\nended with {status}:\n{output[-4000:]}")
        return output

    def until(self, script, seconds=30):
        """Waits until a shell script succeeds inside; raises an error where it does not in time."""
        end = time.monotonic() + seconds
        while True:
            status, output = self.attempt(script)
            if status == 0:
                return output
            if time.monotonic() > end:
                journal = self.attempt("journalctl --no-pager --lines=30")[1]
                raise RuntimeError(f"not within {seconds} s: {script}\n{output}\n{journal}")
            time.sleep(0.2)
