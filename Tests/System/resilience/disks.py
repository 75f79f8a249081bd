# SPDX-License-Identifier: Apache-2.0
"""Faults of the disk under the storage: full, read-only, hanging, frozen. Each is logged once and survived."""

import contextlib
import os
import subprocess
import tempfile
import time

from harness.exporter import QUICK, Exporter
from harness.scrape import scrape, values
from harness.waiting import until
from resilience.setup import simulator, storing


@contextlib.contextmanager
def mounted(folder, *arguments):
    """Mounts a file system for the storage."""
    subprocess.run(["mount", *arguments, folder], check=True)
    try:
        yield
    finally:
        until(lambda: subprocess.run(["umount", folder], stderr=subprocess.DEVNULL).returncode == 0, 20)


@contextlib.contextmanager
def running(options, providers, folder):
    """An exporter with its storage in `folder/storage`, ready."""
    with Exporter(options.program, *storing(folder, providers)) as exporter:
        exporter.ready()
        yield exporter


def storage_errors(exporter):
    """The lines of the log about the storage."""
    return [line for line in exporter.lines if "stored data is not usable" in line]


def saves(folder):
    """Whether every account's file is written anew within 20 seconds."""
    files = [f"{folder}/storage/{name}.json" for name in QUICK]
    began = time.time()
    return until(lambda: all(os.path.exists(file) and os.stat(file).st_mtime > began for file in files), 20)


def serves(exporter):
    """Whether the page is complete."""
    page = scrape(exporter)
    return values(page, "outreach_exporter_series")[0] > 100 and len(values(page, "outreach_account_up")) == len(QUICK)


def last_success(exporter):
    """The oldest account's last successful collection, in Unix time."""
    return min(values(scrape(exporter), "outreach_collection_last_success_timestamp_seconds"))


def full(options, providers, folder):
    """A disk without free space, which is freed later."""
    with mounted(f"{folder}/storage", "-t", "tmpfs", "-o", "size=512k", "storage"):
        with running(options, providers, folder) as exporter:
            yield "it saves", saves(folder)
            with open(f"{folder}/storage/filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
                while filler.write(bytes(4096)):
                    pass
            yield "a full disk is logged", exporter.log_line("No space left on device")
            time.sleep(3)
            print(f"  {storage_errors(exporter)[0]}")
            yield "a full disk is logged once per cycle at most", len(storage_errors(exporter)) <= 12
            yield "the page is served with a full disk", serves(exporter)
            os.unlink(f"{folder}/storage/filler")
            yield "it saves again", saves(folder)


def read_only(options, providers, folder):
    """A disk that becomes read-only, and a start on one that is."""
    with mounted(f"{folder}/storage", "-t", "tmpfs", "storage"):
        with running(options, providers, folder) as exporter:
            yield "it saves", saves(folder)
            subprocess.run(["mount", "-o", "remount,ro", f"{folder}/storage"], check=True)
            yield "a disk gone read-only is logged", exporter.log_line("Read-only file system")
            yield "the page is served with a disk gone read-only", serves(exporter)
        with Exporter(options.program, *storing(folder, providers)) as exporter:
            until(lambda: exporter.ended, 10)
            status = exporter.stop()
            print(f"  at start: status {status}: {exporter.lines[-1]}")
            yield "a start on a read-only disk is refused with one line", status == 1 and len(exporter.lines) == 1


def pipe(options, providers, folder):
    """A FIFO in place of one account's file, which opened in the usual way would never be read to its end."""
    os.mkfifo(f"{folder}/storage/{next(iter(QUICK))}.json")
    with Exporter(options.program, *storing(folder, providers)) as exporter:
        yield "other accounts do not wait for a pipe", exporter.log_line("account is up.*(lemlist|sendkit)", 8)
        line = exporter.log_line("stored data cannot be read.*it is a pipe")
        print(f"  {line}")
        yield "a pipe in the place of a file is logged", line
        yield "the account of that file is collected too", until(lambda: serves(exporter))


def frozen(options, providers, folder):
    """A disk that accepts every write and completes none: ext4 under fsfreeze."""
    image = f"{folder}/image"
    with open(image, "wb") as file:
        file.truncate(16 << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    with mounted(f"{folder}/storage", "-o", "loop", image), running(options, providers, folder) as exporter:
        yield "it saves", saves(folder)
        subprocess.run(["fsfreeze", "--freeze", f"{folder}/storage"], check=True)
        try:
            line = exporter.log_line("not usable.*finish", 30)
            print(f"  {line}")
            yield "a frozen disk is logged", line
            yield "the page is served with a frozen disk", serves(exporter)
            before = last_success(exporter)
            yield "collection goes on with a frozen disk", until(lambda: last_success(exporter) > before, 30)
        finally:
            subprocess.run(["fsfreeze", "--unfreeze", f"{folder}/storage"], check=True)
        yield "it saves again", saves(folder)


def run(options):
    """Yields what is expected of each fault, and whether it holds; the long form also freezes a disk."""
    if os.geteuid() != 0:
        print("skipped: only root can mount file systems")
        return
    with simulator(options) as providers:
        for scenario in [full, read_only, pipe] + ([frozen] if options.seconds > 60 else []):
            print(f"{scenario.__name__}:", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                os.mkdir(f"{folder}/storage")
                try:
                    yield from scenario(options, providers, folder)
                except subprocess.CalledProcessError as error:
                    print(f"  skipped, not possible here: {' '.join(error.cmd)}")
