# SPDX-License-Identifier: Apache-2.0
"""A small made-up fleet and the page an exporter would serve about it: the same numbers for the same seed and time."""

import math
import random

from fleet import CAMPAIGN, STEP

TICK = 300
DAY = 86_400
ACCOUNTS = [("instantly", "acme"), ("instantly", "globex"), ("lemlist", "acme-eu"), ("sendkit", "initech")]
THEMES = ["CFOs in retail", "Heads of data", "Plant managers", "Founders, seed to A", "Agencies \"North\""]
CHECKS = ["mx", "spf", "dkim", "dmarc"]
MAILBOXES = 6


def labelled(name, /, **labels):
    """A series in the text format."""
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in labels.values())
    pairs = ",".join(f'{key}="{value}"' for key, value in zip(labels, quoted))
    return f"{name}{{{pairs}}}"


class Variant:
    """A step's variant: its totals, and how people take it."""

    def __init__(self, chance, quality, step):
        self.totals = dict.fromkeys(["sent", "delivered", "bounced", "opened", "clicked", "replied", "unsubscribed"], 0)
        self.rates = {"opened": 0.45 * quality, "clicked": 0.05 * quality, "replied": 0.04 * quality / step,
                      "unsubscribed": 0.002}
        self.chance = chance

    def send(self, mean, bounced, answered):
        """Sends messages and sees what becomes of them."""
        sent = self.about(mean)
        lost = min(sent, self.about(sent * bounced))
        self.totals["sent"] += sent
        self.totals["bounced"] += lost
        self.totals["delivered"] += sent - lost
        for outcome, rate in self.rates.items():
            if answered or outcome != "replied":
                self.totals[outcome] += self.about((sent - lost) * rate)

    def about(self, mean):
        """A whole number that is so large on average."""
        return int(mean) + (self.chance.random() < mean % 1)


class Campaign:
    """A campaign of three steps with two variants each."""

    def __init__(self, provider, account, index, chance, pace, bounces):
        self.labels = {"provider": provider, "account": account, "campaign": f"{account}-{index}"}
        self.name = f"{THEMES[index % len(THEMES)]} {index + 1}"
        self.chance = chance
        self.pace = pace * chance.uniform(80, 400)
        self.bounces = chance.choice(bounces)
        lift = chance.uniform(0.6, 1.8)
        self.steps = {(step, variant): Variant(chance, lift if variant == "B" else 1, step)
                      for step in [1, 2, 3] for variant in "AB"}
        self.interested = 0.0

    def advance(self, hour, weekday, faults):
        """Sends what a tick of the working day holds."""
        busy = max(0, math.sin((hour - 6) / 14 * math.pi)) * (1.5 if weekday < 5 else 0.1)
        for (step, _), variant in self.steps.items():
            variant.send(self.pace * busy / step * TICK / DAY / 2, 0.3 if "bounce-storm" in faults else self.bounces,
                         "reply-drought" not in faults)
        self.interested = int(0.25 * self.total("replied"))

    def total(self, measure):
        return sum(variant.totals[measure] for variant in self.steps.values())

    def lines(self):
        """The campaign's series."""
        provider, place = self.labels["provider"], self.labels
        yield labelled("outreach_campaign_info", **place, name=self.name), 1
        yield labelled("outreach_campaign_status", **place, status="active"), 1
        yield labelled("outreach_campaign_leads", **place), 5000
        for measure in CAMPAIGN[provider]:
            kind = measure.split("_")[1]
            yield (labelled(f"outreach_campaign_{measure}_total", **place),
                   self.interested if kind == "interested" else self.total(kind))
        for (step, variant), numbers in self.steps.items():
            for measure in STEP[provider]:
                yield (labelled(f"outreach_step_{measure}_total", **place, sequence="main", step=step, variant=variant),
                       numbers.totals[measure.split("_")[1]])


class World:
    """Everything, moved on by a clock. A troubled one has a few things for the dashboards to show.

    `faults` are the simulator's: `bounce-storm`, `reply-drought`, `campaign-vanishes` and `unauthorized`, the latter two
    of the account `acme`.
    """

    def __init__(self, seed=1, campaigns=5, troubled=True):
        self.chance = random.Random(seed)
        self.troubled = troubled
        self.faults = set()
        self.refused, self.succeeded = 0, {}
        pace, bounces = (1, [0.005, 0.008, 0.012, 0.015, 0.034]) if troubled else (10, [0.005])
        self.campaigns = [Campaign(provider, account, index, self.chance, pace, bounces)
                          for provider, account in ACCOUNTS for index in range(campaigns)]
        self.ticks = 0

    def advance(self, seconds):
        """Lets the world live until so many seconds after its beginning."""
        while self.ticks * TICK < seconds:
            hour, weekday = self.ticks * TICK % DAY / 3600, self.ticks * TICK // DAY % 7
            for campaign in self.campaigns:
                campaign.advance(hour, weekday, self.faults)
            self.ticks += 1

    def mailboxes(self, provider, account):
        """The mailboxes of an account: the last one is in trouble at `acme`."""
        for index in range(MAILBOXES):
            place = {"provider": provider, "account": account, "mailbox": f"sales{index + 1}@{account}.example"}
            broken = self.troubled and account == "acme" and index == MAILBOXES - 1
            spam = 0.22 if broken else 0.01 + 0.01 * index
            working = {"lemlist": "connected"}.get(provider, "active")
            yield labelled("outreach_mailbox_info", **place, service="google"), 1
            yield labelled("outreach_mailbox_status", **place, status="connection_error" if broken else working), 1
            yield labelled("outreach_mailbox_warmup_status", **place, status="active"), 1
            yield labelled("outreach_mailbox_daily_limit", **place), 450
            yield labelled("outreach_mailbox_health_ratio", **place), 0.98 - spam - 0.02 * math.sin(self.ticks / 300 + index)
            if provider != "lemlist":
                for placement, share in [("inbox", 1 - spam), ("spam", spam)]:
                    yield labelled("outreach_mailbox_warmup_messages_landed", **place, placement=placement), int(280 * share)

    def exporter(self, now, interval):
        """The exporter's own numbers."""
        calls = self.ticks
        yield labelled("outreach_exporter_build_info", version="0.0.0", revision="none", swift_version="6.3"), 1
        for provider, account in ACCOUNTS:
            place = {"provider": provider, "account": account}
            requests = {"endpoint": "/campaigns", **place}
            refused = "unauthorized" in self.faults and account == "acme"
            self.succeeded[account] = self.succeeded.get(account) if refused else now - now % interval
            self.refused += refused
            yield labelled("outreach_account_up", **place), int(not refused)
            yield labelled("outreach_collection_last_success_timestamp_seconds", **place), self.succeeded[account]
            yield labelled("outreach_collection_last_attempt_timestamp_seconds", **place), now - now % interval
            yield labelled("outreach_collection_interval_seconds", **place), interval
            yield labelled("outreach_collection_duration_seconds", **place), interval * (0.2 + 0.05 * len(account))
            yield labelled("outreach_collection_campaigns", **place), len(self.campaigns) // len(ACCOUNTS)
            yield labelled("outreach_collection_campaigns_failed", **place), 0
            yield labelled("outreach_collections_skipped_total", **place), 0
            yield labelled("outreach_collection_details_saved_total", **place), calls * 7
            yield labelled("outreach_api_requests_total", **requests, code="200"), calls * 9
            yield labelled("outreach_api_requests_total", **requests, code="429"), calls // 12
            if account == "acme" and self.refused:
                yield labelled("outreach_api_requests_total", **requests, code="401"), self.refused
            yield labelled("outreach_api_retries_total", **place, reason="429"), calls // 12
            yield labelled("outreach_api_throttled_seconds_total", **place), calls * 0.4
            yield labelled("outreach_collection_corrections_total", **place, action="held"), calls // 40
            for bound, share in [("0.1", 0.4), ("0.5", 0.9), ("2.5", 0.99), ("+Inf", 1)]:
                yield labelled("outreach_api_request_duration_seconds_bucket", **requests, le=bound), int(calls * 9 * share)
        yield "outreach_exporter_series", 1800
        yield "outreach_exporter_config_last_reload_successful", 1
        yield "process_resident_memory_bytes", 21e6 + 1e6 * math.sin(self.ticks / 50)
        yield "process_cpu_seconds_total", calls * 0.002

    def page(self, now, interval):
        """The page in the text format, families not grouped: Prometheus does not mind."""
        vanished = self.campaigns[:1] if "campaign-vanishes" in self.faults else []
        lines = [line for campaign in self.campaigns if campaign not in vanished for line in campaign.lines()]
        for provider, account in ACCOUNTS:
            lines += self.mailboxes(provider, account)
            for check in CHECKS:
                passed = not (self.troubled and account == "globex" and check == "dmarc")
                lines += [(labelled("outreach_domain_check_passed", provider=provider, account=account,
                                    domain=f"{account}.example", check=check), int(passed))]
        lines += self.exporter(now, interval)
        return "".join(f"{series} {value}\n" for series, value in lines)
