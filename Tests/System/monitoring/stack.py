# SPDX-License-Identifier: Apache-2.0
"""The monitored stack with its times shortened: an exporter, and a Prometheus with the shipped rules.

The shipped rules look back over days and run once a minute. `unpaused` lets them run every few seconds; `scaled` also divides
every duration in them by a factor. Thresholds and minimum volumes stay as shipped.
"""

import re

from harness.exporter import Exporter, account, configure
from harness.prometheus import Prometheus

# The least seconds of a window: minutes still hold a few scrapes, hours and days a collection.
SHORTEST = {"s": 3, "m": 3, "h": 6, "d": 6}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SCRAPE_INTERVAL, COLLECTION_INTERVAL = "1s", "4s"
# The account of each provider, by the names in the shipped Alertmanager configuration.
ACCOUNTS = {"instantly": "acme", "lemlist": "globex", "sendkit": "initech", "emailbison": "umbrella", "smartlead": "hooli"}
# A collection of an account that the provider allows a request in four seconds.
SLOW_INTERVALS = {"smartlead": "20s"}


def seconds(duration):
    """The seconds of `1h`, `7d`, `90s`."""
    return int(duration[:-1]) * UNITS[duration[-1]]


def scaled(text, factor):
    """Rules or a query with every window, offset, interval and `for` divided by a factor."""
    def window(match):
        return f"{match[1]}{max(SHORTEST[match[2][-1]], seconds(match[2]) // factor)}s"

    return unpaused(re.sub(r"(\[|offset |(?<=\d[smhd]):)(\d+[smhd])\b", window, text), factor, interval=1)


def unpaused(text, factor=86_400, interval=5):
    """Rules with an interval of some seconds and every `for` divided by a factor, by default so that each is a second."""
    def pause(match):
        return f"{match[1]}{max(1, seconds(match[2]) // factor)}s"

    return re.sub(r"\b((?:keep_firing_)?for: )(\d+[smhd])\b", pause, re.sub(r"\binterval: \d+[smhd]\b", f"interval: {interval}s", text))


def start_exporter(program, folder, simulator, interval=COLLECTION_INTERVAL, providers=tuple(ACCOUNTS)):
    """An exporter with an account of each of some providers at a simulator."""
    accounts = [account(provider, simulator.url, name=ACCOUNTS[provider], interval=SLOW_INTERVALS.get(provider, interval))
                for provider in providers]
    return Exporter(program, configure(folder, accounts))


def start_prometheus(folder, *targets, rules=unpaused, alertmanager="127.0.0.1:9"):
    """A Prometheus that scrapes every second and, like Prometheus by default, takes series for gone after some scrapes."""
    return Prometheus(folder, *targets, interval=SCRAPE_INTERVAL, rules=rules, alertmanager=alertmanager,
                      flags=["--query.lookback-delta=10s"])
