# SPDX-License-Identifier: Apache-2.0
"""Verdicts on bounces, unsubscribes and replies that chance and the calendar cannot explain."""

from math import exp

from .identity import UP, last, total
from .query import ACCOUNT_KEY
from .recording import ago, increase, lower_bound, recorded
from .settings import BUSY, COMPARABLE, CONFIDENCE, DROUGHT, EVENTS, REACTION_DELAY, REPLIES_COMPARABLE, REPLIES_USUAL, REPLY_DELAY
from .windows import SENT

EXPECTED_ALONE = "account:outreach_replies_expected_alone:increase2d"
USUAL = "fleet:outreach_replies_per_expected:median"
EXPECTED = "account:outreach_replies_expected:increase2d"
REPLIED = "account:outreach_replies_per_expected:ratio"
IMPROBABILITY = "account:outreach_replies_per_expected:deviation"
WEEK_EXPECTED = "account:outreach_replies_expected:increase7d"
WEEK_REPLIED = "account:outreach_replies_per_expected:ratio7d"
WEEK_IMPROBABILITY = "account:outreach_replies_per_expected:deviation7d"
SILENT = "fleet:outreach_accounts_silent:ratio"
DUE = "account:outreach_campaign_messages_sent:due2d"


def due_shares(window, delay, days):
    """The shares of each day's messages, today's first, whose reactions fall into a window of days that ends now.

    Delays are distributed exponentially, messages evenly over their day: the integral of F(u) - F(u - window).
    """
    def integral(u):
        return u + delay * exp(-u / delay)

    def share(day):
        whole = integral(day + 1) - integral(day)
        early = integral(max(day + 1 - window, 0)) - integral(max(day - window, 0))
        return round(whole - early, 3)
    return [share(day) for day in range(days)]


def days_ago(level, day):
    """What a level sent in 24 hours, some days ago."""
    return ago(increase(level, SENT, "1d"), day)


def due(level, shares):
    """Messages whose reactions are due now; days that are not known are empty."""
    days = [f"({days_ago(level, day)} or {days_ago(level, 0)} * 0)" if day else days_ago(level, 0) for day in range(len(shares))]
    return "\n+ ".join(f"{share} * {messages}" for share, messages in zip(shares, days))


def due_of_listed(shares):
    """Messages of an account's listed campaigns whose replies are due now; no series where a day of the account is not known."""
    known = "".join(f"\nand {days_ago('account', day)}" for day in range(1, len(shares)))
    messages = due("campaign", shares).replace("\n", "\n  ")
    return f"sum by ({ACCOUNT_KEY}) (\n  (\n  {messages}\n  )\n  and {total(SENT)}\n){known}"


def larger(left, right):
    """The larger of two series, and the right one where there is no left one. The right one is evaluated twice."""
    return f"(\n  {left}\n  >\n  {right}\n)\nor\n{right}"


def covering(level, window):
    """The name of the messages that a window's bounces and unsubscribes can belong to."""
    return recorded(level, SENT, f"covering{window}")


def busiest(level):
    """The name of the most messages that a day of the last week covered."""
    return recorded(level, SENT, "busiest7d")


def covered(level):
    """The messages that the reactions of a window belong to, at least: whether they come at once or late.

    Divided by the messages of the same day, the late bounces of Friday would be a catastrophe on Saturday.
    """
    late = due(level, due_shares(1, REACTION_DELAY, 7)).replace("\n", "\n  ")
    day, week = (increase(level, SENT, window) for window in ["1d", "7d"])
    return [(covering(level, "1d"), larger(f"(\n  {late}\n  )", day)), (covering(level, "7d"), larger(ago(week, 2), week)),
            (busiest(level), f"max_over_time({covering(level, '1d')}[7d])")]


def wilson(events, trials):
    """The lower end of Wilson's interval of a share."""
    square = CONFIDENCE ** 2
    return (f"clamp_max((\n    {events} + {square / 2}\n    - {CONFIDENCE} * sqrt({events} * clamp_min({trials} - {events}, 0) / {trials} + {square / 4})\n"
            f"  ) / ({trials} + {square}), 1)\n  and {events} > {EVENTS - 0.1}")


def bound(level, outcome, measure):
    """The share over a day that can be said with confidence; over a week where no day of it was busy."""
    day, week = (wilson(increase(level, measure, window), covering(level, window)) for window in ["1d", "7d"])
    either = f"(\n  {day}\n)\nor\n(\n  {week}\n  unless {busiest(level)} >= {BUSY}\n)"
    return lower_bound(level, outcome), either


def weeks_before(name):
    """The sum of a series at this time of the four weeks before, of those for which the due messages are known."""
    def week(number):
        return ago(name, 7 * number) + (f" and {ago(DUE, 7 * number)}" if name != DUE else "")
    return f"(({week(1)})" + "".join(f" + (({week(number)}) or ({week(1)}) * 0)" for number in range(2, 5)) + ")"


def deviation(expected, seen, known):
    """How improbable so few replies are by chance, in standard deviations.

    The tail of Poisson's distribution (Wilson and Hilferty), less what the expectation itself is uncertain by: it is known from so
    many replies.
    """
    return (f"(\n  ({expected} / ({seen} + 1)) ^ (1 / 3) - 1 + 1 / (9 * ({seen} + 1))\n)\n"
            f"* 3 * sqrt({seen} + 1)\n/ sqrt(1 + {expected} / ({known} > 0))")


def week_over_week():
    """Replies of a week against those of the week before, at the same replies per message, between weeks of like size."""
    replies, sent = increase("account", "leads_replied", "7d"), increase("account", SENT, "7d")
    replies_before, sent_before = (ago(name, 7) for name in [replies, sent])
    return [
        (WEEK_EXPECTED, f"{replies_before}\n* {sent}\n/ ({sent_before} > 0)\nand 2 * {sent} >= {sent_before}\nand {sent} <= 2 * {sent_before}"),
        (WEEK_REPLIED, f"{replies}\n/\n({WEEK_EXPECTED} > 0)"),
        (WEEK_IMPROBABILITY, deviation(WEEK_EXPECTED, replies, replies_before)),
    ]


def drought():
    """Replies of two days against those that the messages of the days before let expect.

    How many of the messages due are usually replied to is known from the same two days of the four weeks before, so that
    weekends, ramps and holidays without messages make no drought. A campaign that is no longer listed counts on neither side.

    Where most accounts get fewer replies than that, as after a public holiday, less is expected of each, but not much less:
    a loss that they all have is one too.
    """
    replies = increase("account", "leads_replied", "2d")
    before = weeks_before(replies)
    sent = increase("account", SENT, "2d")
    return [
        (DUE, due_of_listed(due_shares(2, REPLY_DELAY, 8))),
        (EXPECTED_ALONE, f"{DUE}\n* {before}\n/ ({weeks_before(DUE)} > 0)\n"
                         f"and 2 * {sent} >= {ago(sent, 7)}"),
        (USUAL, f"quantile(0.5, {replies} / ({EXPECTED_ALONE} >= {REPLIES_COMPARABLE}))\n"
                f"and count({EXPECTED_ALONE} >= {REPLIES_COMPARABLE}) >= {COMPARABLE}"),
        (EXPECTED, f"{EXPECTED_ALONE} * on () group_left () clamp_min({USUAL} < {DROUGHT[0][0]}, {REPLIES_USUAL})\nor\n{EXPECTED_ALONE}"),
        (REPLIED, f"{replies}\n/\n({EXPECTED} > 0)"),
        (IMPROBABILITY, deviation(EXPECTED, replies, before)),
    ]


def silent():
    """The share of the accounts that sent a week ago at this time and have sent nothing for a day; none where they are few."""
    sent = increase("account", SENT, "1d")
    before = f"{ago(sent, 7)} > 0"
    return [(SILENT, f"sum(({sent} == bool 0) and {before})\n/ (count({before}) >= {COMPARABLE})")]


def group():
    """What the alerts compare with their thresholds."""
    rules = []
    for level in ["campaign", "account"]:
        rules += covered(level)
        rules += [bound(level, "bounced", "messages_bounced"), bound(level, "unsubscribed", "leads_unsubscribed")]
    return "outreach-verdicts", "4m", rules + silent() + drought() + week_over_week()
