# SPDX-License-Identifier: Apache-2.0
"""What happens to the exporter and its collections in a year, and which of it a person must know.

The hours between incidents, in which nothing changes, are left out: the incidents of the year follow one another, each with
quiet hours around it.
"""

import random

from monitoring.variations import OWN
from quality.agency import PROVIDERS
from quality.fleet import EXPORTERS, STEP, Fleet

# Minutes around an incident: quiet, what follows from it, and quiet again.
AROUND = 5 * 60
# What happens how often in a year: (kind, times, shortest and longest in minutes).
YEAR = [
    ("missed_scrape", 20, 2, 4), ("replaced", 12, 2, 6), ("hiccup", 30, 2, 9), ("key_hiccup", 4, 5, 8),
    ("few_throttled", 10, 30, 90), ("broken_reload", 3, 2, 4), ("completed_gone", 6, 0, 0), ("filtered", 2, 0, 0),
    ("exporter_down", 4, 20, 150), ("blocked", 8, 40, 300), ("slow_provider", 6, 12, 24), ("key_rotated", 12, 30, 300),
    ("part_failing", 6, 60, 300), ("part_refused", 3, 60, 300), ("incomplete", 4, 60, 200), ("throttled", 5, 60, 240),
    ("slow", 4, 60, 300), ("dropped", 2, 120, 300), ("shard_missing", 2, 30, 200), ("shard_twice", 2, 60, 200),
    ("reset", 4, 60, 300), ("held", 2, 1700, 2200), ("old_configuration", 3, 30, 300), ("unknown", 3, 60, 300),
    ("fields_missing", 3, 60, 300),
    ("measure_lost", 3, 120, 300), ("vanished", 4, 0, 0),
]


class Operations(Fleet):
    """The incidents of a year in random order, each with a method of its name that takes its first and its last minute."""

    def __init__(self, seed):
        plan = [entry for entry in YEAR for _ in range(entry[1])]
        random.Random(seed).shuffle(plan)
        starts, minutes = [], AROUND
        for _, _, _, longest in plan:
            starts.append(minutes)
            minutes += longest + AROUND
        super().__init__(seed, minutes)
        for (kind, _, shortest, longest), start in zip(plan, starts):
            begin = start + self.random.randint(60, 90)
            getattr(self, kind)(begin, begin + self.random.randint(shortest, longest))

    # What a person need not know.

    def missed_scrape(self, begin, end):
        self.gone(self.random.choice(EXPORTERS), begin, end, up=0)

    def replaced(self, begin, end):
        exporter = self.random.choice(EXPORTERS)
        self.gone(exporter, begin, end, up=0)
        start = end // STEP + 1
        self.change("process_start_time_seconds", {"instance": exporter}, STEP * start, STEP * self.count, 60 * STEP * start)
        for (name, labels), values in self.values.items():
            if ("instance", exporter) in labels and OWN.match(name):
                base = values[start] if start < self.count else None
                values[start:] = [None if value is None or base is None else max(0, value - base) for value in values[start:]]

    def hiccup(self, begin, end):
        self.fails(self.any_account()[0], begin, end)

    def key_hiccup(self, begin, end):
        account, labels = self.any_account()
        self.fails(account, begin, end)
        self.raised("outreach_api_requests_total", labels | {"code": "401", "route": f"/{begin}"}, begin, end, 1)
        self.right("OutreachKeyRefused", "critical", account, 0, 0, needed=False, after=0)

    def few_throttled(self, begin, end):
        _, labels = self.any_account()
        self.raised("outreach_api_requests_total", labels | {"code": "429", "route": f"/{begin}"}, begin, end, 0.3)

    def broken_reload(self, begin, end):
        self.change("outreach_exporter_config_last_reload_successful", {"instance": self.random.choice(EXPORTERS)}, begin, end, 0)

    def completed_gone(self, begin, end):
        self.without_campaign("2", begin, begin + 150)

    def filtered(self, begin, end):
        """A new configuration leaves all campaigns of an account out but active ones, one of which then completes."""
        _, labels = self.any_account()
        self.change("outreach_campaign_status", labels | {"campaign": "1", "status": "paused"}, begin, begin + 200, 1)
        self.change("outreach_campaign_status", labels | {"campaign": "1", "status": "active"}, begin, begin + 200, None)

    # What a person must know.

    def exporter_down(self, begin, end):
        exporter = self.random.choice(EXPORTERS)
        self.gone(exporter, begin, end, up=0)
        self.right("OutreachExporterDown", "critical", {"job": "outreach", "instance": exporter}, begin, end)
        self.right("OutreachShardMissing", "critical", {}, begin, end, needed=False)

    def blocked(self, begin, end):
        provider = self.random.choice(PROVIDERS)
        for account in self.accounts:
            if account["provider"] == provider:
                self.fails(account, begin, end)
                self.down(account, begin, end)

    def slow_provider(self, begin, end):
        account, _ = self.any_account()
        self.fails(account, begin, end)
        self.down(account, begin, end, needed=False)

    def key_rotated(self, begin, end):
        account, labels = self.any_account()
        self.fails(account, begin, end)
        self.raised("outreach_api_requests_total", labels | {"code": "401", "route": f"/{begin}"}, begin, end, 1)
        self.down(account, begin, end, needed=False)
        self.right("OutreachKeyRefused", "critical", account, begin, end)

    def part_failing(self, begin, end):
        account, labels = self.any_account()
        self.change("outreach_collection_part_up", labels | {"part": "mailboxes"}, begin, end, 0)
        self.right("OutreachPartFailing", "warning", account | {"part": "mailboxes"}, begin, end)

    def part_refused(self, begin, end):
        account, labels = self.any_account()
        self.change("outreach_collection_part_up", labels | {"part": "mailboxes"}, begin, end, 0)
        self.change("outreach_collection_part_refused", labels | {"part": "mailboxes"}, begin + 5, end, 1)
        self.right("OutreachPartRefused", "warning", account | {"part": "mailboxes"}, begin, end)

    def incomplete(self, begin, end):
        account, labels = self.any_account()
        self.change("outreach_collection_campaigns_failed", labels, begin, end, self.random.randint(8, 30))
        self.right("OutreachCollectionIncomplete", "warning", account, begin, end)

    def throttled(self, begin, end):
        account, labels = self.any_account()
        turned_away = self.random.randint(2, 8)
        self.raised("outreach_api_requests_total", labels | {"code": "429", "route": f"/{begin}"}, begin, end, turned_away)
        self.right("OutreachApiThrottled", "warning", account, begin, end)

    def slow(self, begin, end):
        account, labels = self.any_account()
        self.change("outreach_collection_duration_seconds", labels, begin, end, self.random.randint(260, 600))
        self.right("OutreachCollectionSlow", "warning", account, begin, end)

    def dropped(self, begin, end):
        account, labels = self.any_account()
        self.raised("outreach_exporter_dropped_series_total", labels | {"reason": f"r{begin}"}, begin, end, 20)
        self.right("OutreachSeriesDropped", "warning", account, begin, end)

    def shard_missing(self, begin, end):
        exporter = self.random.choice(EXPORTERS)
        self.gone(exporter, begin, end, up=None)
        self.right("OutreachShardMissing", "critical", {}, begin, end)

    def shard_twice(self, begin, end):
        self.change("outreach_exporter_shard_info", {"instance": "c", "shard": 1, "shards": 2}, begin, end, 1)
        self.right("OutreachShardDuplicated", "warning", {"shard": 1, "shards": 2}, begin, end)

    def reset(self, begin, end):
        account, labels = self.any_account()
        self.raised("outreach_collection_corrections_total", labels | {"action": "reset", "route": f"/{begin}"}, begin, begin, 2)
        self.right("OutreachCounterReset", "info", account, begin, begin)

    def held(self, begin, end):
        account, labels = self.any_account()
        self.change("outreach_account_counters_held", labels, begin, end, 3)
        self.right("OutreachCountersHeld", "info", account, begin, end)

    def old_configuration(self, begin, end):
        exporter = self.random.choice(EXPORTERS)
        self.change("outreach_exporter_config_last_reload_successful", {"instance": exporter}, begin, end, 0)
        self.right("OutreachReloadFailed", "warning", {"instance": exporter, "job": "outreach"}, begin, end)

    def unknown(self, begin, end):
        provider, field = self.random.choice(PROVIDERS), f"field-{begin}"
        labels = {"instance": "a", "provider": provider, "field": field}
        self.raised("outreach_exporter_unknown_values_total", labels, begin, end, 1)
        self.right("OutreachUnknownValues", "info", {"provider": provider, "field": field}, begin, end)

    def fields_missing(self, begin, end):
        labels = {"provider": self.random.choice(PROVIDERS), "route": "/campaigns", "field": f"field-{begin}"}
        self.change("outreach_exporter_missing_fields", labels | {"instance": "a"}, begin, end, 1)
        self.right("OutreachFieldsMissing", "warning", labels, begin, end)

    def measure_lost(self, begin, end):
        account, labels = self.any_account()
        for campaign in ["1", "2"]:
            self.change("outreach_campaign_opportunities_total", labels | {"campaign": campaign}, begin, end, None)
        self.right("OutreachMeasureLost", "warning", account | {"measure": "outreach_campaign_opportunities_total"}, begin, end)

    def vanished(self, begin, end):
        account = self.without_campaign("1", begin, begin + 120)
        self.right("OutreachCampaignVanished", "warning", account | {"campaign": "1", "status": "active"}, begin, begin)
