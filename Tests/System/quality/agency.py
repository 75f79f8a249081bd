# SPDX-License-Identifier: Apache-2.0
"""The agency: twenty accounts at five providers, their campaigns, domains and mailboxes, and what happens to them in a year."""

import random
from collections import Counter, defaultdict

from quality.campaigns import MEASURES, Campaign
from quality.workdays import DAYS, HISTORY

PROVIDERS = ["instantly", "lemlist", "sendkit", "emailbison", "smartlead"]
ACCOUNTS, SLOTS, DOMAINS, MAILBOXES = 20, 3, 2, 2
# Accounts whose provider tells why a campaign does not send.
TELLS_STATE = ["instantly", "lemlist"]
OF_MAILBOX = ["messages_sent", "messages_bounced", "leads_replied"]


def days_of(generator, per_year, shortest, longest):
    """Intervals of days at random moments of the year that counts, apart from one another by at least five weeks."""
    found, day = [], HISTORY
    while per_year:
        day += int(generator.expovariate(per_year / 365))
        if day >= DAYS - longest:
            return found
        found.append((day, day + generator.randint(shortest, longest)))
        day = found[-1][1] + 35
    return found


class Domain:
    """A sending domain with its mailboxes, who share its messages."""

    def __init__(self, account, number):
        generator = account.random
        self.account, self.name = account, f"{account.name}-{number}.example"
        self.events = {measure: Counter() for measure in OF_MAILBOX}
        # A block list: this share of its messages bounces. Spam folders: this share of its replies is left.
        self.blocks = [(begin, end, generator.uniform(0.1, 0.4)) for begin, end in days_of(generator, 0.7, 2, 5)]
        self.losses = [(begin, end, generator.choice([0.1, 0.25])) for begin, end in days_of(generator, 0.5, 12, 25)]
        # Per day: messages, expected bounces, expected replies.
        self.truth = defaultdict(lambda: [0, 0.0, 0.0])

    def blocked(self, day):
        """The share of messages that a block list rejects."""
        return max([share for begin, end, share in self.blocks if begin <= day < end], default=0)

    def placed(self, day):
        """The share of the usual replies that messages of a day get."""
        return min([share for begin, end, share in self.losses + self.account.droughts if begin <= day < end], default=1)

    def sent(self, campaign, hour, count, bounces):
        """Messages of a campaign in an hour, with the bounces that they let expect."""
        self.events["messages_sent"][hour] += count
        self.truth[hour // 24][0] += count
        self.truth[hour // 24][1] += bounces

    def reply_truth(self, day, replies):
        """Replies that messages of a day let expect."""
        self.truth[day][2] += replies

    def event(self, measure, hour):
        """Something happens to one of its mailboxes."""
        self.events[measure][hour] += 1


class Account:
    """An account with everything that happened to it."""

    def __init__(self, seed, number):
        self.random = random.Random(seed * 1000 + number)
        self.provider = PROVIDERS[number % len(PROVIDERS)]
        self.name = f"client-{number:02}"
        self.pace = min(80, max(6, self.random.lognormvariate(3.3, 0.7)))
        self.reply_share = self.random.uniform(0.015, 0.04)
        self.pauses_on_holidays = number % 2 == 0
        self.zone = self.random.choice([-5, 0, 1, 2])
        # All replies are lost, or most of them: tracking that broke, messages that land in spam.
        shares = [0.0, 0.0, 0.25, 0.5]
        self.droughts = [(begin, end, self.random.choice(shares)) for begin, end in days_of(self.random, 2, 4, 20)]
        self.domains = [Domain(self, index) for index in range(DOMAINS)]
        # Per day: replies that its messages let expect with everything in order, and as it was.
        self.replies = defaultdict(lambda: [0.0, 0.0])
        self.turn = 0
        self.campaigns = []
        self.run()

    def hours(self, day):
        """The hours of a day in which the account sends."""
        return [24 * day + hour - self.zone for hour in range(8, 18)]

    def spread(self, messages):
        """Messages by domain, in turn."""
        for index, domain in enumerate(self.domains):
            count = (messages + (self.turn + index) % DOMAINS) // DOMAINS
            if count:
                yield domain, count
        self.turn += messages

    def run(self):
        """All days. A campaign that has ended is followed by another."""
        slots = [self.begin(self.random.randint(0, 3)) for _ in range(SLOTS)]
        for day in range(DAYS - 1):
            for index, campaign in enumerate(slots):
                if campaign.end is not None and day >= campaign.end + self.random.randint(0, 6):
                    slots[index] = campaign = self.begin(day + 1)
                if day >= campaign.begin:
                    campaign.live(day)

    def begin(self, day):
        """A new campaign, and when it will stand still without a reason of its own."""
        campaign = Campaign(self.random, self, len(self.campaigns), day)
        if self.random.random() < 0.12:
            begin = day + self.random.randint(10, 30)
            campaign.stuck.append((begin, begin + self.random.randint(3, 6)))
        if self.random.random() < 0.15:
            self.restate(campaign, 24 * day + self.random.randint(100, 700))
        self.campaigns.append(campaign)
        return campaign

    def restate(self, campaign, hour):
        """The provider corrects totals downward and takes it back, mostly a little, now and then to less than half."""
        share = self.random.choice([0.98, 0.9, 0.8, 0.3, 0])
        for measure in MEASURES if self.random.random() < 0.5 else [self.random.choice(MEASURES)]:
            campaign.restated[measure].append((hour, hour + self.random.randint(2, 40), share))


def outages(seed):
    """Hours in which nothing is known: (first, end, accounts). A CDN that blocks the exporter, a key that was rotated."""
    generator = random.Random(seed)
    found = []
    for begin, _ in days_of(generator, 6, 1, 1):
        hour = 24 * begin + generator.randint(0, 23)
        provider = generator.choice(PROVIDERS)
        found.append((hour, hour + generator.choice([2, 5, 9, 30]),
                      lambda account, provider=provider: account.provider == provider))
    for number in range(ACCOUNTS):
        for begin, _ in days_of(generator, 0.6, 1, 1):
            hour = 24 * begin + generator.randint(6, 20)
            found.append((hour, hour + generator.choice([1, 4, 16, 60]),
                          lambda account, number=number: account.name == f"client-{number:02}"))
    return found


def replacements(seed):
    """The hours at which the exporter's pod is replaced."""
    generator = random.Random(seed + 1)
    return sorted(24 * day + generator.randint(0, 23) for day in generator.sample(range(HISTORY, DAYS), 5))


def agency(seed, accounts=ACCOUNTS):
    """All accounts after their year."""
    return [Account(seed, number) for number in range(accounts)]


