# SPDX-License-Identifier: Apache-2.0
"""What a result costs: the account's cost of the last four weeks by what came of it in them."""

from .identity import COST, UP
from .query import ACCOUNT_KEY
from .recording import ago, increase
from .windows import SENT

WEEKS = 4
MONTH = 365.25 / 12
WEEKS_KNOWN = "account:outreach_weeks_known:count"
INTERESTED, MEETINGS = "leads_interested", "meetings_booked"
# Each result's name, its measure, and how many of it are counted as one.
RESULTS = {"thousand_messages": (SENT, 1000), "interested_lead": (INTERESTED, 1), "meeting": (MEETINGS, 1)}


def cost(result):
    """The name of what a result costs, in the account's currency."""
    return f"account:outreach_cost_per_{result}:ratio28d"


def four_weeks(measure):
    """The name of what happened in the last four weeks, or in those of them in which the account was known throughout."""
    return increase("account", measure, "28d")


def known(weeks):
    """1 for accounts that were known so many weeks ago, 0 for others."""
    return f"(({ago(UP, 7 * weeks)} >= bool 0) or {UP} * 0)"


def happened(measure):
    """The sum of the weeks that are known as a whole; the last of them at least."""
    weekly = increase("account", measure, "7d")

    def week(number):
        return f"({ago(weekly, 7 * number)} and on ({ACCOUNT_KEY}) {known(number + 1)} == 1)"
    return week(0) + "".join(f"\n+ ({week(number)} or {weekly} * 0)" for number in range(1, WEEKS))


def group():
    """Costs of accounts whose cost the configuration names."""
    rules = [(WEEKS_KNOWN, "\n+ ".join(known(week) for week in range(1, WEEKS + 1)))]
    for result, (measure, unit) in RESULTS.items():
        rules += [(four_weeks(measure), happened(measure)),
                  (cost(result), f"{COST}\n* on ({ACCOUNT_KEY}) group_left () (\n"
                                 f"  {unit * 7 / MONTH:.6g} * {WEEKS_KNOWN} / ({four_weeks(measure)} > 0)\n)")]
    return "outreach-costs", "4m", rules
