# SPDX-License-Identifier: Apache-2.0
"""How long the leads of a campaign last, and how much is used of what the mailboxes of an account may send and its plan allows.

The first two are counted in working days: days on which the campaign or the account did send, whatever its calendar is. On a
Sunday nothing is used, and no lead is lost.
"""

from . import thresholds
from .identity import STATUS, last, total, waiting
from .query import ACCOUNT_KEY, CAMPAIGN_KEY, MAILBOX_KEY, identity, latest, select
from .recording import increase
from .settings import CANNOT_SEND, IDLE, PLAN_USED
from .tables import label, number, table
from .windows import SENT

CONTACTED = "leads_contacted"
LEADS = "campaign:outreach_campaign_leads:last10m"
REMAINING = "campaign:outreach_leads_remaining"
RUNWAY = "campaign:outreach_leads_runway_days"
CAPACITY = "account:outreach_mailbox_daily_limit:sum"
UNUSED = "account:outreach_capacity_unused:ratio"
PLAN = "account:outreach_plan_used:ratio"
PLAN_KEY = identity("provider", "account", "resource")


def pace(level, measure):
    """The name of what happens on a working day."""
    return f"{level}:outreach_campaign_{measure}:per_working_day"


def per_working_day(level, measure):
    """The week's work by days with more than a hundredth of it, each until this time of day; no series where nothing moved."""
    daily, weekly = increase(level, measure, "1d"), increase(level, measure, "7d")

    def on(day):
        before = f"last_over_time({daily}[1h] offset {day}d)" if day else daily
        return f"(({before} or {weekly} * 0) > bool {weekly} / 100)"
    return f"{weekly}\n/ ((\n  " + "\n  + ".join(on(day) for day in range(7)) + "\n) > 0)"


def best(level, measure):
    """What happens on a working day: the highest of a day, because days that end at noon count a week of five days as six."""
    return f"max_over_time({pace(level, measure)}[1d])"


def active():
    """Campaigns that should send, to join to."""
    return f'on ({CAMPAIGN_KEY}) {STATUS}{{status="active"}}'


def refilled():
    """Campaigns that get new leads as a matter of course: just now, or in each of the last two spans of three days, or of a week."""
    def ago(days):
        return f"last_over_time({LEADS}[1h] offset {days}d)"
    evergreen = f"max by ({CAMPAIGN_KEY}) (last_over_time(outreach_campaign_evergreen[10m])) == 1"
    return (f"on ({CAMPAIGN_KEY}) (\n  {evergreen}\n  or {LEADS} > {ago(1)}\n  or {LEADS} > {ago(3)} > {ago(6)}\n"
            f"  or {LEADS} > {ago(7)} > {ago(14)}\n)")


def known():
    """Campaigns known for a day, so that it is known whether somebody refills them."""
    return f"on ({CAMPAIGN_KEY}) last_over_time({LEADS}[1h] offset 1d)"


def plans():
    """The panel of what the plans of accounts allow, what of it is used and what is left."""
    limit, used, remaining = (latest(f"outreach_account_plan_{kind}", PLAN_KEY) for kind in ["limit", "used", "remaining"])
    return table(
        "Plans", "What the plan of an account allows, what of it is used and what is left, as far as the provider tells.",
        [label("account", "Account"), label("provider", "Provider"), label("resource", "Resource"),
         number("Allowed", limit, decimals=0), number("Used", used, decimals=0),
         number("Left", f"{remaining} or clamp_min({limit} - {used}, 0)", decimals=0),
         number("Share", f"max by ({PLAN_KEY}) ({select(PLAN)})", "percentunit", decimals=0,
                thresholds=thresholds.steps("green", (PLAN_USED, "orange")))],
        "-Share")


def group():
    """Leads and campaigns, limits and accounts."""
    limits = last(MAILBOX_KEY, "outreach_mailbox_daily_limit")
    unable = f'mailbox:outreach_mailbox_status:kept{{status=~"{CANNOT_SEND}|{IDLE}"}}'
    return "outreach-runway", "4m", [
        (LEADS, last(CAMPAIGN_KEY, "outreach_campaign_leads")),
        (REMAINING, f"{waiting()}\nor\nclamp_min({LEADS} - {total(CONTACTED)}, 0)"),
        (pace("campaign", CONTACTED), per_working_day("campaign", CONTACTED)),
        (RUNWAY, f"{REMAINING}\n/ {best('campaign', CONTACTED)}\nand {increase('campaign', CONTACTED, '7d')} > 0"),
        (CAPACITY, f"sum by ({ACCOUNT_KEY}) (\n  {limits}\n  unless on ({MAILBOX_KEY}) {unable}\n)"),
        (pace("account", SENT), per_working_day("account", SENT)),
        (UNUSED, f"1 - {best('account', SENT)} / ({CAPACITY} > 0)"),
        (PLAN, f"{last(PLAN_KEY, 'outreach_account_plan_used')}\n/ ({last(PLAN_KEY, 'outreach_account_plan_limit')} > 0)"),
    ]
