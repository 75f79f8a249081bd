# SPDX-License-Identifier: Apache-2.0
"""Alerts about campaigns and what their accounts get out of them."""

from .alert import ACCOUNT, ACCOUNT_PAGE, CAMPAIGN_PAGE, WHOSE_PAGE, Alert, by_severity, campaign, campaign_name, percent
from .identity import SENDING, STATUS, UP
from .query import ACCOUNT_KEY, CAMPAIGN_KEY
from .recording import ago, increase, lower_bound
from .runway import CONTACTED, PLAN, REFILLED, REMAINING, RUNWAY, active, known
from .settings import (BOUNCED, DROUGHT, GOES_ON, MANY, PLAN_USED, REPLIES_EXPECTED, REPLIES_LOST, REPLIES_LOST_DEVIATIONS,
                       RUNWAY_DAYS, UNSUBSCRIBED)
from .verdicts import EXPECTED, IMPROBABILITY, REPLIED, SILENT, WEEK_EXPECTED, WEEK_IMPROBABILITY, WEEK_REPLIED

NAME = {"campaign": campaign_name()}
# Of a campaign if the alert has one, else of all campaigns of the account.
WHOSE = f"{{{{ if $labels.campaign }}}}campaign {campaign_name()} of {{{{ end }}}}{ACCOUNT}"
WHERE = {"campaign": f"{{{{ if $labels.campaign }}}}{campaign_name()}{{{{ else }}}}all campaigns{{{{ end }}}}"}


def excess(outcome):
    """A share that is too high with confidence, of a campaign or of an account none of whose campaigns shows it alone."""
    of_campaign, of_account = (f"{lower_bound(level, outcome)} > {{limit}}" for level in ["campaign", "account"])
    return f"{of_campaign}\nor\n(\n  {of_account}\n  unless on ({ACCOUNT_KEY}) ({of_campaign})\n)"


def reputation():
    """What makes mailbox providers distrust a sender."""
    return [
        Alert("OutreachBounceRateHigh", by_severity(excess("bounced"), BOUNCED), "deliverability",
              "So many messages bounce that mailbox providers start to block their senders.",
              "With confidence, at least {{ $value | humanizePercentage }} of what " + WHOSE + " sent lately bounced.",
              WHOSE_PAGE, annotations=WHERE),
        Alert("OutreachUnsubscribeRateHigh", by_severity(excess("unsubscribed"), UNSUBSCRIBED), "deliverability",
              "So many people unsubscribe that spam complaints follow.",
              "With confidence, at least {{ $value | humanizePercentage }} of what " + WHOSE + " sent lately made somebody "
              "unsubscribe.", WHOSE_PAGE, annotations=WHERE),
    ]


def drought():
    """Replies that do not come although they are due."""
    def case(severity, share, deviations):
        return (severity, f"{REPLIED} < {share}\nand {IMPROBABILITY} > {deviations}\nand {EXPECTED} >= {REPLIES_EXPECTED}", "30m",
                f"less than {percent(share)}")
    warning, critical = DROUGHT
    return Alert("OutreachReplyDrought", [case("critical", *critical), case("warning", *warning)], "deliverability",
                 "Replies to an account have dried up although it goes on sending.",
                 f"In two days {ACCOUNT} got {{{{ $value | humanizePercentage }}}} of the replies that its messages let expect.",
                 ACCOUNT_PAGE, keep_firing_for="1h")


def falling():
    """Replies that become fewer from week to week, too slowly for a drought."""
    fewer = (f"1 - {WEEK_REPLIED} > {REPLIES_LOST}\nand {WEEK_IMPROBABILITY} > {REPLIES_LOST_DEVIATIONS}\n"
             f"and {WEEK_EXPECTED} >= {REPLIES_EXPECTED}")
    return Alert("OutreachRepliesFalling", [("warning", fewer, "1h", percent(REPLIES_LOST))], "deliverability",
                 "An account gets fewer replies per message than in the week before.",
                 f"In seven days {ACCOUNT} got {{{{ $value | humanizePercentage }}}} fewer replies than the week before lets expect.",
                 ACCOUNT_PAGE)


def stalled():
    """Active, with leads left, and nothing sent in a time in which the campaign did send a week ago, or in a whole week.

    The calendar of each campaign is its own: who sends on Mondays and Thursdays is not missed on Tuesday. The times are one, two and
    three days, so that a weekend in between does not end the alert. On a public holiday many accounts are silent, and no campaign is
    told, nor in the four days after: there may be a weekend before they begin again.
    """
    daily, weekly = increase("campaign", "messages_sent", "1d"), increase("campaign", "messages_sent", "7d")
    active = f'{STATUS}{{status="active"}}'
    silent = [" and ".join(f"{ago(daily, day)} == 0" for day in range(days)) for days in [1, 2, 3]]
    cases = [f"({nothing} and {ago(daily, 7 + day)} > 0)" for day, nothing in enumerate(silent)]
    cases.append(f"({weekly} == 0 and on ({CAMPAIGN_KEY}) {ago(active, 4)})")
    evergreen = f"max by ({CAMPAIGN_KEY}) (last_over_time(outreach_campaign_evergreen[10m])) == 1"
    return ("(\n  " + "\n  or ".join(cases) + f"\n)\nand on ({CAMPAIGN_KEY}) {active}\n"
            f"and on ({CAMPAIGN_KEY}) {ago(active, 1)}\n"
            f"unless on ({CAMPAIGN_KEY}) {evergreen}\nunless on ({CAMPAIGN_KEY}) {REMAINING} == 0\n"
            f"unless on () max_over_time({SILENT}[4d]) > {MANY}")


def vanished():
    """Active and no longer listed, in an account that shows completed campaigns too.

    Where a filter hides what is completed, every completed campaign vanishes, and nobody needs to know.
    """
    return (f'last_over_time({STATUS}{{status="active"}}[1h] offset 20m)\n'
            f"unless on ({CAMPAIGN_KEY}) last_over_time({STATUS}[10m])\n"
            f"and on ({ACCOUNT_KEY}) min_over_time({UP}[20m]) == 1\nand on ({ACCOUNT_KEY}) ({UP} and {UP} offset 15m)\n"
            f'and on ({ACCOUNT_KEY}) last_over_time({STATUS}{{status=~"completed|archived"}}[1d])')


def status(*names):
    """Campaigns with one of these statuses."""
    operator = "=~" if len(names) > 1 else "="
    return f'{STATUS}{{status{operator}"{"|".join(names)}"}}'


def interruptions():
    """Campaigns that should send and do not."""
    def alert(name, severity, expression, pending, summary, description, annotations=NAME):
        return Alert(name, [(severity, expression, pending, "")], "deliverability", summary, description, CAMPAIGN_PAGE,
                     annotations=annotations)
    return [
        alert("OutreachCampaignStalled", "warning", stalled(), "30m",
              "A campaign is active and sends nothing, at a time of the week in which it used to send.",
              campaign() + " is active and has sent nothing for 24 hours or more."),
        alert("OutreachCampaignNotSending", "warning", f'{SENDING}{{state!~"{GOES_ON}"}}\nand {active()}', "1h",
              "An active campaign stands still within its schedule until somebody mends what stops it.",
              campaign() + " does not send: {{ $labels.state }}."),
        alert("OutreachCampaignFailed", "warning", status("error"), "10m",
              "The provider stopped a campaign because of an error.", campaign() + " is in error."),
        alert("OutreachCampaignSuspended", "critical", status("account_suspended", "accounts_unhealthy"), "10m",
              "The provider does not let a campaign send because of its account or its mailboxes.",
              campaign() + " is stopped: {{ $labels.status }}."),
        alert("OutreachCampaignBounceProtected", "critical", status("bounce_protect"), "10m",
              "The provider paused a campaign because too many of its messages bounce.",
              "Bounce protection holds " + campaign("campaign") + "."),
        alert("OutreachCampaignVanished", "warning", vanished(), "",
              "An active campaign is gone from the provider's listing.",
              campaign(listed=False) + " was active and is no longer listed: deleted, moved to another workspace, or filtered out.",
              {"campaign": campaign_name(listed=False)}),
    ]


def leads():
    """Leads that run out, of campaigns that nobody refills as a matter of course."""
    def alert(name, severity, expression, threshold, summary, description):
        return Alert(name, [(severity, f"{expression}\nand {active()}\nand {known()}\nunless on ({CAMPAIGN_KEY}) {REFILLED}", "1h", threshold)], "deliverability",
                     summary, description, CAMPAIGN_PAGE, annotations=NAME)
    return [
        alert("OutreachLeadsRunningOut", "warning", f"{RUNWAY} < {RUNWAY_DAYS} and {REMAINING} > 0", f"{RUNWAY_DAYS} working days",
              "A campaign will soon have nobody left to contact.",
              campaign() + " has leads for {{ $value | printf \"%.1f\" }} more working days at the pace of the last week."),
        alert("OutreachLeadsRanOut", "info", f"{REMAINING} == 0 and {increase('campaign', CONTACTED, '7d')} > 0", "",
              "A campaign has contacted all of its leads.",
              campaign() + " has nobody left to contact. It still sends follow-ups."),
    ]


def plan():
    """A plan that soon allows no more of something."""
    return Alert("OutreachPlanNearlyUsedUp", [("warning", f"{PLAN} >= {PLAN_USED}", "1h", percent(PLAN_USED))], "deliverability",
                 "An account has used nearly all that its plan allows; beyond the limit the provider takes no more.",
                 ACCOUNT + " uses {{ $value | humanizePercentage }} of the {{ $labels.resource }} that its plan allows.", ACCOUNT_PAGE)


def alerts():
    """All of them."""
    return [*reputation(), drought(), falling(), *interruptions(), *leads(), plan()]
