# SPDX-License-Identifier: Apache-2.0
"""A campaign of the simulated agency: its leads, the messages of each hour, what they lead to, and what is true about it."""

from collections import Counter, defaultdict

from quality.workdays import DAYS, HOURS, holiday, weekday, working_hour

MEASURES = ["messages_sent", "messages_bounced", "leads_replied", "leads_unsubscribed", "leads_contacted"]
# Each lead gets three messages, so many days after the first.
FOLLOW_UPS = [3, 7]
REPLY_DELAY, REACTION_DELAY = 36, 24
CALENDARS = [(range(5), 70), (range(4), 10), ((1, 3), 8), (range(7), 12)]
# How a campaign gets its leads: one list that is used up, one list and an end before that, and refills.
FEEDS = [("list", 50), ("ends", 20), ("daily", 10), ("weekly", 15), ("fortnightly", 5)]


def chosen(random, weighted):
    """One of some values by their weights."""
    values, weights = zip(*weighted)
    return random.choices(values, weights)[0]


def poisson(random, mean):
    """How often something happens that is expected so often."""
    count, product, limit = 0, random.random(), 2.718281828 ** -mean
    while product > limit:
        product *= random.random()
        count += 1
    return count


class Campaign:
    """A campaign from its first day to the one on which it is gone from the listing."""

    def __init__(self, random, account, number, day):
        self.random, self.account, self.begin, self.id = random, account, day, f"{number}"
        self.pace = max(3, account.pace * random.uniform(0.5, 1.5))
        self.calendar = set(chosen(random, CALENDARS))
        self.feed = chosen(random, FEEDS)
        self.ramp = random.random() < 0.3
        self.reply_share = account.reply_share * random.uniform(0.7, 1.3)
        # One text in seven annoys people.
        self.unsubscribe_share = random.uniform(0.03, 0.1) if random.random() < 0.15 else random.uniform(0.001, 0.004)
        self.end, self.gone = None, DAYS
        self.leads, self.waiting, self.due = 0, 0, Counter()
        self.events = {measure: Counter() for measure in MEASURES}
        self.lead_changes, self.states = [], [(24 * day, "active")]
        # Sums per day: messages, expected bounces, expected unsubscribes.
        self.truth = defaultdict(lambda: [0, 0.0, 0.0])
        # Hours in which the provider tells less, by measure: (begin, end, share of the total).
        self.restated = defaultdict(list)
        # Intervals of days in which nothing is sent, and the days on which leads waited for that.
        self.stuck, self.stood = [], []
        self.dried, self.refills, self.contact_days = [], [], []
        self.bounce_share = self.quality()
        self.stop = day + random.randint(15, 60) if self.feed == "ends" else None
        before = sum(weekday(one) in self.calendar for one in range(day, self.stop or day))
        self.last_refill = day + random.randint(40, 120)
        days = {"list": random.randint(12, 60), "ends": before + random.uniform(0.5, 15), "daily": 3, "weekly": 6.5,
                "fortnightly": 11.5}
        self.add(days[self.feed], 24 * day)

    def quality(self):
        """The share of a list's addresses that bounce: one list in sixteen is bad, one is doubtful."""
        kind = self.random.random()
        if kind < 0.06:
            return self.random.uniform(0.06, 0.25)
        return self.random.uniform(0.02, 0.05) if kind < 0.12 else min(0.018, self.random.lognormvariate(-4.8, 0.4))

    def add(self, days, hour):
        """More leads, for so many days of sending."""
        # A calendar of few days needs as many leads per week as it has days.
        count = max(1, int(days * self.pace * (len(self.calendar) / 5 if self.feed in ["weekly", "fortnightly"] else 1)))
        self.leads += count
        self.waiting += count
        self.lead_changes.append((hour, self.leads))

    def sends_on(self, day):
        """Whether the campaign sends on a day by its calendar and the account's."""
        return weekday(day) in self.calendar and not (self.account.pauses_on_holidays and holiday(day))

    def state(self, name, hour):
        """The provider's status changes."""
        self.states.append((hour, name))

    def refill(self, day):
        """New leads in the morning, of campaigns that are refilled as a matter of course until their last refill."""
        if day >= self.last_refill or day == self.begin or self.feed in ["list", "ends"]:
            return
        since = day - self.begin
        due = {"daily": self.sends_on(day), "weekly": since % 7 == 0, "fortnightly": since % 14 == 0}[self.feed]
        if due:
            self.add({"daily": self.random.uniform(0.85, 1.15), "weekly": 5, "fortnightly": 10}[self.feed], 24 * day + 7)
            self.refills.append(day)
            if self.feed != "daily":
                self.bounce_share = self.quality()

    def live(self, day):
        """A day of the campaign."""
        self.refill(day)
        if self.feed == "ends" and day == self.stop and not self.end:
            # Half of them are paused by a person, half complete.
            self.finish(day, self.random.choice(["paused", "completed"]))
        if self.end or not self.sends_on(day):
            return
        if any(begin <= day < end for begin, end in self.stuck):
            self.stood += [day] if self.waiting else []
            return
        self.send(day)
        if self.bounce_share > 0.05 and self.random.random() < 0.3:
            # Somebody removed the bad addresses.
            self.bounce_share = 0.008
        if self.unsubscribe_share > 0.02 and self.random.random() < 0.3:
            self.unsubscribe_share = 0.003
        if not self.waiting and not any(self.due.values()) and day > self.begin + 1:
            self.finish(day + self.random.randint(1, 4), "completed")

    def finish(self, day, status):
        """The campaign ends, and is gone from the listing within a week."""
        self.end, self.gone = day, min(DAYS, day + self.random.randint(2, 6))
        self.state(status, 24 * day + 9)

    def send(self, day):
        """The messages of a day: follow-ups that are due, and the first messages to new leads."""
        ramp = min(1, 0.25 + (day - self.begin) / 28) if self.ramp else 1
        new = min(self.waiting, max(1, round(self.pace * ramp * self.random.uniform(0.85, 1.15))))
        follow_ups = sum(self.due.pop(due) for due in [due for due in self.due if due <= day])
        for delay in FOLLOW_UPS:
            self.due[day + delay] += new if delay == FOLLOW_UPS[0] else round(new * 0.9)
        hours = self.account.hours(day)
        for index, hour in enumerate(hours):
            first = new * (index + 1) // len(hours) - new * index // len(hours)
            further = follow_ups * (index + 1) // len(hours) - follow_ups * index // len(hours)
            if first:
                self.waiting -= first
                self.events["leads_contacted"][hour] += first
            if first + further:
                self.emit(hour, first + further)
        if new:
            self.contact_days.append(day)
            if not self.waiting:
                self.dried.append(hours[-1])

    def emit(self, hour, messages):
        """Messages of an hour by the domain that sends them, and the reactions to them at their time."""
        day = hour // 24
        self.events["messages_sent"][hour] += messages
        truth = self.truth[day]
        truth[0] += messages
        truth[2] += messages * self.unsubscribe_share
        for domain, count in self.account.spread(messages):
            lost = 1 - (1 - self.bounce_share) * (1 - domain.blocked(day))
            truth[1] += count * lost
            domain.sent(self, hour, count, count * lost)
            for at in self.times(count * lost, hour, REACTION_DELAY, 0.85, anytime=True):
                self.events["messages_bounced"][at] += 1
                domain.event("messages_bounced", at)
            share = self.reply_share * (0.6 if holiday(day) else 1)
            self.account.replies[day][0] += count * share
            self.account.replies[day][1] += count * share * domain.placed(day)
            domain.reply_truth(day, count * share * domain.placed(day))
            for at in self.times(count * share * domain.placed(day), hour, REPLY_DELAY, 0):
                self.events["leads_replied"][at] += 1
                domain.event("leads_replied", at)
        for at in self.times(messages * self.unsubscribe_share, hour, REACTION_DELAY, 0.5):
            self.events["leads_unsubscribed"][at] += 1

    def times(self, expected, hour, delay, at_once, anytime=False):
        """When reactions come: some at once, the others after an exponential delay; people mostly react while they work."""
        for _ in range(poisson(self.random, expected)):
            at = hour if self.random.random() < at_once else hour + int(self.random.expovariate(1 / delay))
            if not anytime and self.random.random() < 0.85:
                at = working_hour(at)
            if at < HOURS:
                yield at
