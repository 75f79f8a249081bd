# SPDX-License-Identifier: Apache-2.0
"""Who sends: domains, mailboxes and the services that host them."""

from . import thresholds
from .dashboard import account_variables, dashboard
from .mailboxes import BOUNCED, INFO, REPLIED
from .panels import bars, series, stat, target
from .query import DOMAIN_KEY, MAILBOX_KEY, latest, select
from .recording import increase
from .settings import DOMAIN_REPLIED, DOMAIN_SENT
from .tables import label, number, table
from .verdicts import covering
from .windows import SENT

FEW_REPLIES = thresholds.steps("orange", (DOMAIN_REPLIED, "green"))


def week(level, measure, by=""):
    """What senders did within 7 days."""
    return f"sum{by and f' by ({by}) '}({select(increase(level, measure, '7d'))})"


def share(level, measure, by=""):
    """A week's total as a share of the messages of those senders of whom it is reported."""
    told = f"{select(increase(level, SENT, '7d'))} and {select(increase(level, measure, '7d'))}"
    return f"{week(level, measure, by)} / (sum{by and f' by ({by}) '}({told}) > 0)"


def headline():
    """What there is, and how it does."""
    few = f"({week('domain', REPLIED, DOMAIN_KEY)} / ({week('domain', SENT, DOMAIN_KEY)} >= {DOMAIN_SENT}) < {DOMAIN_REPLIED})"
    return [
        stat("Domains", "Domains of the mailboxes of the chosen accounts.", f"count(count by (domain) ({select(INFO)}))"),
        stat("Mailboxes", "Mailboxes of the chosen accounts.", f"count({select(INFO)})"),
        stat("Sent in 7 days", "Messages sent in the last 7 days by mailboxes whose provider counts them.", week("mailbox", SENT), decimals=0),
        stat("Bounced in 7 days", "Share of the messages of the last 7 days that bounced, of mailboxes whose provider counts them.",
             share("mailbox", BOUNCED), "percentunit", thresholds.rising(thresholds.BOUNCED), 1),
        stat("Replied in 7 days", "Leads that replied in the last 7 days, per message sent, of mailboxes whose provider counts them.",
             share("mailbox", REPLIED), "percentunit", decimals=1),
        stat("Domains with few replies", f"Domains that sent at least {DOMAIN_SENT} messages in the last 7 days, of which less than "
             f"{DOMAIN_REPLIED:.0%} were replied to.", f"count({few}) or vector(0)", thresholds=thresholds.any_is_bad()),
    ]


def trends():
    """Volume and bounces by domain."""
    sent, due = select(increase("domain", SENT, "1d")), select(covering("domain", "1d"))
    return [
        series("Messages sent in 24 hours", "Messages sent within 24 hours, by domain.", [target(f"sum by (domain) ({sent})", "{{domain}}")],
               stacked=True, decimals=0),
        series("Bounced", "Bounces of 24 hours as a share of the messages that they can belong to, by domain, where these are at least "
               "50, with the alert's limits.",
               [target(f"sum by (domain) ({select(increase('domain', BOUNCED, '1d'))}) / (sum by (domain) ({due}) >= 50)", "{{domain}}")],
               "percentunit", thresholds.rising(thresholds.BOUNCED), decimals=1),
    ]


def hosts():
    """Both shares of each host, as one panel."""
    bounced, replied = (share("mailbox_service", measure, "mailbox_service") for measure in [BOUNCED, REPLIED])
    return bars("By mailbox host", "Messages that bounced and leads that replied in the last 7 days, per message sent, by the service that "
                "hosts the mailbox.",
                [target(bounced, "{{mailbox_service}}: bounced", instant=True), target(replied, "{{mailbox_service}}: replied", instant=True)],
                "percentunit", decimals=1)


def domains():
    """Every domain."""
    landed = select("mailbox:outreach_warmup_messages_landed:sum")
    spam = select("mailbox:outreach_mailbox_warmup_messages_landed:kept", placement="spam")

    def of_domain(expression):
        return f"sum by ({DOMAIN_KEY}) ({expression} * on ({MAILBOX_KEY}) group_left (domain) {select(INFO)})"
    return table(
        "Domains", "Every sending domain, by the share of its messages that bounced in the last 7 days. An empty cell: the provider does not "
        "report it per mailbox.",
        [label("domain", "Domain"), label("account", "Account"), label("provider", "Provider"),
         number("Mailboxes", f"count by ({DOMAIN_KEY}) ({select(INFO)})", decimals=0),
         number("Sent", week("domain", SENT, DOMAIN_KEY), decimals=0),
         number("Bounced", share("domain", BOUNCED, DOMAIN_KEY), "percentunit", decimals=1, thresholds=thresholds.rising(thresholds.BOUNCED)),
         number("Replied", share("domain", REPLIED, DOMAIN_KEY), "percentunit", decimals=1, thresholds=FEW_REPLIES),
         number("Warm-up in spam", f"{of_domain(spam)} / ({of_domain(landed)} > 0)", "percentunit", decimals=1,
                thresholds=thresholds.rising(thresholds.SPAM)),
         number("Failing checks", f"sum by ({DOMAIN_KEY}) ({select('domain:outreach_domain_check_passed:kept')} == bool 0)", decimals=0,
                thresholds=thresholds.any_is_bad())],
        "-Bounced", "-Failing checks", "-Warm-up in spam")


def mailboxes():
    """Every mailbox."""
    def column(title, expression, unit="short", **rest):
        joined = f"max by ({MAILBOX_KEY}) ({expression}) * on ({MAILBOX_KEY}) group_left (domain, mailbox_service) {select(INFO)}"
        return number(title, joined, unit, **rest)

    def ratio(measure):
        return f"{select(increase('mailbox', measure, '7d'))} / ({select(increase('mailbox', SENT, '7d'))} > 0)"
    return table(
        "Mailboxes", "Every mailbox, by the share of its messages that bounced in the last 7 days. An empty cell: the provider does not "
        "report it per mailbox.",
        [label("mailbox", "Mailbox"), label("mailbox_service", "Host"), label("account", "Account"), label("provider", "Provider"),
         column("Sent", select(increase("mailbox", SENT, "7d")), decimals=0),
         column("Bounced", ratio(BOUNCED), "percentunit", decimals=1, thresholds=thresholds.rising(thresholds.BOUNCED)),
         column("Replied", ratio(REPLIED), "percentunit", decimals=1),
         column("Daily limit", latest("outreach_mailbox_daily_limit", MAILBOX_KEY), decimals=0)],
        "-Bounced", "-Sent")


def build():
    """The dashboard."""
    return dashboard("senders", "Senders", "Which domains and mailboxes do the sending, and which of them suffer?", account_variables(),
                     [(4, headline()), (8, trends()), (9, [domains()]), (12, [(16, mailboxes()), (8, hosts())])])

