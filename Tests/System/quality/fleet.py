# SPDX-License-Identifier: Apache-2.0
"""Two exporters with half of the accounts each, minute by minute: their series, how those change, and when alerts are right."""

import random
from collections import defaultdict
from dataclasses import dataclass, field

from monitoring.variations import GAP, written
from quality.agency import ACCOUNTS, PROVIDERS
from quality.truth import Truth

# Minutes between scrapes and evaluations, and seconds between collections.
STEP, INTERVAL = 3, 300
EXPORTERS = ["a", "b"]


@dataclass
class Moments(Truth):
    """A truth in hours instead of days."""

    counted = (0, float("inf"))
    spans: dict = field(default_factory=lambda: defaultdict(list))

    def covers(self, key, hour):
        """Whether an alert that begins at an hour is right."""
        return any(begin <= hour <= end for begin, end in self.spans[key])


class Fleet:
    """The series of some minutes, first with everything in order, and the truth about them."""

    def __init__(self, seed, minutes):
        self.random = random.Random(seed)
        self.accounts = [{"provider": PROVIDERS[number % len(PROVIDERS)], "account": f"client-{number:02}"}
                         for number in range(ACCOUNTS)]
        self.count = minutes // STEP
        self.values, self.truths = {}, {}
        self.quiet()

    # The series.

    def home(self, account):
        """The exporter of an account."""
        return EXPORTERS[self.accounts.index(account) % len(EXPORTERS)]

    def put(self, name, labels, value):
        """A series for the whole time, a constant or a function of the minute."""
        known = [value(STEP * index) for index in range(self.count)] if callable(value) else [value] * self.count
        self.values[name, tuple(sorted(labels.items()))] = known

    def change(self, name, labels, begin, end, value):
        """A series takes another value for some minutes: a constant, a function of the minute and the value, None for none."""
        values = self.values.setdefault((name, tuple(sorted(labels.items()))), [None] * self.count)
        for index in range(begin // STEP, min(end // STEP + 1, self.count)):
            values[index] = value(STEP * index, values[index]) if callable(value) else value

    def raised(self, name, labels, begin, end, per_interval):
        """A counter begins to grow and stays."""
        def grown(minute, _):
            return per_interval * (1 + (min(minute, end) - begin) // 5)
        self.change(name, labels, begin, STEP * self.count, grown)

    def quiet(self):
        """Everything in order."""
        for number, exporter in enumerate(EXPORTERS):
            labels = {"instance": exporter}
            self.put("up", labels, 1)
            self.put("process_start_time_seconds", labels, 0)
            for name, more, value in [("build_info", {}, 1), ("shard_info", {"shard": number + 1, "shards": 2}, 1),
                                      ("shards", {}, 2), ("config_last_reload_successful", {}, 1)]:
                self.put(f"outreach_exporter_{name}", labels | more, value)
        for account in self.accounts:
            labels = account | {"instance": self.home(account)}
            self.put("outreach_account_up", labels, 1)
            self.put("outreach_collection_last_success_timestamp_seconds", labels, lambda minute: minute // 5 * INTERVAL)
            for name, value in [("interval_seconds", INTERVAL), ("duration_seconds", 40), ("campaigns", 40),
                                ("campaigns_failed", 0)]:
                self.put(f"outreach_collection_{name}", labels, value)
            self.put("outreach_account_counters_held", labels, 0)
            self.put("outreach_api_requests_total", labels | {"code": "200"}, lambda minute: 10 * (minute // 5))
            for part in ["campaigns", "mailboxes"]:
                self.put("outreach_collection_part_up", labels | {"part": part}, 1)
                self.put("outreach_collection_part_refused", labels | {"part": part}, 0)
            for campaign, status in [("1", "active"), ("2", "completed")]:
                self.put("outreach_campaign_status", labels | {"campaign": campaign, "status": status}, 1)
                self.put("outreach_campaign_info", labels | {"campaign": campaign, "name": campaign}, 1)
                self.put("outreach_campaign_opportunities_total", labels | {"campaign": campaign}, 5)

    def series(self):
        """All series in promtool's notation."""
        for (name, labels), values in self.values.items():
            text = []
            for index, value in enumerate(values):
                ended = value is None and index and values[index - 1] is not None
                text.append("stale" if ended else GAP if value is None else float(value))
            pairs = ",".join(f'{key}="{value}"' for key, value in [("job", "outreach"), *labels])
            yield f"{name}{{{pairs}}}", written(text)

    # The truth.

    def right(self, name, severity, labels, begin, end, needed=True, after=70):
        """An alert must come, or may: from a minute to some time after another."""
        truth = self.truths.setdefault((name, severity), Moments())
        key = tuple(sorted((key, str(value)) for key, value in labels.items()))
        truth.spans[key].append((begin / 60, (end + after) / 60))
        if needed:
            truth.needs.append((key, begin / 60, (end + after) / 60))

    def any_account(self):
        """An account, and its labels with those of its exporter."""
        account = self.random.choice(self.accounts)
        return account, account | {"instance": self.home(account)}

    # What incidents have in common.

    def gone(self, exporter, begin, end, up):
        """An exporter is not scraped: nothing of it is known."""
        for (name, labels), values in self.values.items():
            if ("instance", exporter) in labels:
                first, last = begin // STEP, min(end // STEP + 1, self.count)
                values[first:last] = [up if name == "up" else None] * (last - first)

    def fails(self, account, begin, end):
        """Collections fail; what is too old is gone."""
        labels = account | {"instance": self.home(account)}
        self.change("outreach_account_up", labels, begin, end, 0)
        self.change("outreach_collection_last_success_timestamp_seconds", labels, begin, end, begin // 5 * INTERVAL)
        for (name, own), values in self.values.items():
            if name.startswith("outreach_campaign_") and account.items() <= dict(own).items():
                first, last = (begin + 15) // STEP, end // STEP + 1
                values[first:last] = [None] * max(0, last - first)

    def down(self, account, begin, end, needed=True):
        """What fires while collections fail for long."""
        self.right("OutreachAccountDown", "critical", account, begin, end, needed)
        self.right("OutreachDataStale", "warning", account, begin, end, needed)

    def without_campaign(self, campaign, begin, end):
        """A campaign is no longer listed; returns its account."""
        account, _ = self.any_account()
        for (name, labels), values in self.values.items():
            if name.startswith("outreach_campaign_") and (account | {"campaign": campaign}).items() <= dict(labels).items():
                first, last = begin // STEP, min(end // STEP, self.count)
                values[first:last] = [None] * (last - first)
        return account
