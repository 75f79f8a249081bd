# SPDX-License-Identifier: Apache-2.0
"""What mailboxes did, rolled up to the sending domain, whose reputation they share, and to the service that hosts them."""

from .identity import held, last, newest
from .query import DOMAIN_KEY, MAILBOX_KEY, identity
from .recording import grown, increase, recorded
from .verdicts import bound, covered
from .windows import SENT

BOUNCED, REPLIED = "messages_bounced", "leads_replied"
TOTALS = [SENT, BOUNCED, REPLIED]
INFO = "mailbox:outreach_mailbox_info:last10m"
# What providers call one host.
HOSTS = {"google": "gmail|google_workspace|gsuite|g_suite|google_oauth", "microsoft": "outlook|office_?365|hotmail|exchange|microsoft_.+"}
LEVELS = {"domain": DOMAIN_KEY, "mailbox_service": identity("provider", "account", "mailbox_service")}


def info():
    """The domain and the service of each mailbox, in one vocabulary; the latest where the service changed."""
    # One per mailbox first: two words for one host would else be the same series twice.
    named = newest(MAILBOX_KEY, identity("provider", "account", "mailbox", "domain", "mailbox_service"), "outreach_mailbox_info")
    for host, names in HOSTS.items():
        named = f'label_replace({named}, "mailbox_service", "{host}", "mailbox_service", "{names}")'
    return INFO, named


def total(measure):
    """The name of a mailbox's total."""
    return recorded("mailbox", measure, "total")


def summed(level, expression):
    """Sums something of each mailbox at a level."""
    return f"sum by ({LEVELS[level]}) (\n  {expression}\n  * on ({MAILBOX_KEY}) group_left ({level}) {INFO}\n)"


def groups():
    """Totals of mailboxes, and what follows from them."""
    rules = []
    for measure in [SENT, BOUNCED]:
        rules.append((increase("domain", measure, "1d"), summed("domain", f"({grown(total(measure), '1d')})")))
    for measure in TOTALS:
        week = increase("mailbox", measure, "7d")
        rules.append((week, grown(total(measure), "7d")))
        rules += [(increase(level, measure, "7d"), summed(level, week)) for level in LEVELS]
    rules += covered("domain") + [bound("domain", "bounced", BOUNCED)]
    totals = [(total(measure), held(total(measure), last(MAILBOX_KEY, f"outreach_mailbox_{measure}_total"))) for measure in TOTALS]
    return [("outreach-mailboxes", "4m", [info(), *totals]), ("outreach-senders", "4m", rules)]
