# SPDX-License-Identifier: Apache-2.0
"""Variants against variant A of their step, with an interval that stays true however often somebody looks.

Counted is what happened since both were seen: what A did before a variant was added says nothing about that variant. A
variant that sends nothing for three days keeps its last comparison. The interval is the normal mixture's confidence sequence
(Robbins 1970; Johari, Koomen, Pekelis, Walsh, *Operations Research* 70, 2022), its level divided by the campaign's comparisons.
"""

from .query import CAMPAIGN_KEY, STEP_KEY, VARIANT_KEY
from .recording import ago
from .settings import FALSE_VERDICTS, TUNED_EFFECT, VARIANT_MESSAGES

OUTCOMES = ["opened", "clicked", "replied"]
SENT = "messages_sent"
COMPARISONS = "campaign:outreach_variant_comparisons:count"
RUNNING = "step:outreach_step_variant_compared:group"
# Verdicts take weeks: they need not be new every four minutes, and cost the most. Who reads them looks back over two evaluations.
INTERVAL, NEWEST = "10m", "20m"


def remembered(name):
    """What a rule recorded last, also before a weekend in which Prometheus was down; three short looks cost a third of one every six hours."""
    return f"(last_over_time({name}[1h]) or {ago(name, 1)} or {ago(name, 3)})"


def comparison(outcome, operation):
    """The name of a recorded comparison of a step's variants."""
    return f"step:outreach_{outcome}_per_sent:{operation}"


def at_start(measure, role):
    """The name of a total when the comparison began, of the variant or of variant A."""
    return f"step:outreach_step_{measure}:{role}_at_start"


def total(measure, role):
    """The name of a total of every variant but A, or that of A at each of them."""
    return f"step:outreach_step_{measure}:{role}"


def told(measure, role):
    """A total of every variant but A, or that of A at each of them, as exporters tell it."""
    metric = f"outreach_step_{measure}_total"
    if role == "variant":
        return f'max by ({VARIANT_KEY}) ({metric}{{variant!="A"}})'
    return f'0 * {total(SENT, "variant")}\n+ on ({STEP_KEY}) group_left () max by ({STEP_KEY}) ({metric}{{variant="A"}})'


def start(measure, role):
    """Remembers a total as it was when both variants were first seen, or when it began again."""
    name, now = at_start(measure, role), total(measure, role)
    if role == "variant":
        now = f"({now} and {total(SENT, 'control')})"
    return name, f"(\n  {remembered(name)}\n  <=\n  {now}\n)\nor\n{now}"


def common(measure, role):
    """The name of what happened since both variants were seen."""
    return f"step:outreach_step_{measure}:{role}_since_start"


def share(outcome, role, count=common):
    """A share for which a few answers are no certainty: Agresti and Caffo's (x + 1) / (n + 2)."""
    return f"(({count(f'messages_{outcome}', role)} + 1) / ({count(SENT, role)} + 2))"


def variance(outcome, count=common):
    """The variance of the difference of two shares."""
    def of(answered, sent):
        """p · (1 - p) / n of such a share, its terms multiplied out: PromQL matches series at every operator."""
        return f"({answered} + 1) * ({sent} + 1 - {answered}) / ({sent} + 2) ^ 3"
    return " + ".join(of(count(f"messages_{outcome}", role), count(SENT, role)) for role in ["variant", "control"])


def radius(error, comparisons):
    """Half of the confidence sequence: the difference leaves it once in twenty campaigns, ever."""
    square = TUNED_EFFECT ** 2
    return (f"{error} * sqrt(\n  (1 + {error} ^ 2 / {square:g})\n"
            f"  * (2 * ln({comparisons} / {FALSE_VERDICTS}) + ln(1 + {square:g} / {error} ^ 2))\n)")


def running():
    """Variants that sent enough to be compared, and something within three days."""
    sent = total(SENT, "variant")
    enough = " and ".join(f"{common(SENT, role)} >= {VARIANT_MESSAGES}" for role in ["variant", "control"])
    return RUNNING, f"group by ({VARIANT_KEY}) (\n  {enough}\n  unless {sent} <= {ago(sent, 3)}\n)"


def while_running(name, expression):
    """A comparison, and its last value once the variant sends no more."""
    return name, f"(\n  {expression}\n  and {RUNNING}\n)\nor\n(\n  {remembered(name)} and {total(SENT, 'variant')}\n)"


def group():
    """Every variant but A, at its step's variant A."""
    counted = [(measure, role) for measure in [SENT] + [f"messages_{outcome}" for outcome in OUTCOMES]
               for role in ["variant", "control"]]
    rules = [(total(*one), told(*one)) for one in counted]
    rules += [start(*one) for one in counted]
    rules += [(common(*one), f"{total(*one)} - {at_start(*one)}") for one in counted]
    rules += [running(), (COMPARISONS, f"count by ({CAMPAIGN_KEY}) ({at_start(SENT, 'control')})")]
    for outcome in OUTCOMES:
        error = comparison(outcome, "difference_error")
        everywhere = f"(0 * {error} + on ({CAMPAIGN_KEY}) group_left () {COMPARISONS})"
        rules += [
            while_running(comparison(outcome, "difference"), f"{share(outcome, 'variant')} - {share(outcome, 'control')}"),
            while_running(error, f"sqrt({variance(outcome)})"),
            (comparison(outcome, "difference_radius"), radius(error, everywhere)),
        ]
    return "outreach-variants", INTERVAL, rules
