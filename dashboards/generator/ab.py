# SPDX-License-Identifier: Apache-2.0
"""Variants side by side, with what chance alone may do. The comparison itself is recorded: see `rules.variant_group`."""

from . import thresholds
from .campaign import step_share, step_total
from .dashboard import account_variables, campaign_variable, choice, dashboard, query_variable
from .panels import dashed, mapping, series, stat, target
from .query import CAMPAIGN, select
from .rules import variants
from .tables import label, number, table

STEP = "sequence, step, variant"
VERDICTS = mapping({3: ("better than A", "green"), 2: ("better than A", "green"), 1: ("no difference", "blue"),
                    0: ("not enough messages", "orange"), -1: ("worse than A", "red"), -2: ("worse than A", "red")})


def recorded(operation, **matchers):
    """A recorded comparison of the chosen outcome."""
    return select(variants("${outcome}", operation), CAMPAIGN, **matchers)


def difference(**matchers):
    """A variant's share less that of variant A."""
    return f"max by ({STEP}) ({recorded('difference', **matchers)})"


def bound(sign, **matchers):
    """An end of the difference's 95 % interval."""
    return (f"max by ({STEP}) ({recorded('difference', **matchers)} {sign} "
            f"1.96 * {recorded('difference_error', **matchers)})")


def collected(**matchers):
    """The messages there are as a share of those it takes to see the chosen effect four times out of five.

    Lehr's rule: 16 p (1 - p) / d² messages per variant, where d, here p times the effect, is to be seen.
    """
    control = f"max by (sequence, step) ({recorded('ratio_adjusted', variant='A')})"
    fewest = f"min by (sequence, step) ({step_total('messages_sent', **matchers)})"
    return (f"{difference(**matchers)} * 0 + on (sequence, step) group_left () "
            f"clamp_max({fewest} / (16 * (1 - {control}) / ({control} * $effect ^ 2)), 1)")


def verdict(**matchers):
    """±2 where the interval leaves out zero; else 1 where there are messages enough, 0 where there are not."""
    return (f"2 * (({bound('-', **matchers)} > bool 0) - ({bound('+', **matchers)} < bool 0)) "
            f"+ (({collected(**matchers)}) >= bool 1)")


def variables():
    """Which campaign and step, what counts as an answer, and what effect is worth knowing."""
    answered = 'outreach_step_messages_${outcome}_total{variant="B"}'
    return account_variables() + [
        choice("outcome", "Answer", {"Reply": "replied", "Click": "clicked", "Open": "opened"}, "Reply"),
        campaign_variable(f" and on (job, instance, provider, account, campaign) {answered}"),
        query_variable("step", "Step", f"label_values({select('outreach_step_messages_sent_total', CAMPAIGN, variant='B')}, step)",
                       multi=False),
        choice("effect", "Effect worth knowing", {"10 %": "0.1", "20 %": "0.2", "30 %": "0.3", "50 %": "0.5"}, "30 %"),
    ]


def verdicts():
    """The answer for the chosen step."""
    step = {"step": "$step"}
    return [
        stat("Step $step: compared with A",
             "Better or worse: the 95 % interval of the difference leaves out zero. No difference: there are messages enough "
             "to see the chosen effect, and none shows. Not enough messages: wait.",
             verdict(**step), mappings=[VERDICTS], legend="{{variant}}"),
        stat("Difference at least", "The lower end of the 95 % interval of the difference to variant A, in percentage points.",
             bound("-", **step), "percentunit", decimals=2, legend="{{variant}}"),
        stat("Difference", "The variant's share of answered messages less that of variant A, in percentage points.",
             difference(**step), "percentunit", decimals=2, legend="{{variant}}"),
        stat("Difference at most", "The upper end of the 95 % interval of the difference to variant A, in percentage points.",
             bound("+", **step), "percentunit", decimals=2, legend="{{variant}}"),
        stat("Messages collected", "Messages there are as a share of those it takes to see the chosen effect four times out of "
             "five.", collected(**step), "percentunit", thresholds.steps("orange", (1, "green")), 0, legend="{{variant}}"),
    ]


def comparison():
    """Every step's variants."""
    return table(
        "Steps and variants",
        "Over all messages since the campaign began, each lead counted once. Difference: to variant A of the same step, in "
        "percentage points, with its 95 % interval. Collected: messages there are of those it takes to see the chosen effect.",
        [label("sequence", "Sequence"), label("step", "Step"), label("variant", "Variant"),
         number("Sent", step_total("messages_sent"), decimals=0),
         number("Answers", step_total("messages_${outcome}"), decimals=0),
         number("Answered", step_share("messages_${outcome}"), "percentunit", decimals=2),
         number("Difference", difference(), "percentunit", decimals=2),
         number("from", bound("-"), "percentunit", decimals=2), number("to", bound("+"), "percentunit", decimals=2),
         number("Collected", collected(), "percentunit", decimals=0, gauge=True),
         number("Verdict", verdict(), mappings=(VERDICTS,))],
        "Sequence", "Step", "Variant")


def history():
    """How the answer came about."""
    known = f"and max by ({STEP}) ({recorded('difference_error', step='$step')}) < 0.1"
    return [
        series("Step $step: difference to A", "The difference to variant A and its 95 % interval, over all messages up to then, as "
               "soon as it is known to twenty points. The verdict falls when the interval leaves zero.",
               [target(f"{bound('+', step='$step')} {known}", "{{variant}}: at most"),
                target(f"{difference(step='$step')} {known}", "{{variant}}"),
                target(f"{bound('-', step='$step')} {known}", "{{variant}}: at least")],
               "percentunit", thresholds.steps("transparent", (0, "text")), decimals=2, bounds=(None, None), fill=0,
               overrides=[dashed("/: at (least|most)$/")]),
        series("Step $step: answered", "Share of a variant's messages answered, over all messages up to then.",
               [target(step_share("messages_${outcome}", step="$step"), "{{variant}}")], "percentunit", decimals=2,
               bounds=(None, None), fill=0),
    ]


def build():
    """The dashboard."""
    return dashboard("ab", "A/B", "Which variant of a step wins, and do we know it yet?", variables(),
                     [(4, [(8, verdicts()[0]), *((4, panel) for panel in verdicts()[1:])]), (10, [comparison()]), (9, history())])
