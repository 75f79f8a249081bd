# SPDX-License-Identifier: Apache-2.0
"""What happened per level and window, and the ratios people ask for.

A ratio is never averaged: at every level its numerator and its denominator are summed first.
"""

from .identity import TOTALS, total
from .query import ACCOUNT_KEY
from .recording import grown, increase, ratio

SENT = "messages_sent"
# Which measures each level needs of each window; the ratios of campaigns are those that their tables show.
ACCOUNTS = {"1h": [SENT], "1d": [SENT, "messages_bounced", "leads_replied", "leads_interested", "leads_unsubscribed"],
            "2d": [SENT, "leads_replied"], "7d": [measure for measure in TOTALS if measure != "leads_contacted"]}
CAMPAIGNS = {"1d": [SENT, "messages_bounced", "leads_unsubscribed", "leads_contacted"],
             "7d": [SENT, "messages_bounced", "leads_unsubscribed", "leads_replied", "leads_contacted"]}
# The window whose replies are compared with what the messages let expect: of campaigns that are still listed, since nobody tells of
# replies to the others.
LISTED = "2d"
RATIOS = {"replied": "leads_replied", "bounced": "messages_bounced", "unsubscribed": "leads_unsubscribed"}


def window_group(window):
    """One window at the levels of campaign and account."""
    rules = []
    of_accounts, of_campaigns = ACCOUNTS[window], CAMPAIGNS.get(window, [])
    for measure in TOTALS:
        raw = grown(total(measure), window)
        if window == LISTED:
            raw += f" and {total(measure)}"
        if measure in of_campaigns:
            rules.append((increase("campaign", measure, window), raw))
            raw = increase("campaign", measure, window)
        if measure in of_accounts:
            rules.append((increase("account", measure, window), f"sum by ({ACCOUNT_KEY}) ({raw})"))
    if window == "7d":
        rules += [(ratio("campaign", outcome, window),
                   f"{increase('campaign', measure, window)}\n/\n({increase('campaign', SENT, window)} > 0)")
                  for outcome, measure in RATIOS.items()]
    return f"outreach-{window}", "4m", rules


def groups():
    """All windows."""
    return [window_group(window) for window in ACCOUNTS]
