# SPDX-License-Identifier: Apache-2.0
"""One campaign, from the leads it holds to the variants of its steps."""

from . import thresholds
from .dashboard import account_variables, campaign_variable, dashboard
from .identity import total
from .panels import DAY, STAGES, bars, happened, per_collection, series, stat, target
from .query import CAMPAIGN, identity, latest, named, select
from .recording import increase, ratio
from .runway import LEADS, REMAINING, RUNWAY
from .settings import RUNWAY_DAYS
from .tables import label, number, table

STEP = "sequence, step, variant"


def lifetime(measure):
    """A campaign's total since it began: the largest, where two exporters tell it."""
    return f"max({select(f'outreach_campaign_{measure}_total', CAMPAIGN)})"


def share(measure):
    """A lifetime total as a share of the messages sent."""
    return f"{lifetime(measure)} / ({lifetime('messages_sent')} > 0)"


def step_total(measure, **matchers):
    """A lifetime total of each step and variant."""
    return f"max by ({STEP}) ({select(f'outreach_step_{measure}_total', CAMPAIGN, **matchers)})"


def step_share(measure, **matchers):
    """A lifetime total of each step and variant as a share of its messages."""
    return f"{step_total(measure, **matchers)} / ({step_total('messages_sent', **matchers)} > 0)"


def headline():
    """Which campaign this is and how it stands."""
    status = named(latest("outreach_campaign_status", identity("provider", "account", "campaign", "status"), CAMPAIGN), CAMPAIGN)
    return [
        (6, stat("Campaign", "The campaign's name and its status.", status, legend="{{name}}: {{status}}", text="name")),
        (3, stat("Leads", "Leads in the campaign now.", f"max({select(LEADS, CAMPAIGN)})", decimals=0)),
        (3, stat("Sent", "Messages sent since the campaign began.", lifetime("messages_sent"), decimals=0)),
        (3, stat("Opened", "Messages opened per message sent, since the campaign began. Mail programs that load pictures "
                 "unasked count as well.", share("messages_opened"), "percentunit", decimals=1)),
        (3, stat("Replied", "Leads that replied per message sent, since the campaign began.", share("leads_replied"),
                 "percentunit", decimals=1)),
        (3, stat("Bounced", "Messages bounced per message sent, since the campaign began.", share("messages_bounced"),
                 "percentunit", thresholds.rising(thresholds.BOUNCED), 1)),
        (3, stat("Unsubscribed", "Leads that unsubscribed per message sent, since the campaign began.",
                 share("leads_unsubscribed"), "percentunit", thresholds.rising(thresholds.UNSUBSCRIBED), 2)),
    ]


def leads():
    """What is left to do, and what came of it."""
    return [
        stat("Leads left", "Leads that nobody has contacted yet.", f"max({select(REMAINING, CAMPAIGN)})", decimals=0),
        stat("Working days left", "Days on which the campaign sends until its leads run out, at the pace of the last 7 days.",
             f"max({select(RUNWAY, CAMPAIGN)})", thresholds=thresholds.steps("orange", (RUNWAY_DAYS, "green")), decimals=1),
        stat("Contacted", "Leads for whom the sequence has started.", f"max({select(total('leads_contacted'), CAMPAIGN)})", decimals=0),
        stat("Completed", "Leads that have got the whole sequence, where the provider reports them.", lifetime("leads_completed"),
             decimals=0),
        stat("Opportunities", "Leads that became an opportunity, where the provider reports them.",
             lifetime("leads_with_opportunity"), decimals=0),
        stat("Deals", "Deals closed, where the provider reports them.", lifetime("deals_closed"), decimals=0),
    ]


def funnel():
    """How far the campaign's messages and leads got."""
    return bars("The funnel since the beginning",
                "Each stage as a share of an earlier one: messages opened and clicked (each counted once per lead and step), leads that "
                "replied, leads marked as interested, meetings booked. What the provider does not report is missing.",
                [target(f"{lifetime(stage)} / ({lifetime(earlier)} > 0)", name, instant=True) for name, stage, earlier in STAGES],
                "percentunit", decimals=1)


def activity(title, description, measures, **rest):
    """What happened, day by day."""
    return series(title, description,
                  [per_collection(f"sum({happened(select(total(measure), CAMPAIGN))})", name, DAY) for name, measure in measures],
                  bars=True, decimals=0, points=56, **rest)


def steps():
    """Steps and variants, side by side."""
    def column(title, measure, **rest):
        return number(title, step_share(measure), "percentunit", decimals=1, **rest)
    return table(
        "Steps and variants",
        "Since the campaign began, per message of the step and variant, each lead counted once. An empty column: the "
        "provider does not report it per step.",
        [label("sequence", "Sequence"), label("step", "Step"), label("variant", "Variant"),
         number("Sent", step_total("messages_sent"), decimals=0), column("Delivered", "messages_delivered"),
         column("Opened", "messages_opened", gauge=True), column("Clicked", "messages_clicked"),
         column("Replied", "messages_replied"), column("Unsubscribed", "leads_unsubscribed"),
         column("Bounced", "messages_bounced", thresholds=thresholds.rising(thresholds.BOUNCED))],
        "Sequence", "Step", "Variant")


def ratios():
    """The ratios of the alerts, over time."""
    def over_a_week(outcome):
        return (f"max({select(ratio('campaign', outcome, '7d'), CAMPAIGN)} "
                f"and {select(increase('campaign', 'messages_sent', '7d'), CAMPAIGN)} >= 50)")
    return series("Replied, bounced, unsubscribed", "Per message sent, within 7 days in which at least 50 were sent.",
                  [target(over_a_week(outcome), outcome) for outcome in ["replied", "bounced", "unsubscribed"]],
                  "percentunit", decimals=1)


def build():
    """The dashboard."""
    return dashboard(
        "campaign", "Campaign", "How is this campaign doing, and which of its steps does the work?",
        account_variables(multi=False) + [campaign_variable()],
        [(4, headline()), (3, leads()),
         (8, [(8, funnel()),
              (16, activity("Messages sent", "Messages sent on each day, today's until now.", [("sent", "messages_sent")]))]),
         (8, [(8, ratios()),
              (16, activity("Answers", "Messages opened and clicked, leads that replied, on each day, today's until now.",
                            [("opened", "messages_opened"), ("clicked", "messages_clicked"),
                             ("replied", "leads_replied")], stacked=False))]),
         (10, [steps()])], since="now-30d")
