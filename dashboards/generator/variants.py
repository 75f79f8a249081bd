# SPDX-License-Identifier: Apache-2.0
"""Variants against variant A of their step, with an interval that stays true however often somebody looks.

Counted is what happened since both were seen: what A did before a variant was added says nothing about that variant. A
variant that sends nothing for three days keeps its last comparison. The interval is the normal mixture's confidence sequence
(Robbins 1970; Johari, Koomen, Pekelis, Walsh, *Operations Research* 70, 2022), its level divided by the campaign's comparisons.
"""

from .query import CAMPAIGN_KEY, STEP_KEY, VARIANT_KEY
from .settings import FALSE_VERDICTS, MEMORY, TUNED_EFFECT, VARIANT_MESSAGES

OUTCOMES = ["opened", "clicked", "replied"]
SENT = "messages_sent"
COMPARISONS = "campaign:outreach_variant_comparisons:count"


def remembered(name):
    """What a rule recorded last, also before a weekend in which Prometheus was down: a look every six hours is enough for what hardly changes."""
    return f"(last_over_time({name}[{MEMORY}]) or last_over_time({name}[3d:6h]))"


def comparison(outcome, operation):
    """The name of a recorded comparison of a step's variants."""
    return f"step:outreach_{outcome}_per_sent:{operation}"


def at_start(measure, role):
    """The name of a total when the comparison began, of the variant or of variant A."""
    return f"step:outreach_step_{measure}:{role}_at_start"


def totals(measure, role):
    """A total of every variant but A, or that of A at each of them."""
    metric = f"outreach_step_{measure}_total"
    own = f'max by ({VARIANT_KEY}) ({metric}{{variant!="A"}})'
    if role == "variant":
        return own
    challengers = f'max by ({VARIANT_KEY}) (outreach_step_{SENT}_total{{variant!="A"}})'
    return f'(\n  0 * {challengers}\n  + on ({STEP_KEY}) group_left () max by ({STEP_KEY}) ({metric}{{variant="A"}})\n)'


def start(measure, role):
    """Remembers a total as it was when both variants were first seen, or when it began again."""
    name, now = at_start(measure, role), totals(measure, role)
    if role == "variant":
        now = f'({now} and on ({STEP_KEY}) outreach_step_{SENT}_total{{variant="A"}})'
    return name, f"(\n  {remembered(name)}\n  <=\n  {now}\n)\nor\n{now}"


def common(measure, role):
    """The name of what happened since both variants were seen: the comparisons read it a dozen times."""
    return f"step:outreach_step_{measure}:{role}_since_start"


def share(outcome, role, count=common):
    """A share for which a few answers are no certainty: Agresti and Caffo's (x + 1) / (n + 2)."""
    return f"(({count(f'messages_{outcome}', role)} + 1) / ({count(SENT, role)} + 2))"


def variance(outcome, count=common):
    """The variance of the difference of two shares."""
    return " + ".join(f"{share(outcome, role, count)} * (1 - {share(outcome, role, count)}) / ({count(SENT, role)} + 2)"
                      for role in ["variant", "control"])


def radius(error, comparisons):
    """Half of the confidence sequence: the difference leaves it once in twenty campaigns, ever."""
    square = TUNED_EFFECT ** 2
    return (f"{error} * sqrt(\n  (1 + {error} ^ 2 / {square:g})\n"
            f"  * (2 * ln({comparisons} / {FALSE_VERDICTS}) + ln(1 + {square:g} / {error} ^ 2))\n)")


def while_running(name, expression):
    """A comparison, and its last value once the variant sends no more."""
    now = totals(SENT, "variant")
    before = f'max by ({VARIANT_KEY}) (last_over_time(outreach_step_{SENT}_total{{variant!="A"}}[1h] offset 3d))'
    enough = " and ".join(f"{common(SENT, role)} >= {VARIANT_MESSAGES}" for role in ["variant", "control"])
    return name, (f"(\n  {expression}\n  and ({enough})\n  unless {now} <= {before}\n)\n"
                  f"or\n(\n  {remembered(name)} and {now}\n)")


def group():
    """Every variant but A, at its step's variant A."""
    counted = [(measure, role) for measure in [SENT] + [f"messages_{outcome}" for outcome in OUTCOMES]
               for role in ["variant", "control"]]
    rules = [start(*one) for one in counted]
    rules += [(common(*one), f"{totals(*one)} - {at_start(*one)}") for one in counted]
    rules.append((COMPARISONS, f"count by ({CAMPAIGN_KEY}) ({at_start(SENT, 'control')})"))
    for outcome in OUTCOMES:
        error = comparison(outcome, "difference_error")
        everywhere = f"(0 * {error} + on ({CAMPAIGN_KEY}) group_left () {COMPARISONS})"
        rules += [
            while_running(comparison(outcome, "difference"), f"{share(outcome, 'variant')} - {share(outcome, 'control')}"),
            while_running(error, f"sqrt({variance(outcome)})"),
            (comparison(outcome, "difference_radius"), radius(error, everywhere)),
        ]
    return "outreach-variants", "4m", rules
