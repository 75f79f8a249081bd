# SPDX-License-Identifier: Apache-2.0
"""Disks that are full, read-only, frozen or hang, under the storage: told of once, survived, and used again."""

import contextlib
import os
import subprocess
import tempfile
import time

from programs import PATHS, Exporter, Simulator, until


@contextlib.contextmanager
def _mounted(folder, *arguments):
    """A file system of its own for the storage."""
    subprocess.run(["mount", *arguments, folder], check=True)
    try:
        yield
    finally:
        until(lambda: subprocess.run(["umount", folder], stderr=subprocess.DEVNULL).returncode == 0, 20)


@contextlib.contextmanager
def _exporter(binary, simulator, folder):
    """An exporter with its storage in `folder/storage`, ready."""
    configuration = simulator.configuration(folder)
    with Exporter(binary, f"--config.file={configuration}", f"--storage.path={folder}/storage") as exporter:
        exporter.ready()
        yield exporter


def _complaints(exporter):
    return [line for line in exporter.lines if "stored data is not usable" in line]


def _saves(folder):
    """Whether every account's file is written anew within a few seconds."""
    files = [f"{folder}/storage/{name}.json" for name, _ in PATHS]
    began = time.time()
    return until(lambda: all(os.path.exists(file) and os.stat(file).st_mtime > began for file in files), 20)


def _serves(exporter):
    return exporter.value("outreach_exporter_series") > 100 and exporter.page().count("outreach_account_up") >= 3


def full(binary, simulator, folder):
    with _mounted(f"{folder}/storage", "-t", "tmpfs", "-o", "size=512k", "siege"):
        with _exporter(binary, simulator, folder) as exporter:
            yield "it does not save", _saves(folder)
            with open(f"{folder}/storage/ballast", "wb", buffering=0) as ballast, contextlib.suppress(OSError):
                while ballast.write(bytes(4096)):
                    pass
            yield "a full disk is not told of", exporter.said("No space left on device")
            time.sleep(3)
            print(f"  {_complaints(exporter)[0]}")
            yield "it is told of more often than every cycle", len(_complaints(exporter)) <= 12
            yield "a full disk stops the page", _serves(exporter)
            os.unlink(f"{folder}/storage/ballast")
            yield "it does not save again", _saves(folder)


def read_only(binary, simulator, folder):
    with _mounted(f"{folder}/storage", "-t", "tmpfs", "siege"):
        with _exporter(binary, simulator, folder) as exporter:
            yield "it does not save", _saves(folder)
            subprocess.run(["mount", "-o", "remount,ro", f"{folder}/storage"], check=True)
            yield "a disk gone read-only is not told of", exporter.said("Read-only file system")
            yield "a disk gone read-only stops the page", _serves(exporter)
        with Exporter(binary, f"--config.file={folder}/config.yml", f"--storage.path={folder}/storage") as exporter:
            status = exporter.process.wait(10)
            exporter.reader.join(5)
            print(f"  at start: status {status}: {exporter.lines[-1]}")
            yield "a start on a read-only disk is not refused in a line", status == 1 and len(exporter.lines) == 1


def hanging(binary, simulator, folder):
    """A file that never finishes being read: a FIFO in the place of one account's."""
    os.mkfifo(f"{folder}/storage/{PATHS[0][0]}.json")
    configuration = simulator.configuration(folder)
    with Exporter(binary, f"--config.file={configuration}", f"--storage.path={folder}/storage") as exporter:
        yield "a file that hangs holds up other accounts", exporter.said("account is up.*(lemlist|sendkit)", 8)
        told = exporter.said("not usable.*finish in time")
        print(f"  {told}")
        yield "a file that hangs is not told of", told
        yield "it holds up its own account for ever", until(lambda: exporter.page().count("_up{") == 3 and _serves(exporter))


def frozen(binary, simulator, folder):
    """A disk that takes every write and gives none back: an ext4 under fsfreeze."""
    image = f"{folder}/image"
    with open(image, "wb") as file:
        file.truncate(16 << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    with _mounted(f"{folder}/storage", "-o", "loop", image), _exporter(binary, simulator, folder) as exporter:
        yield "it does not save", _saves(folder)
        subprocess.run(["fsfreeze", "--freeze", f"{folder}/storage"], check=True)
        try:
            told = exporter.said("not usable.*finish", 30)
            print(f"  {told}")
            yield "a frozen disk is not told of", told
            yield "a frozen disk stops the page", _serves(exporter)
            before = _successes(exporter)
            yield "a frozen disk stops collection", until(lambda: _successes(exporter) > before, 30)
        finally:
            subprocess.run(["fsfreeze", "--unfreeze", f"{folder}/storage"], check=True)
        yield "it does not save again", _saves(folder)


def _successes(exporter):
    lines = exporter.page().splitlines()
    return min(float(line.split()[-1]) for line in lines if line.startswith("outreach_collection_last_success_timestamp"))


def run(options):
    if os.geteuid() != 0:
        print("not root: no file systems to try this on")
        return []
    wrong = []
    with Simulator(options.binary) as simulator:
        for scenario in [full, read_only, hanging] + ([frozen] if options.seconds > 60 else []):
            print(f"{scenario.__name__}:", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                os.mkdir(f"{folder}/storage")
                try:
                    wrong += [what for what, holds in scenario(options.binary, simulator, folder) if not holds]
                except subprocess.CalledProcessError as error:
                    print(f"  not possible here: {' '.join(error.cmd)}")
    return wrong
