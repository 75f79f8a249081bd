# SPDX-License-Identifier: Apache-2.0
"""The rules that can matter to a case of the unit tests.

promtool evaluates every rule at every step, and most rules have no input in a case of a few series. A rule is left out if,
whatever the values, its expression produces nothing from the case's series; and a recording rule also if nothing that is left
and no expectation reads it. What the case proves stays the same: an alert that is left out cannot fire.
"""

import functools
import re

import promql_parser
from promql_parser import BinaryExpr, Call, MatrixSelector, NumberLiteral, StringLiteral, VectorSelector

# Functions that produce something from nothing.
FROM_NOTHING = {"absent", "absent_over_time", "vector", "time", "scalar"}


def produces(expression, known):
    """Whether an expression can produce anything if only metrics of these names exist."""
    if isinstance(expression, VectorSelector):
        return exists(expression, known)
    if isinstance(expression, MatrixSelector):
        return exists(expression.vector_selector, known)
    if isinstance(expression, (NumberLiteral, StringLiteral)):
        return True
    if isinstance(expression, Call):
        return expression.func.name in FROM_NOTHING or all(produces(argument, known) for argument in expression.args)
    if isinstance(expression, BinaryExpr):
        left = produces(expression.lhs, known)
        if str(expression.op) == "unless":
            return left
        right = produces(expression.rhs, known)
        return left or right if str(expression.op) == "or" else left and right
    # Aggregations, subqueries, signs and parentheses.
    return produces(expression.expr, known)


def exists(selector, known):
    """Whether a selector can find a metric; one without a name can find any."""
    return selector.name is None or selector.name in known or selector.name == "ALERTS"


parsed = functools.cache(promql_parser.parse)


def productive(rules, case):
    """The rules that can produce something from the series of a case."""
    known, found = {re.match(r"[\w:]+", series["series"])[0] for series in case["input_series"]}, []
    while new := [rule for rule in rules if rule not in found and produces(parsed(rule["expr"]), known)]:
        found += new
        known |= {rule["record"] for rule in new if "record" in rule}
    return found


def text(rule):
    """Everything in a rule that can name a recorded series."""
    return "\n".join([rule["expr"], *rule.get("annotations", {}).values()])


def read(rules, expectations):
    """The alerts, and the recording rules that alerts or expectations read, directly or not."""
    kept = [rule for rule in rules if "alert" in rule]
    texts = [*expectations, *map(text, kept)]
    while new := [rule for rule in rules if rule not in kept and mentioned(rule["record"], texts)]:
        kept += new
        texts = list(map(text, new))
    return kept


def mentioned(name, texts):
    """Whether a recorded series is read in a text."""
    return any(re.search(rf"(?<![\w:]){name}(?![\w:])", one) for one in texts)


def relevant(groups, case):
    """The groups with only those rules that can matter to a case, in their order."""
    rules = [rule for group in groups for rule in group["rules"]]
    kept = read(productive(rules, case), [moment["expr"] for moment in case.get("promql_expr_test", [])])
    chosen = [group | {"rules": [rule for rule in group["rules"] if rule in kept]} for group in groups]
    return [group for group in chosen if group["rules"]]
