# SPDX-License-Identifier: Apache-2.0
"""How long the leads of a campaign last, and how much is used of what the mailboxes of an account may send and its plan allows.

The first two are counted in working days: days on which the campaign or the account did send, whatever its calendar is. On a
Sunday nothing is used, and no lead is lost.
"""

from . import thresholds
from .identity import STATUS, last, total, waiting
from .query import ACCOUNT_KEY, CAMPAIGN_KEY, MAILBOX_KEY, identity, latest, select
from .recording import ago, increase
from .settings import CANNOT_SEND, FILLED_DAILY, IDLE, PLAN_USED
from .tables import label, number, table
from .windows import SENT

CONTACTED = "leads_contacted"
LEADS = "campaign:outreach_campaign_leads:last10m"
REMAINING = "campaign:outreach_leads_remaining"
RUNWAY = "campaign:outreach_leads_runway_days"
FILLED = "campaign:outreach_leads_filled:bool7d"
REFILLED = "campaign:outreach_leads_refilled:group"
FILLED_DAYS = "campaign:outreach_leads_filled_days:ratio"
CAPACITY = "account:outreach_mailbox_daily_limit:sum"
UNUSED = "account:outreach_capacity_unused:ratio"
PLAN = "account:outreach_plan_used:ratio"
PLAN_KEY = identity("provider", "account", "resource")


def pace(level, measure):
    """The name of what happens on a working day."""
    return f"{level}:outreach_campaign_{measure}:per_working_day"


def worked(level, measure, day):
    """Whether more than a hundredth of the week's work was done in the 24 hours some days ago."""
    daily, weekly = increase(level, measure, "1d"), increase(level, measure, "7d")
    return f"(({ago(daily, day)} or {weekly} * 0) > bool {weekly} / 100)"


def per_working_day(level, measure):
    """The week's work by days with more than a hundredth of it, each until this time of day; no series where nothing moved."""
    weekly = increase(level, measure, "7d")
    return f"{weekly}\n/ ((\n  " + "\n  + ".join(worked(level, measure, day) for day in range(7)) + "\n) > 0)"


def best(level, measure):
    """What happens on a working day: the highest of a day, because days that end at noon count a week of five days as six."""
    return f"max_over_time({pace(level, measure)}[1d])"


def active():
    """Campaigns that should send, to join to."""
    return f'on ({CAMPAIGN_KEY}) {STATUS}{{status="active"}}'


def filled_days():
    """The days of the week before today on which a campaign got leads, of those on which it contacted some.

    Two at least, or one of a campaign that is known for less than a week.
    """
    days = range(1, 8)
    got = "\n  + ".join(f"({ago(LEADS, day)} > bool {ago(LEADS, day + 1)} or {LEADS} * 0)" for day in days)
    contacted = "\n  + ".join(worked("campaign", CONTACTED, day) for day in days)
    return f"((\n  {got}\n) > ({ago(LEADS, 7)} * 0 + 1 or {LEADS} * 0))\n/ ((\n  {contacted}\n) > 0)"


def refilled():
    """Campaigns that get new leads as a matter of course: just now, or in a rhythm of days, weeks or fortnights that goes on.

    One that got leads on most days on which it contacted some, and none for a day on which it goes on contacting, no longer does.
    """
    evergreen = f"max by ({CAMPAIGN_KEY}) (last_over_time(outreach_campaign_evergreen[10m])) == 1"
    daily = f"{FILLED_DAYS} >= {FILLED_DAILY}"
    contacts = f"{REMAINING} < last_over_time({REMAINING}[1h] offset 8h)"
    week = [f"{FILLED} == 1", *(f"{ago(FILLED, 7 * number)} == 1" for number in range(1, 4))]
    return (f"group by ({CAMPAIGN_KEY}) (\n  {evergreen}\n  or {LEADS} > {ago(LEADS, 1)}\n  or ({daily} unless {contacts})\n"
            f"  or ({week[0]} and {week[1]} unless ({daily} and {contacts}))\n"
            f"  or ({week[0]} and {week[2]} unless {week[1]})\n  or ({week[1]} and {week[3]} unless {week[2]})\n)")


def known():
    """Campaigns known for a day, so that it is known whether somebody refills them."""
    return f"on ({CAMPAIGN_KEY}) {ago(LEADS, 1)}"


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
        # A campaign begins with leads.
        (FILLED, f"{LEADS} > bool ({ago(LEADS, 7)} or {LEADS} * 0)"),
        (FILLED_DAYS, filled_days()),
        (REFILLED, refilled()),
        (PLAN, f"{last(PLAN_KEY, 'outreach_account_plan_used')}\n/ ({last(PLAN_KEY, 'outreach_account_plan_limit')} > 0)"),
    ]
