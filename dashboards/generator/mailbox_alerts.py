# SPDX-License-Identifier: Apache-2.0
"""Alerts about mailboxes and domains. They stay while nobody can read the mailboxes: see `identity.kept`."""

from .alert import ACCOUNT, MAILBOX_PAGE, SENDER_PAGE, Alert, by_severity, percent
from .query import MAILBOX_KEY
from .recording import increase, lower_bound
from .settings import BOUNCED, CANNOT_SEND, DOMAIN_REPLIED, DOMAIN_SENT, HEALTH_LOSS, LANDED, SPAM, WARMS_UP


def health():
    """A health score that falls. Instantly's score falls to 0 when the warm-up is paused, which says nothing about the mailbox."""
    def average(offset=""):
        return f"max by ({MAILBOX_KEY}) (avg_over_time(outreach_mailbox_health_ratio[6h]{offset}))"
    paused = f'max by ({MAILBOX_KEY}) (max_over_time(outreach_mailbox_warmup_status{{status!~"{WARMS_UP}"}}[6h])) == 1'
    return f"{average(' offset 3d')} - {average()} > {HEALTH_LOSS}\nunless on ({MAILBOX_KEY}) {paused}"


def domains():
    """Sending domains whose reputation suffers, or has suffered."""
    sent, replied = (increase("domain", measure, "7d") for measure in ["messages_sent", "leads_replied"])
    return [
        Alert("OutreachDomainBounceRateHigh", by_severity(f"{lower_bound('domain', 'bounced')} > {{limit}}", BOUNCED), "deliverability",
              "So many messages of a sending domain bounce that mailbox providers start to block it.",
              "With confidence, at least {{ $value | humanizePercentage }} of what {{ $labels.domain }} of " + ACCOUNT
              + " sent lately bounced.", SENDER_PAGE),
        Alert("OutreachDomainRepliesLow", [("warning", f"{replied} / ({sent} >= {DOMAIN_SENT}) < {DOMAIN_REPLIED}", "1d",
                                            percent(DOMAIN_REPLIED))], "deliverability",
              "Hardly anybody replies to a sending domain: its messages probably land in spam.",
              "{{ $value | humanizePercentage }} of what {{ $labels.domain }} of " + ACCOUNT + " sent in 7 days was replied to.",
              SENDER_PAGE),
    ]


def alerts():
    """All of them."""
    spam = f"mailbox:outreach_spam_per_landed:ratio > {{limit}}\nand mailbox:outreach_warmup_messages_landed:sum >= {LANDED}"
    cannot_send = f'mailbox:outreach_mailbox_status:kept{{status=~"{CANNOT_SEND}"}} == 1'

    def alert(name, cases, summary, description):
        return Alert(name, cases, "deliverability", summary, description, MAILBOX_PAGE)
    return [
        alert("OutreachSpamPlacementHigh", by_severity(spam, SPAM, ("30m", "30m")),
              "A mailbox's warm-up messages land in spam, and so do its campaigns' messages.",
              "{{ $value | humanizePercentage }} of the warm-up messages of {{ $labels.mailbox }} in " + ACCOUNT + " land in spam."),
        alert("OutreachMailboxDisconnected", [("warning", cannot_send, "15m", "")], "A mailbox cannot send.",
              "Mailbox {{ $labels.mailbox }} of " + ACCOUNT + " has the status {{ $labels.status }}."),
        alert("OutreachMailboxHealthFalling", [("warning", health(), "1h", percent(HEALTH_LOSS) + " of the scale in three days")],
              "A mailbox is losing its reputation.",
              "The health of mailbox {{ $labels.mailbox }} of " + ACCOUNT + " fell by {{ $value | humanizePercentage }} of the "
              "scale within three days."),
        alert("OutreachDomainCheckFailing", [("warning", "max_over_time(domain:outreach_domain_check_passed:kept[1h]) == 0", "1h", "")],
              "A sending domain fails one of the checks that mailbox providers make.",
              "{{ $labels.domain }} of " + ACCOUNT + " fails the check of {{ $labels.check }}."),
        *domains(),
    ]
