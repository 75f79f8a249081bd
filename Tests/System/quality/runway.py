# SPDX-License-Identifier: Apache-2.0
"""The alert before a campaign's leads run out, against the day on which they do."""

from dataclasses import dataclass, field

from quality.truth import intervals, labels
from quality.workdays import DAYS, HISTORY, named

WARNING = 3
# Days between refills: a refill that does not come is known that late.
GAPS = {"daily": 1, "weekly": 7, "fortnightly": 14}


@dataclass
class Runway:
    """Errors in working days, of the alert for each campaign that ran dry, and alerts for campaigns that did not.

    Nobody can foresee a campaign's first refill: an alert before it may be the reason for it.
    """

    errors: list = field(default_factory=list)
    silent: list = field(default_factory=list)
    unforeseen: list = field(default_factory=list)
    refilled: list = field(default_factory=list)
    ended: list = field(default_factory=list)

    def punctual(self):
        """The share of campaigns whose alert came within a working day of the right one."""
        return sum(abs(error) <= 1 for error, _ in self.errors) / max(1, len(self.errors) + len(self.silent))


def days_between(campaign, begin, end):
    """The days on which the campaign contacts leads from one hour to another."""
    return sum(begin < 24 * day + 18 - campaign.account.zone and 24 * day <= end for day in campaign.contact_days)


def dry(campaign):
    """The hour at which the leads are used up for good, None for a campaign that ends before."""
    last = max([0, *campaign.refills])
    return next((hour for hour in campaign.dried if hour > 24 * last), None) if campaign.feed != "ends" else None


def add(runway, campaign, spans):
    """Compares the alerts of a campaign, (first hour, last hour), with what happened to it."""
    end, name = dry(campaign), f"{campaign.account.name}/{campaign.id} {campaign.feed}"
    last_refill = 24 * max([0, *campaign.refills])
    for begin, _ in spans:
        if begin < 24 * HISTORY:
            continue
        if begin < last_refill:
            told = runway.refilled if begin >= 24 * min(campaign.refills) + 7 else runway.unforeseen
            told.append(f"{name} {named(int(begin))}")
        elif campaign.feed == "ends" and campaign.end and begin >= 24 * campaign.end + 10:
            runway.ended.append(f"{name} {named(int(begin))}")
    if end is None or not 24 * HISTORY < end < 24 * (DAYS - 5):
        return
    known = last_refill + 24 * GAPS[campaign.feed] if campaign.refills else 0
    ideal = min(WARNING, days_between(campaign, known, end))
    first = next((begin for begin, _ in spans if begin >= last_refill), None)
    if first is None or first > end + 24:
        # With less than a day to go, the other alert says that it happened.
        (runway.silent if ideal > 1 else runway.errors).append((0, name))
        return
    runway.errors.append((days_between(campaign, first, end) - ideal, f"{name} {named(int(first))} dry {named(end)}"))


def compared(accounts, fired, step):
    """The comparison of all campaigns; `fired` as of `rules.evaluate`."""
    runway = Runway()
    for account in accounts:
        for campaign in account.campaigns:
            key = ("OutreachLeadsRunningOut", "warning", labels(account, campaign=campaign.id))
            add(runway, campaign, intervals(fired.get(key, []), step))
    return runway
