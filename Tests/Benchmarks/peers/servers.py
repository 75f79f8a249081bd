# SPDX-License-Identifier: Apache-2.0
"""The exporter and its peers, each serving the same page."""

import contextlib
import os
import subprocess
import time
from pathlib import Path

from harness.exporter import QUICK, Exporter, Simulator, account, configure
from harness.program import Server, free_port
from harness.scrape import scrape, values
from harness.waiting import wait_for

HERE = Path(__file__).parent


class Peer(Server):
    """A server that takes its port on the command line; used in a `with` block, it answers there."""

    def __init__(self, port, *command):
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(*command)

    def __enter__(self):
        self.ready("/metrics", seconds=900, timeout=120)
        return self


@contextlib.contextmanager
def exporter(program, folder, count, campaigns):
    """The exporter with so many accounts of each provider, when it has collected from a simulator, which then ends."""
    with Simulator(program, campaigns=campaigns, mailboxes=8, steps=4, variants=2, speed=1) as simulator:
        # A key, and so campaigns, of its own for each account.
        accounts = [account(provider, simulator.url, name=f"{provider}-{number}", api_key=f"key-{number}")
                    for number in range(count) for provider in QUICK]
        config = configure(folder, accounts, interval="6h", max_staleness="24h")
        with Exporter(program, config, "--web.max-requests=200") as server:
            wait_for(lambda: collected(server, len(accounts)), "the first collection", 900)
            simulator.stop()
            yield server


def collected(server, accounts):
    """Whether every account's first collection has ended and the page, which pauses between two builds, shows it."""
    page = scrape(server, timeout=120)
    if sum(value > 0 for value in values(page, "outreach_collections_total")) < accounts:
        time.sleep(2)
        return False
    time.sleep(20)
    return values(scrape(server, timeout=120), "outreach_exporter_series") == values(page, "outreach_exporter_series")


def go(folder, page):
    """The Go client library."""
    binary = folder / "go-peer"
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOFLAGS="", GOCACHE=str(folder / "go"))
    subprocess.run(["go", "build", "-o", binary, HERE / "main.go"], check=True, env=environment)
    return serving(binary, page=page)


def cpp(folder, page):
    """prometheus-cpp."""
    binary = folder / "cpp-peer"
    libraries = ["-lprometheus-cpp-pull", "-lprometheus-cpp-core", "-lz", "-lpthread"]
    subprocess.run(["g++", "-O2", "-std=c++17", "-o", binary, HERE / "main.cpp", *libraries], check=True)
    return serving(binary, page=page)


def python(folder, page):
    """Python's prometheus_client."""
    return serving("/usr/bin/python3", HERE / "page.py", page=page)


def serving(*command, page):
    """A peer that serves a page on a free port."""
    port = free_port()
    return Peer(port, *command, str(port), page)


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
    return Peer(port, "/usr/sbin/nginx", "-c", str(config), "-e", f"{folder}/nginx.log")
