# SPDX-License-Identifier: Apache-2.0
"""Mailboxes and domains: what decides whether messages arrive."""

from . import thresholds
from .dashboard import account_variables, dashboard
from .mailboxes import INFO
from .panels import bars, mapping, series, stat, target
from .query import MAILBOX_KEY, select
from .recording import increase
from .runway import CAPACITY, UNUSED
from .settings import CANNOT_SEND
from .tables import label, number, table
from .verdicts import covering

HEALTH = thresholds.falling(0.8, 0.5)
PASSED = mapping({1: ("pass", "green"), 0: ("fail", "red")})


def headline():
    """What is wrong right now."""
    failing = select("domain:outreach_domain_check_passed:kept")
    return [
        stat("Mailboxes", "Mailboxes of the chosen accounts.",
             f"count(count by ({MAILBOX_KEY}) ({select('mailbox:outreach_mailbox_status:kept')}))"),
        stat("Cannot send", "Mailboxes whose provider reports an error, a lost connection or a suspension.",
             f"count({select('mailbox:outreach_mailbox_status:kept', status__re=CANNOT_SEND)}) or vector(0)",
             thresholds=thresholds.any_is_bad()),
        stat("Warm-up messages in spam", "Share of the warm-up messages that landed in spam, in the provider's window, over "
             "all mailboxes whose provider reports it.",
             f"sum({select('mailbox:outreach_mailbox_warmup_messages_landed:kept', placement='spam')}) / "
             f"sum({select('mailbox:outreach_warmup_messages_landed:sum')})",
             "percentunit", thresholds.rising(thresholds.SPAM), 1),
        stat("Lowest health", "The provider's health score of the mailbox that has the lowest.",
             f"min({select('outreach_mailbox_health_ratio')})", "percentunit", HEALTH, 0),
        stat("Failing domain checks", "Set-up checks (MX, SPF, DKIM, DMARC) that a sending domain fails.",
             f"count({failing} == 0) or vector(0)", thresholds=thresholds.any_is_bad()),
        stat("Daily limit used", "Messages sent on a working day of the last 7 as a share of what the connected mailboxes may send in "
             "a day.", f"1 - sum({select(UNUSED)} * {select(CAPACITY)}) / sum({select(CAPACITY)} and {select(UNUSED)})",
             "percentunit", thresholds.rising((0.9, 1)), 0),
    ]


def trends():
    """Bounces, spam and health by account."""
    due = select(covering("account", "1d"))
    return [
        series("Bounced", "Bounces of 24 hours as a share of the messages that they can belong to, by account, where these are at "
               "least 100, with the alert's limits.",
               [target(f"{select(increase('account', 'messages_bounced', '1d'))} / ({due} >= 100)",
                       "{{account}} ({{provider}})")], "percentunit", thresholds.rising(thresholds.BOUNCED), decimals=1),
        series("Warm-up messages in spam", "Share of the warm-up messages that landed in spam, in the provider's window, by "
               "account, with the alert's limits.",
               [target(f"max by (provider, account) ({select('account:outreach_spam_per_landed:ratio')})",
                       "{{account}} ({{provider}})")], "percentunit", thresholds.rising(thresholds.SPAM), decimals=1),
        series("Health", "The provider's health score of the mailboxes: each account's lowest.",
               [target(f"min by (provider, account) ({select('outreach_mailbox_health_ratio')})",
                       "{{account}} ({{provider}})")], "percentunit", decimals=0, bounds=(0, 1)),
    ]


def mailboxes():
    """Every mailbox."""
    def hosted(expression):
        # A mailbox of which nothing else is told keeps its row.
        return (f"({expression} * on ({MAILBOX_KEY}) group_left (mailbox_service) {select(INFO)})"
                f" or ({expression} unless on ({MAILBOX_KEY}) {select(INFO)})")

    def column(title, metric, unit="short", **rest):
        return number(title, hosted(f"max by ({MAILBOX_KEY}) ({select(metric)})"), unit, **rest)
    status = select("mailbox:outreach_mailbox_status:kept")
    broken = select("mailbox:outreach_mailbox_status:kept", status__re=CANNOT_SEND)
    return table(
        "Mailboxes",
        "Every mailbox: first those that cannot send, then by the share of their warm-up messages that lands in spam. An empty "
        "cell: the provider does not report it. Warm-up numbers are of the provider's own window.",
        [label("mailbox", "Mailbox"), label("mailbox_service", "Host"), label("account", "Account"), label("provider", "Provider"),
         label("status", "Status"),
         number("Sends", hosted(f"max by ({MAILBOX_KEY}, status) (({broken} * 0) or {status})"),
                mappings=(mapping({1: ("yes", "green"), 0: ("no", "red")}),)),
         column("Health", "outreach_mailbox_health_ratio", "percentunit", decimals=0, thresholds=HEALTH),
         column("In spam", "mailbox:outreach_spam_per_landed:ratio", "percentunit", decimals=1,
                thresholds=thresholds.rising(thresholds.SPAM)),
         column("Warm-up messages", "mailbox:outreach_warmup_messages_landed:sum", decimals=0),
         column("Daily limit", "outreach_mailbox_daily_limit", decimals=0)],
        "Sends", "-In spam", "Health")


def domains():
    """Every domain's checks."""
    return table(
        "Domains", "Set-up checks of the sending domains, those that fail most first. An empty cell: not checked.",
        [label("domain", "Domain"), label("account", "Account"), label("provider", "Provider"),
         number("Failing", f"sum by (provider, account, domain) ({select('domain:outreach_domain_check_passed:kept')} == bool 0)",
                decimals=0, thresholds=thresholds.any_is_bad())]
        + [number(check.upper(), f"min by (provider, account, domain) "
                                 f"({select('domain:outreach_domain_check_passed:kept', check=check)})", mappings=(PASSED,))
           for check in ["mx", "spf", "dkim", "dmarc"]],
        "-Failing", "Domain")


def limits():
    """Room to send."""
    return bars("Daily limit used", "Messages sent on a working day of the last 7 as a share of what the account's connected mailboxes "
                "may send in a day.", [target(f"1 - {select(UNUSED)}", "{{account}} ({{provider}})", instant=True)], "percentunit",
                thresholds.rising((0.9, 1)), 0, 1)


def build():
    """The dashboard."""
    return dashboard("deliverability", "Deliverability", "Which mailboxes and domains endanger what we send?",
                     account_variables(),
                     [(4, headline()), (8, trends()), (12, [mailboxes()]), (9, [(15, domains()), (9, limits())])])
