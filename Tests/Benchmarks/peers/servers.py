# SPDX-License-Identifier: Apache-2.0
"""Starts the exporter and its peers, each serving the same page."""

import contextlib
import gzip
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
PATHS = {"instantly": "instantly", "lemlist": "lemlist/api", "sendkit": "sendkit"}
SIMULATOR_FLAGS = ["--simulator.steps=4", "--simulator.variants=2", "--simulator.speed=1"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=120) as response:
            return response.status == 200
    except OSError:
        return False


def wait(condition, what, seconds=900):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come up")
        time.sleep(0.2)


@contextlib.contextmanager
def serving(command, what):
    """A server that is started with a free port and answers there; says how it ended if it does not."""
    port = free_port()
    with running(command(port)) as process:
        wait(lambda: process.poll() is not None or answers(port, "/metrics"), what)
        if process.poll() is not None:
            sys.exit(f"{what} ended with {process.returncode}")
        yield process.pid, port


@contextlib.contextmanager
def running(command, **options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def configuration(simulator, accounts):
    """As many accounts of each provider, each with a key and hence a world of its own."""
    lines = ["collection: { interval: 6h, max_staleness: 24h }", "accounts:"]
    for number in range(accounts):
        for provider, path in PATHS.items():
            lines += [
                f"  - name: {provider}-{number}",
                f"    provider: {provider}",
                f"    api_key: key-{number}",
                f"    base_url: http://127.0.0.1:{simulator}/{path}",
            ]
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def exporter(binary, folder, accounts, campaigns):
    """The exporter, when it has collected everything from a simulator in another process, which then ends."""
    simulator, port = free_port(), free_port()
    config = folder / "config.yml"
    config.write_text(configuration(simulator, accounts))
    simulate = [binary, "simulate", f"--simulator.listen-address=127.0.0.1:{simulator}"]
    simulate += [f"--simulator.campaigns={campaigns}", "--simulator.mailboxes=8"] + SIMULATOR_FLAGS
    run = [binary, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}", "--web.max-requests=200"]
    with running(run, stderr=subprocess.DEVNULL) as process:
        with running(simulate, stderr=subprocess.DEVNULL):
            wait(lambda: answers(port, "/-/healthy"), "the exporter")
            wait(lambda: collected(port, accounts * len(PATHS)), "the first collection")
        yield process.pid, port


def ask(port):
    """The page as Prometheus asks for it, so that it is built meanwhile."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=120) as response:
        return gzip.decompress(response.read()).decode()


def series(page):
    """How many samples the page says it has."""
    return int(page.rsplit("\noutreach_exporter_series ", 1)[1].split("\n")[0])


def collected(port, accounts):
    """Whether every account's first collection has ended, and the page shows it: it rests between two builds."""
    page = ask(port)
    done = [line for line in page.split("\n") if line.startswith("outreach_collections_total{")]
    if sum(line.rsplit(" ", 1)[1] != "0" for line in done) < accounts:
        time.sleep(2)
        return False
    time.sleep(20)
    return series(ask(port)) == series(page)


def go(folder, page):
    binary = folder / "go-peer"
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOFLAGS="", GOCACHE=str(folder / "go"))
    if not binary.exists():
        subprocess.run(["go", "build", "-o", binary, HERE / "main.go"], check=True, env=environment)
    return serving(lambda port: [binary, str(port), page], "the Go client library")


def cpp(folder, page):
    binary = folder / "cpp-peer"
    if not binary.exists():
        libraries = ["-lprometheus-cpp-pull", "-lprometheus-cpp-core", "-lz", "-lpthread"]
        subprocess.run(["g++", "-O2", "-std=c++17", "-o", binary, HERE / "main.cpp"] + libraries, check=True)
    return serving(lambda port: [binary, str(port), page], "prometheus-cpp")


def python(folder, page):
    return serving(lambda port: ["/usr/bin/python3", HERE / "page.py", str(port), page], "prometheus_client")


@contextlib.contextmanager
def nginx(folder, sendfile):
    """nginx with one worker that serves `metrics` and `metrics.gz` of the folder."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"""daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile {sendfile}; tcp_nopush {sendfile}; gzip_static on; keepalive_requests 1000000;
            default_type "text/plain; version=0.0.4";
            server {{ listen 127.0.0.1:{port}; root {folder}; }}
        }}"""
    )
    folder.chmod(0o755)
    with running(["/usr/sbin/nginx", "-c", str(config), "-e", f"{folder}/nginx.log"]) as process:
        wait(lambda: answers(port, "/metrics"), "nginx")
        yield process.pid, port
