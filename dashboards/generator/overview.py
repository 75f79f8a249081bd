# SPDX-License-Identifier: Apache-2.0
"""The dashboard that everybody opens first."""

from . import thresholds
from .costs import cost as cost_of
from .dashboard import account_variables, dashboard
from .identity import COST, INFO, SENDING, STATUS
from .panels import STAGES, bars, dashed, mapping, series, stat, target
from .query import ACCOUNT_KEY, CAMPAIGN_KEY, named, select
from .recording import increase, ratio
from .runway import CAPACITY, REMAINING, RUNWAY, UNUSED, plans
from .settings import RUNBOOK, RUNWAY_DAYS
from .tables import label, number, table
from .windows import SENT

TO_CAMPAIGN = {
    "title": "Open the campaign", "targetBlank": False,
    "url": "/d/outreach-campaign?${__url_time_range}&${datasource:queryparam}"
           "&var-provider=${__data.fields.provider}&var-account=${__data.fields.account}"
           "&var-campaign=${__data.fields.campaign}",
}


TO_RUNBOOK = {"title": "What to do", "targetBlank": True, "url": f"{RUNBOOK}#${{__data.fields.alertname}}"}
SEVERITIES = mapping({"critical": ("critical", "red"), "warning": ("warning", "orange")})


def firing(severity):
    """The alerts of a severity that fire; those about no account are everybody's."""
    return (f'ALERTS{{alertname=~"Outreach.+", alertstate="firing", severity="{severity}", provider=~"$provider|", '
            'account=~"$account|"}')


# A warning whose critical twin fires says nothing new.
FIRING = f"({firing('critical')} or ignoring (severity) {firing('warning')})"


def total(measure, window, by=""):
    """Everything the chosen accounts did in a window."""
    return f"sum{by and f' by ({by}) '}({select(increase('account', measure, window))})"


def share(measure, window, by=""):
    """A total as a share of the messages sent by the accounts whose provider reports it."""
    sent = select(increase("account", "messages_sent", window))
    return (f"{total(measure, window, by)} / (sum{by and f' by ({by}) '}"
            f"({sent} and {select(increase('account', measure, window))}) > 0)")


def headline():
    """The numbers of the day, and the shares of the week: on a Saturday there are replies, but nothing sent to divide by."""
    return [
        stat("Sent in 24 hours", "Messages sent in the last 24 hours.", total("messages_sent", "1d"), decimals=0),
        stat("Interested in 24 hours", "Leads marked as interested in the last 24 hours, by the providers that report them.",
             total("leads_interested", "1d"), decimals=0),
        stat("Replied in 7 days", "Leads that replied in the last 7 days, per message sent.",
             share("leads_replied", "7d"), "percentunit", decimals=1),
        stat("Bounced in 7 days", "Share of the messages sent in the last 7 days that bounced.",
             share("messages_bounced", "7d"), "percentunit", thresholds.rising(thresholds.BOUNCED), 1),
        stat("Unsubscribed in 7 days", "Leads that unsubscribed in the last 7 days, per message sent.",
             share("leads_unsubscribed", "7d"), "percentunit", thresholds.rising(thresholds.UNSUBSCRIBED), 2),
        stat("Active campaigns", "Campaigns that the providers call active now.",
             f"count({select('campaign:outreach_campaign_status:last10m', status='active')})"),
        stat("Alerts", "Alerts that fire now, information left out.", f"count{FIRING} or vector(0)",
             thresholds=thresholds.any_is_bad()),
        stat("Age of the numbers", "Time since the last successful collection of the account that waits longest.",
             f"max({select('account:outreach_data_age_seconds:last10m')})", "s",
             thresholds.rising((900, 1800)), 0),
    ]


def funnel():
    """How far messages get, in a week: each stage as a share of an earlier one, of the accounts that report both."""
    def step(stage, earlier):
        both = f"{select(increase('account', earlier, '7d'))} and {select(increase('account', stage, '7d'))}"
        return f"{total(stage, '7d')} / (sum({both}) > 0)"
    return bars("The funnel of the last 7 days",
                "Each stage as a share of an earlier one, over the chosen accounts whose provider reports both: messages opened and clicked "
                "(each counted once per lead and step), leads that replied, leads marked as interested, meetings booked.",
                [target(step(stage, earlier), name, instant=True) for name, stage, earlier in STAGES], "percentunit", decimals=1)


def alerts():
    """What somebody should look at."""
    kind = "alertname, severity, account, name, mailbox, domain, part"
    places = ("alertname, severity, provider, account, campaign, mailbox, domain, check, part, measure, route, field, status, state, "
              "shard, instance")
    info = "campaign:outreach_campaign_info:last10m"

    def with_names(firing):
        return f"({firing} * on ({CAMPAIGN_KEY}) group_left (name) {info} or on ({places}) {firing})"
    since = with_names(f'(ALERTS_FOR_STATE{{alertname=~"Outreach.+"}} and ignoring (alertstate) {FIRING})')
    return table(
        "Alerts", "What fires now, critical first, then what fires in most places; information is left out. Click an alert to "
        "read what to do.",
        [label("alertname", "Alert", link=TO_RUNBOOK), label("severity", "Severity", mappings=(SEVERITIES,)), label("account", "Account"),
         label("name", "Campaign"), label("mailbox", "Mailbox"), label("domain", "Domain"), label("part", "Part"),
         number("Places", f"count by ({kind}) {with_names(FIRING)}", decimals=0),
         number("For", f"max by ({kind}) (time() - {since})", "s", decimals=0)],
        "Severity", "-Places")


def accounts():
    """The same by provider and account."""
    def column(title, measure, **rest):
        return number(title, share(measure, "7d", "provider, account"), "percentunit", **rest)
    return table(
        "Accounts in the last 7 days",
        "Shares of the messages sent in the last 7 days. An empty cell: the provider does not report it.",
        [label("account", "Account"), label("provider", "Provider"),
         number("Sent", total("messages_sent", "7d", "provider, account"), decimals=0),
         column("Delivered", "messages_delivered", decimals=1), column("Opened", "messages_opened", decimals=1),
         column("Clicked", "messages_clicked", decimals=1), column("Replied", "leads_replied", decimals=1),
         column("Interested", "leads_interested", decimals=2),
         column("Bounced", "messages_bounced", decimals=1, thresholds=thresholds.rising(thresholds.BOUNCED)),
         column("Unsubscribed", "leads_unsubscribed", decimals=2,
                thresholds=thresholds.rising(thresholds.UNSUBSCRIBED))],
        "-Sent")


def compared():
    """The week beside the one before, and a day beside the same day of that week."""
    by = "provider, account"

    def change(window):
        now = total(SENT, window, by)
        before = f"sum by ({by}) ({select(increase('account', SENT, window))} offset 7d)"
        return f"{now} / ({before} > 0) - 1"

    def replied():
        told = select(increase("account", "leads_replied", "7d"))
        sent = select(increase("account", SENT, "7d"))
        return f"sum by ({by}) ({told} offset 7d) / (sum by ({by}) ({sent} offset 7d and {told} offset 7d) > 0)"
    return table(
        "Compared with the week before", "The last 7 days beside the 7 days before them, and the last 24 hours beside the same hours of the "
        "same weekday a week ago. Empty until Prometheus has known the account for a week.",
        [label("account", "Account"), label("provider", "Provider"),
         number("Sent in 7 days", change("7d"), "percentunit", decimals=0),
         number("Sent in 24 hours", change("1d"), "percentunit", decimals=0),
         number("Replied", share("leads_replied", "7d", by), "percentunit", decimals=1),
         number("The week before", replied(), "percentunit", decimals=1)],
        "Sent in 7 days")


def volume():
    """What is sent, beside the same weekday a week before."""
    day = increase("account", SENT, "1d")
    return series("Sent in 24 hours, and a week before", "Messages sent within 24 hours by all chosen accounts, and, dashed, in the same "
                  "hours of the same weekday a week before.",
                  [target(f"sum({select(day)})", "sent"), target(f"sum({select(day)} offset 7d)", "a week before")], decimals=0,
                  overrides=[dashed("a week before")])


def daily(measure):
    """A share over a day by provider, where the day tells something: not on a Saturday, nor in Monday's first hour."""
    sent, week = total("messages_sent", "1d", "provider"), total("messages_sent", "7d", "provider")
    return f"{share(measure, '1d', 'provider')} and {sent} >= clamp_min({week} / 10, 100)"


def trends():
    """Volume and the two ratios that matter, over time."""
    return [
        series("Messages sent per hour", "Messages sent within an hour, by provider.",
               [target(total("messages_sent", "1h", "provider"), "{{provider}}")], stacked=True, decimals=0),
        volume(),
        series("Replied", "Leads that replied within 24 hours, per message sent in them, by provider, where these are at least 100 "
               "and a tenth of the week's.",
               [target(daily("leads_replied"), "{{provider}}")], "percentunit", decimals=1),
        series("Bounced", "Share of the messages sent within 24 hours that bounced, by provider, where these are at "
               "least 100 and a tenth of the week's, with the alert's limits.",
               [target(daily("messages_bounced"), "{{provider}}")], "percentunit",
               thresholds.rising(thresholds.BOUNCED), decimals=1),
    ]


def campaigns(title, description, leading, sort):
    """The ten campaigns that lead by a ratio, among those with 100 messages in the week."""
    volume = select(increase("campaign", "messages_sent", "7d"))
    best = f"topk(10, {select(ratio('campaign', leading, '7d'))} and {volume} >= 100)"

    def column(title, outcome, **rest):
        picked = best if outcome == leading else f"{select(ratio('campaign', outcome, '7d'))} and on ({CAMPAIGN_KEY}) {best}"
        return number(title, named(f"({picked})"), "percentunit", decimals=1, **rest)
    return table(
        title, description,
        [label("name", "Campaign", link=TO_CAMPAIGN), label("account", "Account"), label("provider", "Provider"),
         label("campaign", "Id", hidden=True),
         number("Sent", named(f"({volume} and on ({CAMPAIGN_KEY}) {best})"), decimals=0),
         column("Replied", "replied"),
         column("Bounced", "bounced", thresholds=thresholds.rising(thresholds.BOUNCED)),
         column("Unsubscribed", "unsubscribed", thresholds=thresholds.rising(thresholds.UNSUBSCRIBED))],
        f"-{sort}")


def runway():
    """The campaigns whose leads run out first."""
    first = f"bottomk(10, {select(RUNWAY)} and on ({CAMPAIGN_KEY}) {select(STATUS, status='active')})"
    return table(
        "Leads run out", "The ten active campaigns whose leads run out first, in days on which the campaign sends, at the pace of the "
        "last 7 days. Click a name to open it.",
        [label("name", "Campaign", link=TO_CAMPAIGN), label("account", "Account"), label("provider", "Provider"),
         label("campaign", "Id", hidden=True),
         number("Leads left", named(f"({select(REMAINING)} and on ({CAMPAIGN_KEY}) {first})"), decimals=0),
         number("Working days", named(f"({first})"), decimals=1, thresholds=thresholds.steps("orange", (RUNWAY_DAYS, "green")))],
        "Working days")


def standing():
    """Active campaigns that stand still, and why."""
    why = f"{select(SENDING, state__not='healthy')} and on ({CAMPAIGN_KEY}) {select(STATUS, status='active')}"
    return table(
        "Not sending, and why", "Active campaigns that stand still, with the provider's reason; those that somebody must mend have an alert. "
        "Empty where all send.",
        [label("name", "Campaign", link=TO_CAMPAIGN), label("account", "Account"), label("provider", "Provider"),
         label("campaign", "Id", hidden=True), label("state", "Reason"), number("Now", named(f"({why})"), hidden=True)],
        "Reason")


def capacity():
    """What the mailboxes may send, and what of it is used."""
    allowed, unused = (f"max by (provider, account) ({select(metric)})" for metric in [CAPACITY, UNUSED])
    return table(
        "Capacity", "What the connected mailboxes may send in a day, and what is sent on a working day of the last 7.",
        [label("account", "Account"), label("provider", "Provider"), number("May send", allowed, decimals=0),
         number("Sent", f"{allowed} * (1 - {unused})", decimals=0), number("Unused", unused, "percentunit", decimals=0)],
        "-Unused")


def clients():
    """What each client gets, of whom it is told which accounts are theirs."""
    def by_client(measure):
        return f"sum by (client) ({select(increase('account', measure, '7d'))} * on ({ACCOUNT_KEY}) group_left (client) {select(INFO)})"

    def per_sent(measure):
        told = f"({select(increase('account', SENT, '7d'))} and {select(increase('account', measure, '7d'))})"
        return (f"{by_client(measure)} / (sum by (client) ({told} * on ({ACCOUNT_KEY}) group_left (client) {select(INFO)}) > 0)")
    return table(
        "Clients in the last 7 days", "What was sent for each client and what came of it; accounts without a client are one row.",
        [label("client", "Client"), number("Sent", by_client(SENT), decimals=0),
         number("Replied", per_sent("leads_replied"), "percentunit", decimals=1),
         number("Bounced", per_sent("messages_bounced"), "percentunit", decimals=1, thresholds=thresholds.rising(thresholds.BOUNCED)),
         number("Interested", by_client("leads_interested"), decimals=0),
         number("Meetings", by_client("meetings_booked"), decimals=0)],
        "-Sent")


def cost():
    """What results cost, of accounts whose cost the configuration names."""
    def column(title, metric, decimals):
        return number(title, f"max by (provider, account, currency) ({select(metric)})", decimals=decimals)
    return table(
        "Cost in the last 4 weeks", "The cost of accounts whose configuration names it, by what came of it in the last four weeks, in the "
        "account's currency. An empty cell: nothing came of it, or the provider does not report it.",
        [label("account", "Account"), label("provider", "Provider"), label("currency", "Currency"),
         column("Per month", COST, 0), column("Per 1,000 messages", cost_of("thousand_messages"), 2),
         column("Per interested lead", cost_of("interested_lead"), 2), column("Per meeting", cost_of("meeting"), 2)],
        "-Per month")


def build():
    """The dashboard."""
    return dashboard(
        "overview", "Overview", "Is outreach working, and where should I look?", account_variables(),
        [(4, headline()),
         (9, [(8, funnel()), (16, alerts())]),
         (8, trends()),
         (6, [(15, accounts()), (9, compared())]),
         (8, [(9, runway()), (8, standing()), (7, capacity())]),
         (7, [(9, clients()), (8, cost()), (7, plans())]),
         (12, [campaigns("Most replies", "The ten campaigns with the most replies per message in the last 7 days, of those "
                         "that sent at least 100. Click a name to open it.", "replied", "Replied"),
               campaigns("Most bounces", "The ten campaigns with the most bounces per message in the last 7 days, of those "
                         "that sent at least 100. Click a name to open it.", "bounced", "Bounced")])])
