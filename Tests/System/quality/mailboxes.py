# SPDX-License-Identifier: Apache-2.0
"""Mailboxes and domains apart from their messages: connections, warm-up, health, checks of the domain, and the truth about them."""

from quality.agency import MAILBOXES, days_of
from quality.truth import labels
from quality.workdays import DAYS, HOURS

CHECKS = ["spf", "dkim"]
SPAM = {"critical": 0.3, "warning": 0.15}
# Providers with a score of a mailbox's health, and their words for a warm-up that runs and for one that pauses.
HEALTH = {"instantly": ("active", "paused"), "lemlist": ("active", "inactive"), "sendkit": ("in_progress", "paused"),
          "smartlead": ("active", "inactive")}


def spans(values, step):
    """A gauge per step as changes [(hour, value)]."""
    return [(index * step, value) for index, value in enumerate(values)]


class Mailbox:
    """A year of a mailbox."""

    def __init__(self, account, domain, number):
        self.account, self.random = account, account.random
        self.name = f"{number}@{domain.name}"
        self.interruptions = [(24 * day + self.random.randint(0, 23), self.random.choice([0, 3, 10, 30, 70]))
                              for day, _ in days_of(self.random, 1, 1, 1)]
        self.spam = [(begin, end, self.random.uniform(0.1, 0.7)) for begin, end in days_of(self.random, 0.6, 6, 20)]
        self.declines = [(begin, end, self.random.uniform(0.05, 0.5)) for begin, end in days_of(self.random, 0.5, 8, 20)]
        self.pauses = days_of(self.random, 0.4, 5, 20)
        self.share = self.random.uniform(0.01, 0.06)

    def placed_in_spam(self, day):
        """The true share of warm-up messages that land in spam."""
        return max([share for begin, end, share in self.spam if begin <= day < end], default=self.share)

    def landed(self):
        """Warm-up messages of the last seven days by folder, per day."""
        daily = []
        for day in range(DAYS):
            count = self.random.randint(4, 12)
            spam = sum(self.random.random() < self.placed_in_spam(day) for _ in range(count))
            daily.append((count - spam, spam))
        return [[sum(row[folder] for row in daily[max(0, day - 6):day + 1]) for day in range(DAYS)] for folder in [0, 1]]

    def health(self):
        """The provider's score per day, which a decline takes down within two days."""
        def lost(day):
            return max([loss * min(1, (day - begin + 1) / 2) for begin, end, loss in self.declines if begin <= day < end],
                       default=0)
        return [0 if self.paused(day) else max(0, min(1, 0.95 - lost(day) + self.random.gauss(0, 0.008))) for day in range(DAYS)]

    def paused(self, day):
        """Whether the warm-up pauses."""
        return any(begin <= day < end for begin, end in self.pauses)

    def status(self):
        """The changes of the connection: an interruption of no hours is over before anybody can act."""
        changes = [(0, "active")]
        for hour, length in self.interruptions:
            changes += [(hour, "connection_error"), (hour + max(length, 0.1), "active")] if length else []
        return changes

    def series(self, scrapes):
        """Its series, as `series.of_account` has them."""
        key = {"provider": self.account.provider, "account": self.account.name, "mailbox": self.name}

        def known(changes):
            return scrapes.known(scrapes.steps(changes, 0, HOURS), self.account)
        statuses = known(self.status())
        for name in sorted({name for name in statuses if name}):
            yield "outreach_mailbox_status", key | {"status": name}, [1 if one == name else None for one in statuses]
        for placement, values in zip(["inbox", "spam"], self.landed()):
            yield "outreach_mailbox_warmup_messages_landed", key | {"placement": placement}, known(spans(values, 24))
        if self.account.provider in HEALTH:
            yield "outreach_mailbox_health_ratio", key, known(spans(self.health(), 24))
            runs, pauses = HEALTH[self.account.provider]
            warming = [pauses if self.paused(day) else runs for day in range(DAYS)]
            for name in sorted(set(warming)):
                shown = spans([1 if one == name else None for one in warming], 24)
                yield "outreach_mailbox_warmup_status", key | {"status": name}, known(shown)

    def judge(self, truths):
        """When a person must do something about it."""
        key = labels(self.account, mailbox=self.name)
        for severity, limit in SPAM.items():
            truth = truths["OutreachSpamPlacementHigh", severity]
            for begin, end, share in self.spam:
                truth.may(key, range(begin, end) if share > limit else [], 7)
                if share > 1.5 * limit and end - begin >= 8:
                    truth.must(key, range(begin, end))
        for hour, length in self.interruptions:
            down = labels(self.account, mailbox=self.name, status="connection_error")
            truths["OutreachMailboxDisconnected", "warning"].may(down, [hour // 24], 4)
            if length > 3:
                truths["OutreachMailboxDisconnected", "warning"].needs.append((down, hour, hour + length))
        truth = truths["OutreachMailboxHealthFalling", "warning"]
        for begin, end, loss in self.declines if self.account.provider in HEALTH else []:
            truth.may(key, range(begin, begin + 4) if loss > 0.09 else [])
            if loss > 0.13 and not any(self.paused(day) for day in range(begin - 4, begin + 4)):
                truth.must(key, range(begin, begin + 4))


class Checks:
    """The checks of a domain's DNS records, made every six hours: one that fails once, and records that are gone."""

    def __init__(self, account, domain):
        self.account, self.domain = account, domain
        self.failures = {check: [(24 * day + 6 * account.random.randint(0, 3), account.random.choice([6, 24, 48]))
                                 for day, _ in days_of(account.random, 0.5, 1, 1)] for check in CHECKS}

    def series(self, scrapes):
        """Its series, as `series.of_account` has them."""
        for check, failures in self.failures.items():
            changes = [(0, 1)] + [change for hour, length in failures for change in [(hour, 0), (hour + length, 1)]]
            key = {"provider": self.account.provider, "account": self.account.name, "domain": self.domain.name, "check": check}
            yield "outreach_domain_check_passed", key, scrapes.known(scrapes.steps(changes, 0, HOURS), self.account)

    def judge(self, truths):
        """A check that fails twice is no accident."""
        truth = truths["OutreachDomainCheckFailing", "warning"]
        for check, failures in self.failures.items():
            key = labels(self.account, domain=self.domain.name, check=check)
            for hour, length in failures:
                if length > 6:
                    truth.may(key, [hour // 24], 3)
                    truth.needs.append((key, hour, hour + length))


def of_account(account):
    """The mailboxes and domains of an account."""
    return [Mailbox(account, domain, number) for domain in account.domains for number in range(MAILBOXES)] \
        + [Checks(account, domain) for domain in account.domains]
