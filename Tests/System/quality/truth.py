# SPDX-License-Identifier: Apache-2.0
"""What is true in the simulated year: when a person must act, and when an alert is right.

The truth is the model's own probabilities, never what chance made of them. Between what must be found and what is false lies
what may be found: a share just above its limit, or an incident too small to be told from chance.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from quality.workdays import DAYS, HISTORY

# From this multiple of a limit on, and with so many events expected, an alert must come.
EXCESS, EVENTS = 2, 12
# Replies that would have come during a drought that must be found, and during one of half of the replies.
REPLIES, HALF_REPLIES = 30, 80
# Days for which late reactions keep an alert right.
AFTERMATH = 3
LIMITS = {"critical": 0.03, "warning": 0.02}
UNSUBSCRIBED = {"critical": 0.03, "warning": 0.01}


@dataclass
class Truth:
    """About an alert of a severity: what must be found as (labels, first hour, end), and the days on which each key is right."""

    needs: list = field(default_factory=list)
    right: dict = field(default_factory=lambda: defaultdict(set))

    # What is counted, in hours: what begins after the history and ends before the year does.
    counted = (24 * HISTORY, 24 * (DAYS - 1))

    def covers(self, key, hour):
        """Whether an alert that begins at an hour is right."""
        return int(hour // 24) in self.right[key]

    def may(self, key, days, aftermath=AFTERMATH):
        """An alert with these labels is right on these days and some after them."""
        self.right[key] |= {day + later for day in days for later in range(aftermath + 1)}

    def must(self, key, days, within=1):
        """An alert with these labels must come from the first of these days to so many after the last."""
        self.needs.append((key, 24 * min(days), 24 * (max(days) + 1 + within)))


def runs(days, gap=3):
    """Days in runs that weekends do not interrupt."""
    found = []
    for day in sorted(days):
        if found and day - found[-1][-1] <= gap:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def labels(account, **more):
    """The labels of an alert as evaluation returns them."""
    return tuple(sorted(({"provider": account.provider, "account": account.name} | more).items()))


def shares(truth, key, sums, column, limit):
    """A share of messages above a limit. `sums` per day: messages, and what is expected of them."""
    above = [day for day, row in sums.items() if row[0] and row[column] / row[0] > limit]
    truth.may(key, above)
    for run in runs(day for day in above if sums[day][column] / sums[day][0] >= EXCESS * limit):
        if sum(sums[day][column] for day in run) >= EVENTS:
            truth.must(key, run)


def bounces(truths, account):
    """Bounces and unsubscribes of campaigns and domains, and of accounts, whose alert only may come."""
    for severity in LIMITS:
        for name, column, limit in [("OutreachBounceRateHigh", 1, LIMITS[severity]),
                                    ("OutreachUnsubscribeRateHigh", 2, UNSUBSCRIBED[severity])]:
            truth, total = truths[name, severity], defaultdict(lambda: [0, 0.0, 0.0])
            for campaign in account.campaigns:
                shares(truth, labels(account, campaign=campaign.id), campaign.truth, column, limit)
                for day, row in campaign.truth.items():
                    total[day] = [one + other for one, other in zip(total[day], row)]
            truth.may(labels(account), [day for day, row in total.items() if row[column] > limit * row[0]])
        for domain in account.domains:
            shares(truths["OutreachDomainBounceRateHigh", severity], labels(account, domain=domain.name), domain.truth, 1,
                   LIMITS[severity])


def replies(truths, account):
    """Replies of an account that fail to come, and those of a domain."""
    key = labels(account)
    share = {day: actual / natural for day, (natural, actual) in account.replies.items() if natural}
    for severity, most, needed, least in [("critical", 0.6, 0.3, REPLIES), ("warning", 0.85, 0.3, REPLIES),
                                          ("warning", 0.85, 0.55, HALF_REPLIES)]:
        truth = truths["OutreachReplyDrought", severity]
        truth.may(key, [day for day, one in share.items() if one < most])
        for run in runs(day for day, one in share.items() if one <= needed):
            if sum(account.replies[day][0] for day in run[:5]) >= least:
                truth.must(key, run)
    truth = truths["OutreachRepliesFalling", "warning"]
    truth.may(key, [day for day in range(14, DAYS) if falls(account, day)], 7)
    for run in runs(day for day, one in share.items() if one <= 0.55):
        if len(run) >= 5 and sum(account.replies[day][0] for day in run[:5]) >= HALF_REPLIES:
            truth.must(key, run, 3)


def falls(account, day):
    """Whether the replies that a week's messages let expect, per message, are a tenth fewer than those of the week before."""
    def per_message(last):
        days = range(last - 6, last + 1)
        sent = sum(campaign.truth[one][0] for campaign in account.campaigns for one in days if one in campaign.truth)
        return sum(account.replies[one][1] for one in days if one in account.replies) / sent if sent else 0
    return per_message(day) < 0.9 * per_message(day - 7)


def low_replies(truths, account):
    """Domains of which hardly anybody replies to a week's messages."""
    truth = truths["OutreachDomainRepliesLow", "warning"]
    for domain in account.domains:
        def week(day, column):
            return sum(domain.truth[one][column] for one in range(day - 6, day + 1) if one in domain.truth)
        key = labels(account, domain=domain.name)
        truth.may(key, [day for day in range(7, DAYS) if week(day, 2) < 0.01 * week(day, 0)])
        for run in runs([day for day in range(7, DAYS) if week(day, 0) >= 250 and week(day, 2) < 0.005 * week(day, 0)], 1):
            if len(run) >= 4:
                truth.must(key, run)


def standstill(truths, account):
    """Campaigns that stand still with leads, and why."""
    for campaign in account.campaigns:
        key = labels(account, campaign=campaign.id)
        state = labels(account, campaign=campaign.id, state="no_accounts_available")
        for begin, end in campaign.stuck:
            days = [day for day in campaign.stood if begin <= day < end]
            truths["OutreachCampaignStalled", "warning"].may(key, range(begin, end), 1)
            truths["OutreachCampaignNotSending", "warning"].may(state, range(begin, end), 1)
            if len(days) >= 3:
                truths["OutreachCampaignStalled", "warning"].must(key, days)
            if days and campaign.account.provider in ["instantly", "lemlist"]:
                truths["OutreachCampaignNotSending", "warning"].must(state, range(begin, end), 0)


def everything(accounts):
    """The truth about each alert and severity."""
    truths = defaultdict(Truth)
    for account in accounts:
        for part in [bounces, replies, low_replies, standstill]:
            part(truths, account)
    return truths


@dataclass
class Score:
    """How often an alert came, how often it was right, what had to be found and was."""

    fired: int = 0
    right: int = 0
    needed: int = 0
    found: int = 0
    false: list = field(default_factory=list)
    missed: list = field(default_factory=list)


def intervals(steps, step):
    """Firing steps as (first hour, last hour); a single step without it interrupts nothing."""
    found = []
    for at in steps:
        if found and at - found[-1][1] <= 2:
            found[-1][1] = at
        else:
            found.append([at, at])
    return [(first * step / 60, last * step / 60) for first, last in found]


def scored(truth, fired, step):
    """The score of an alert that fired at some steps: {labels: [steps]}.

    What is over before there are two samples of it, which every rule waits for, need not be found.
    """
    score, (earliest, latest) = Score(), truth.counted
    spans = {key: intervals(steps, step) for key, steps in fired.items()}
    for key, found in spans.items():
        for begin, end in found:
            if begin >= earliest:
                score.fired += 1
                if truth.covers(key, begin):
                    score.right += 1
                else:
                    score.false.append((key, begin, end))
    for key, begin, end in truth.needs:
        if begin >= earliest and end < latest and end - begin >= 2 * step / 60:
            score.needed += 1
            if any(first <= end and last >= begin for first, last in spans.get(key, [])):
                score.found += 1
            else:
                score.missed.append((key, begin, end))
    return score
