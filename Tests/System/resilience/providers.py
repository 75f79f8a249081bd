# SPDX-License-Identifier: Apache-2.0
"""Hostile providers, files and web pages, all at once, while an honest account is collected and a scraper reads."""

import base64
import gzip
import json
import os
import re
import signal
import tempfile
import threading
import time
import urllib.error
from pathlib import Path

from harness.exporter import Exporter, account, configure
from harness.local_server import LocalServer
from harness.scrape import fetch, post, scrape, values
from harness.waiting import until
from resilience.setup import simulator

PROVIDERS = ["instantly", "lemlist", "sendkit", "emailbison", "smartlead"]
KEY = "sk_live_4f9d2c7b1e8a6350"


def compressed(text):
    """A body that takes a thousandth of its size on the wire."""
    return gzip.compress(text.encode(), 9)


# Bodies that are dear to decode, or just allowed.
BODIES = {
    "zeros": lambda: compressed('{"items":[' + "0," * 7_800_000 + "0]}"),
    "objects": lambda: compressed('{"items":[' + "{}," * 5_000_000 + "{}]}"),
    "names": lambda: compressed("{" + ",".join(f'"k{number}":0' for number in range(900_000)) + "}"),
    "values": lambda: compressed('{"success":true,"data":[],"items":[' + "0," * 590_000 + "0]}"),
    "text": lambda: compressed('{"items":["' + "x" * (15 << 20) + '"]}'),
    "spaces": lambda: compressed('{"items":[' + " " * (15 << 20) + "0]}"),
    "nested": lambda: compressed("[" * 100_000 + "]" * 100_000),
}

# What a key may look like in a provider's words.
ECHOES = {
    "plain": KEY,
    "base64": base64.b64encode(KEY.encode()).decode(),
    "upper": KEY.upper(),
    "reversed": KEY[::-1],
    "hex": KEY.encode().hex(),
    "encoded": "".join(f"%{byte:02X}" for byte in KEY.encode()),
    "escaped": "".join(rf"\u{byte:04x}" for byte in KEY.encode()),
    "prefix": KEY[:-3],
}

CAMPAIGNS = [("good", 7), ("negative", -1), ("boolean", True), ("half", 0.5), ("i" * 100_000, 7)]


def responses():
    """What a server answers to a path, whose first part decides."""
    bodies = {name: body() for name, body in BODIES.items()}
    listing = {"success": True, "pagination": {"hasMore": False}}
    campaigns = [{"_id": name, "name": name[:20], "status": "active", "stats": {"totalEmailsSent": sent}}
                 for name, sent in CAMPAIGNS]

    def respond(path, _):
        kind, _, rest = path.removeprefix("/").partition("/")
        if kind in bodies:
            return 200, {"Content-Encoding": "gzip"}, bodies[kind]
        if kind in ECHOES:
            return 500, {}, f'{{"success":false,"error":"the key {ECHOES[kind]} is odd"}}'.encode()
        if found := re.match(r"v1/campaigns/(.+)/analytics", rest):
            sent = dict(CAMPAIGNS)[found[1]]
            return json.dumps(listing | {"data": {"campaign": {}, "stats": {"sent": sent}}}).encode()
        rows = campaigns if re.match(r"v1/campaigns(\?|$)", rest) else []
        return json.dumps(listing | {"data": rows}).encode()

    return respond


def accounts(server):
    """An account at every provider for each body, one for each form of the key, and one with odd campaigns."""
    kinds = [(f"{kind}-{provider}", provider, kind) for kind in BODIES for provider in PROVIDERS]
    kinds += [(kind, "sendkit", kind) for kind in [*ECHOES, "odd"]]
    for name, provider, kind in kinds:
        yield {"name": name, "provider": provider, "api_key": KEY, "base_url": f"http://{server.target}/{kind}"}


class Scraper:
    """Reads the page ten times a second over new connections; keeps how long each took, infinity for a failure."""

    def __init__(self, exporter):
        self.times, self.over = [], False
        self.exporter = exporter
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.over:
            began = time.monotonic()
            try:
                fetch(f"{self.exporter.url}/metrics", **{"Accept-Encoding": "gzip"})
                self.times.append(time.monotonic() - began)
            except OSError:
                self.times.append(float("inf"))
            time.sleep(0.1)

    def stop(self):
        """Ends it; returns the times, the longest last."""
        self.over = True
        self.thread.join()
        return sorted(self.times)


def status(url, **headers):
    """The status of a POST with these headers."""
    try:
        post(url, b"", **headers)
        return 200
    except urllib.error.HTTPError as error:
        return error.code


def run(options):
    """Yields what is expected while all of them attack, and whether it holds."""
    with tempfile.TemporaryDirectory() as folder, simulator(options, campaigns=60, speed=60) as honest:
        key = Path(folder, "key")
        key.write_text("demo\n")
        first = account("sendkit", honest.url, name="honest", interval="1s") | {"api_key_file": str(key)}
        del first["api_key"]
        with Exporter(options.program, configure(folder, [first], interval="5s")) as exporter:
            exporter.ready()
            until(lambda: values(scrape(exporter), "outreach_account_up", account="honest") == [1])
            time.sleep(3)
            idle = exporter.peak
        with (
            LocalServer(responses()) as server,
            Exporter(
                options.program,
                configure(folder, [first, *accounts(server)], interval="5s"),
                f"--storage.path={folder}/storage",
                "--log.level=debug",
            ) as exporter,
        ):
            scraper = Scraper(exporter)
            exporter.ready(seconds=120)
            key.unlink()
            os.mkfifo(key)
            answers, end = set(), time.monotonic() + options.seconds
            while time.monotonic() < end:
                answers.add(status(f"{exporter.url}/-/reload", Origin="https://elsewhere.example"))
                answers.add(status(f"{exporter.url}/-/reload", **{"Sec-Fetch-Site": "cross-site"}))
                exporter.process.send_signal(signal.SIGHUP)
                time.sleep(1)
            page, log = scrape(exporter), "\n".join(exporter.lines)
            pages = page + fetch(exporter.url).decode()
            times, peak = scraper.stop(), exporter.peak
            began = time.monotonic()
            ended = exporter.stop()
            took = time.monotonic() - began
        p99 = times[int(len(times) * 0.99)]
        print(f"{len(times)} scrapes, 99th percentile {p99 * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms")
        print(f"peak {peak:.0f} MB, {idle:.0f} MB with the honest account alone; ended with {ended} in {took:.1f} s")
        yield "every scrape was answered", times[-1] < 10
        yield "the peak is less than 150 MB above the honest one", peak - idle < 150
        yield "the honest account is up", values(page, "outreach_account_up", account="honest") == [1]
        hostile = {kind for kind in BODIES if values(page, "outreach_account_up", account=f"{kind}-instantly") == [1]}
        yield "accounts of bodies that are not to be decoded are down", hostile <= {"values"}
        shown = [secret for secret in ECHOES.values() if secret.lower() in (log + pages).lower()]
        yield "no form of the key is in the log or on a page", not shown
        sent = values(page, "outreach_campaign_messages_sent_total", account="odd")
        yield "only the usable number of the odd campaigns is exported", sent == [7]
        yield "unusable values are counted", values(page, "outreach_exporter_unusable_values_total", provider="sendkit") != []
        yield "no label is longer than a kilobyte", not re.search(r'"[^"\n]{1025}', page)
        yield "a web page cannot reload it", answers == {403}
        # What decodes at that moment may take longer than the time to stop: the watchdog ends it with 3.
        yield "it ends within 2 s", ended in (0, 3) and took < 2.5
