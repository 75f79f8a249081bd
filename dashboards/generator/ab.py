# SPDX-License-Identifier: Apache-2.0
"""Variants side by side, with what chance alone may do. The comparison itself is recorded: see `variants`."""

from . import thresholds
from .campaign import step_share, step_total
from .dashboard import account_variables, campaign_variable, choice, dashboard, query_variable
from .panels import dashed, mapping, series, stat, target
from .query import CAMPAIGN, CAMPAIGN_KEY, select
from .tables import label, number, table
from .variants import NEWEST, comparison as comparison_name

STEP = "sequence, step, variant"
VERDICTS = mapping({3: ("better than A", "green"), 2: ("better than A", "green"), 1: ("no difference", "blue"),
                    0: ("not known yet", "orange"), -1: ("worse than A", "red"), -2: ("worse than A", "red")})


def recorded(operation, **matchers):
    """A recorded comparison of the chosen outcome."""
    return f"last_over_time({select(comparison_name('${outcome}', operation), CAMPAIGN, **matchers)}[{NEWEST}])"


def difference(**matchers):
    """A variant's share less that of variant A."""
    return f"max by ({STEP}) ({recorded('difference', **matchers)})"


def radius(**matchers):
    """Half of the interval of the difference."""
    return f"max by ({STEP}) ({recorded('difference_radius', **matchers)})"


def bound(sign, **matchers):
    """An end of the difference's interval."""
    return f"({difference(**matchers)} {sign} {radius(**matchers)})"


def worthwhile(**matchers):
    """The difference worth knowing: a share of what variant A achieves."""
    control = f"max by (sequence, step) ({step_share('messages_${outcome}', variant='A', **matchers)})"
    return f"({difference(**matchers)} * 0 + on (sequence, step) group_left () {control} * $effect)"


def collected(**matchers):
    """How far the interval has narrowed to the difference worth knowing: at 1 it is no wider to either side.

    It narrows with the root of the messages, so that this is the share of the messages that it takes.
    """
    return f"clamp_max(({worthwhile(**matchers)} / {radius(**matchers)}) ^ 2, 1)"


def missing(**matchers):
    """Messages of the variant until the interval would leave out zero, if the difference stays as it is."""
    sent = f"{step_total('messages_sent', variant__not='A', **matchers)}"
    return f"clamp_min({sent} * (({radius(**matchers)} / {difference(**matchers)}) ^ 2 - 1), 0) < 1e7"


def loss(**matchers):
    """What choosing the variant costs on average, in answers per message, if it is worse than it looks.

    The mean of max(0, A - variant) of a normal distribution; its cumulative distribution by a logistic curve, within 0.0002.
    """
    error = f"max by ({STEP}) ({recorded('difference_error', **matchers)})"
    score = f"({difference(**matchers)} / {error})"
    return (f"clamp_min({error} * exp(-({score} ^ 2) / 2) / 2.5066 - {difference(**matchers)} / "
            f"(1 + exp(1.5976 * {score} + 0.07056 * {score} ^ 3)), 0)")


def verdict(**matchers):
    """±2 where the interval leaves out zero; else 1 where it leaves out the difference worth knowing, 0 where it does not."""
    lower, upper = bound("-", **matchers), bound("+", **matchers)
    return (f"2 * (({lower} > bool 0) - ({upper} < bool 0)) + ({lower} > bool -1 * {worthwhile(**matchers)}) "
            f"* ({upper} < bool {worthwhile(**matchers)})")


def variables():
    """Which campaign and step, what counts as an answer, and what effect is worth knowing."""
    answered = 'outreach_step_messages_${outcome}_total{variant="B"}'
    return account_variables(multi=False) + [
        choice("outcome", "Answer", {"Reply": "replied", "Click": "clicked", "Open": "opened"}, "Reply"),
        campaign_variable(f" and on ({CAMPAIGN_KEY}) {answered}"),
        query_variable("step", "Step", f"label_values({select('outreach_step_messages_sent_total', CAMPAIGN, variant='B')}, step)",
                       multi=False),
        choice("effect", "Effect worth knowing", {"10 %": "0.1", "20 %": "0.2", "30 %": "0.3", "50 %": "0.5"}, "30 %"),
    ]


def verdicts():
    """The answer for the chosen step."""
    step = {"step": "$step"}
    return [
        stat("Step $step: compared with A",
             "Better or worse: the interval of the difference leaves out zero. No difference: it leaves out the difference worth "
             "knowing. It may be looked at every day: without a difference, at most one campaign in twenty ever shows one.",
             verdict(**step), mappings=[VERDICTS], legend="{{variant}}"),
        stat("Difference at least", "The lower end of the interval of the difference to variant A, in percentage points.",
             bound("-", **step), "percentunit", decimals=2, legend="{{variant}}"),
        stat("Difference", "The variant's share of answered messages less that of variant A, in percentage points.",
             difference(**step), "percentunit", decimals=2, legend="{{variant}}"),
        stat("Difference at most", "The upper end of the interval of the difference to variant A, in percentage points.",
             bound("+", **step), "percentunit", decimals=2, legend="{{variant}}"),
        stat("Messages until known", "Messages that the variant has yet to send until the verdict, if the difference stays as it is.",
             missing(**step), decimals=0, legend="{{variant}}"),
    ]


def comparison():
    """Every step's variants."""
    return table(
        "Steps and variants",
        "Sent and answers since the campaign began, each lead counted once. Difference: to variant A of the same step, in percentage "
        "points, over the time in which both ran, with its interval. Collected: messages there are of those it takes to know the "
        "chosen effect. Loss: what choosing the variant costs on average, if it is worse than it looks.",
        [label("sequence", "Sequence"), label("step", "Step"), label("variant", "Variant"),
         number("Sent", step_total("messages_sent"), decimals=0),
         number("Answers", step_total("messages_${outcome}"), decimals=0),
         number("Answered", step_share("messages_${outcome}"), "percentunit", decimals=2),
         number("Difference", difference(), "percentunit", decimals=2),
         number("from", bound("-"), "percentunit", decimals=2), number("to", bound("+"), "percentunit", decimals=2),
         number("Collected", collected(), "percentunit", decimals=0, gauge=True),
         number("Messages until known", missing(), decimals=0), number("Loss", loss(), "percentunit", decimals=2),
         number("Verdict", verdict(), mappings=(VERDICTS,))],
        "Sequence", "Step", "Variant")


def history():
    """How the answer came about."""
    known = f"and max by ({STEP}) ({recorded('difference_error', step='$step')}) < 0.1"
    return [
        series("Step $step: difference to A", "The difference to variant A and its interval, over the time in which both ran, as "
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
