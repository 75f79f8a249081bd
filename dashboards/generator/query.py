# SPDX-License-Identifier: Apache-2.0
"""PromQL as the dashboards write it: every selector filtered by the variables."""

JOB = 'job=~"$job", instance=~"$instance"'
ACCOUNT = f'{JOB}, provider=~"$provider", account=~"$account"'
CAMPAIGN = f'{ACCOUNT}, campaign=~"$campaign"'

# What tells one campaign of a whole monitoring system from another, and what a reader sees of it.
CAMPAIGN_KEY = "job, instance, provider, account, campaign"


def select(metric, scope=ACCOUNT, **matchers):
    """A selector of a metric: `select("up", JOB)`; `status__re="a|b"` matches a regular expression, `__not` negates."""
    operators = {"re": "=~", "not": "!=", "not_re": "!~"}
    parts = [scope]
    for key, value in matchers.items():
        label, _, operator = key.partition("__")
        parts.append(f'{label}{operators.get(operator, "=")}"{value}"')
    return f"{metric}{{{', '.join(parts)}}}"


def named(expression, scope=ACCOUNT):
    """Joins the campaign's name onto series that carry the campaign's identity."""
    return (f"{expression} * on ({CAMPAIGN_KEY}) group_left (name) "
            f"{select('campaign:outreach_campaign_info:last10m', scope)}")
