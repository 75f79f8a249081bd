# SPDX-License-Identifier: Apache-2.0
"""The verdicts of A/B tests, simulated with the recorded formula itself: PromQL's arithmetic read as Python's."""

import random
import re
import sys
from math import log as ln, sqrt

import pytest

from harness import DASHBOARDS

sys.path.insert(0, str(DASHBOARDS))
from generator import settings, variants  # noqa: E402

CAMPAIGNS, MESSAGES, LOOK = 2000, 5000, 100


def python(text):
    """PromQL's arithmetic as a compiled expression."""
    return compile(re.sub(r"\s+", " ", text.replace("^", "**")), "formula", "eval")


def name(measure, role):
    """The variable that stands for a count."""
    return f"{role}_{measure}"


DIFFERENCE = python(f"{variants.share('replied', 'variant', name)} - {variants.share('replied', 'control', name)}")
ERROR = python(f"sqrt({variants.variance('replied', name)})")
RADIUS = python(variants.radius("error", "comparisons"))


def verdict(control, variant, sent, comparisons):
    """-1, 0 or 1 after a look at these answers."""
    counts = {"control_messages_sent": sent, "variant_messages_sent": sent, "control_messages_replied": control,
              "variant_messages_replied": variant, "sqrt": sqrt, "ln": ln, "comparisons": comparisons}
    difference, error = eval(DIFFERENCE, counts), eval(ERROR, counts)
    interval = eval(RADIUS, counts | {"error": error})
    return (difference > interval) - (difference < -interval) if sent >= settings.VARIANT_MESSAGES else 0


def answers(generator, share):
    """Answers to the messages between two looks."""
    return generator.binomialvariate(LOOK, share) if hasattr(generator, "binomialvariate") else sum(
        generator.random() < share for _ in range(LOOK))


def first_verdict(generator, shares):
    """The messages per variant and the verdict at the first look at which any variant differs from the first; or none."""
    counts = [0] * len(shares)
    for sent in range(LOOK, MESSAGES + 1, LOOK):
        counts = [count + answers(generator, share) for count, share in zip(counts, shares)]
        for variant in counts[1:]:
            if found := verdict(counts[0], variant, sent, len(shares) - 1):
                return sent, found
    return None


@pytest.mark.parametrize("shares", [[0.03, 0.03], [0.1] * 4], ids=["two variants", "four variants"])
def test_at_most_one_in_twenty_campaigns_without_a_difference_ever_gets_a_verdict(shares):
    generator = random.Random(1)
    found = sum(first_verdict(generator, shares) is not None for _ in range(CAMPAIGNS // (len(shares) // 2)))
    assert found <= settings.FALSE_VERDICTS * CAMPAIGNS // (len(shares) // 2)


def test_a_difference_of_a_third_is_found():
    generator = random.Random(2)
    found = [first_verdict(generator, [0.06, 0.08]) for _ in range(100)]
    needed = sorted(sent for sent, which in filter(None, found) if which > 0)
    assert len(needed) >= 80 and len([one for one in found if one and one[1] < 0]) == 0
    assert needed[len(needed) // 2] <= 3000
